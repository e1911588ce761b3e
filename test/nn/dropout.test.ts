import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { drawDropoutMask, dropout } from "../../src/nn/dropout.js";

// gradients are registered with an engine
await loadEngine("reference");
await tf.setBackend("cpu");

test("a mask has a 0 where a draw is below the rate and 1 / (1 - rate) elsewhere, one draw for each entry", () => {
  const draws = createRandom("mask");
  const expected = Array.from({ length: 6 }, () => (draws.uniform() < 0.75 ? 0 : 4));
  const random = createRandom("mask");
  expect([...drawDropoutMask(new Float32Array(6), 0.75, random)]).toEqual(expected);
  expect(new Set(expected)).toEqual(new Set([0, 4]));
  expect(random.state()).toEqual(draws.state());
});

test("the share of zeros is the rate, and the mean of a mask 1", () => {
  const mask = drawDropoutMask(new Float32Array(20_000), 0.2, createRandom("share"));
  const zeros = mask.filter((value) => value === 0).length / mask.length;
  // five standard deviations of a share of 20,000 draws
  expect(Math.abs(zeros - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / 20_000));
  expect([...new Set(mask)].sort()).toEqual([0, 1.25]);
});

test("what is left out gets no gradient, the rest as much more as it is scaled up; masks are broadcast", () => {
  const x = tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const mask = tf.tensor2d([[0, 2, 2]]);
  expect(dropout(x, mask).arraySync()).toEqual([
    [0, 4, 6],
    [0, 10, 12],
  ]);
  const slope = tf.grad((value) => tf.sum(dropout(value, tf.tensor2d([[2], [0]]))))(x);
  expect(slope.arraySync()).toEqual([
    [2, 2, 2],
    [0, 0, 0],
  ]);
});

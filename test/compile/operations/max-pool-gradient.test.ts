import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { createRandom } from "../../../src/math/random.js";

const reference = await loadEngine("reference");
const native = await loadEngine("native");

test.each<[string, [number, number], number | [number, number]]>([
  ["side by side, with columns left over", [2, 2], 2],
  ["side by side, wider than high", [1, 3], [1, 3]],
  ["that overlap", [3, 2], 1],
  ["with pixels between", [2, 1], 3],
])("of equal numbers in windows %s the first gets the gradient", async (_, size, strides) => {
  const inputs = { x: { shape: [2, 6, 7, 3] } };
  const fn = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
    y: tf.grad((z) => tf.sum(tf.exp(tf.maxPool(z as tf.Tensor4D, size, strides, "valid"))))(x!),
  });
  const random = createRandom("ties");
  const x = Float32Array.from({ length: 2 * 6 * 7 * 3 }, () => random.integer(2));
  const expected = await (await reference.compile(fn, inputs)).run({ x });
  const actual = await (await native.compile(fn, inputs)).run({ x });
  const [wanted, given] = [expected.y!, actual.y!].map((slopes) =>
    Array.from(slopes, (slope) => Number(slope.toPrecision(5))),
  );
  expect(given).toEqual(wanted);
  // some of the equal ones got nothing
  expect(wanted!.some((slope, k) => slope === 0 && x[k] === 1)).toBe(true);
});

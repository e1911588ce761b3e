import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { adamStep, clipByNorm } from "../../src/nn/adam.js";
import { gaussianEntropy, gaussianLogProb } from "../../src/nn/gaussian.js";
import { initializeParameters, parameterLayout } from "../../src/nn/parameters.js";

await loadEngine("reference");

test("the first Adam step moves each parameter by the learning rate against its gradient's sign", () => {
  const state = {
    parameters: tf.tensor1d([1, 2, 3]),
    firstMoment: tf.zeros([3]) as tf.Tensor1D,
    secondMoment: tf.zeros([3]) as tf.Tensor1D,
    step: tf.scalar(0),
  };
  const next = adamStep(state, tf.tensor1d([0.5, -4, 0]), tf.scalar(0.1), 0);
  const moved = next.parameters.dataSync();
  expect(moved[0]).toBeCloseTo(0.9, 5);
  expect(moved[1]).toBeCloseTo(2.1, 5);
  expect([...next.firstMoment.dataSync()].map((v) => Number(v.toFixed(6)))).toEqual([0.05, -0.4, 0]);
  expect(next.step.dataSync()[0]).toBe(1);
});

test("a gradient is scaled down to the greatest norm and never up", () => {
  const long = clipByNorm(tf.tensor1d([3, 4]), 0.5);
  expect([...long.gradient.dataSync()].map((v) => Number(v.toFixed(5)))).toEqual([0.3, 0.4]);
  expect(long.norm.dataSync()[0]).toBeCloseTo(5, 6);
  const short = clipByNorm(tf.tensor1d([0.03, 0.04]), 0.5);
  expect([...short.gradient.dataSync()].map((v) => Number(v.toFixed(5)))).toEqual([0.03, 0.04]);
});

test("log-probability and entropy of a normal distribution are those of the textbook", () => {
  const actions = tf.tensor2d([
    [0.5, -1],
    [0, 0],
    [1, 2],
  ]);
  const mean = tf.tensor2d([
    [0, 0],
    [0, 0],
    [1, 2],
  ]);
  const logStd = tf.tensor1d([0, Math.log(2)]);
  const half = Math.log(2 * Math.PI) / 2;
  const expected = [
    -0.125 - half - 0.125 - Math.log(2) - half,
    -2 * half - Math.log(2),
    -2 * half - Math.log(2),
  ];
  for (const [k, value] of gaussianLogProb(actions, mean, logStd).dataSync().entries()) {
    expect(value).toBeCloseTo(expected[k]!, 5);
  }
  expect(gaussianEntropy(logStd).dataSync()[0]).toBeCloseTo(1 + 2 * half + Math.log(2), 5);
});

test("orthogonal parameters have orthonormal columns times the gain, whichever side is longer", () => {
  for (const [rows, columns] of [
    [5, 3],
    [3, 5],
  ] as const) {
    const layout = parameterLayout([
      { name: "weight", shape: [rows, columns], initialization: { kind: "orthogonal", gain: 2 } },
      { name: "bias", shape: [columns], initialization: { kind: "constant", value: 0.25 } },
    ]);
    const flat = initializeParameters(layout, createRandom("orthogonal"));
    expect(flat.length).toBe(rows * columns + columns);
    expect([...flat.subarray(rows * columns)]).toEqual(Array(columns).fill(0.25));
    const weight = tf.tensor2d(flat.slice(0, rows * columns), [rows, columns]);
    const product = rows > columns ? tf.matMul(weight, weight, true) : tf.matMul(weight, weight, false, true);
    const size = Math.min(rows, columns);
    for (const [k, value] of product.dataSync().entries()) {
      expect(value).toBeCloseTo(Math.floor(k / size) === k % size ? 4 : 0, 5);
    }
  }
});

import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import {
  type BatchStatistics,
  batchNorm,
  batchNormSpecs,
  groupNorm,
  layerNorm,
  moveStatistics,
  scaleSpecs,
} from "../../src/nn/normalization.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";

await loadEngine("reference");
await tf.setBackend("cpu");

const EPSILON = 1e-5;
const random = createRandom("normalization");
const normals = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random.normal() + 3),
    shape,
  );
const scale = tf.tensor1d([2, -1, 0.5, 3]);
const offset = tf.tensor1d([0, 1, -2, 0.25]);
const parameters = { "n/scale": scale, "n/offset": offset };

/** The definition, differentiated by TensorFlow.js. */
function plain(x: tf.Tensor, axes: number[]): tf.Tensor {
  const mean = tf.mean(x, axes, true);
  const variance = tf.mean(tf.squaredDifference(x, mean), axes, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, EPSILON)));
}

const scaled = (x: tf.Tensor) => tf.add(tf.mul(x, scale), offset);

test("layer normalisation brings each row to mean 0 and variance 1, then scales and moves it", () => {
  // mean 3 and variance 4; mean 10 and variance 0
  const x = tf.tensor2d([
    [1, 5, 1, 5],
    [10, 10, 10, 10],
  ]);
  const one = 2 / Math.sqrt(4 + EPSILON);
  const expected = [-2 * one, -one + 1, -0.5 * one - 2, 3 * one + 0.25, 0, 1, -2, 0.25];
  for (const [k, value] of layerNorm(x, parameters, "n").dataSync().entries())
    expect(value).toBeCloseTo(expected[k]!, 5);
});

const LAYERS: readonly [string, number[], (x: tf.Tensor) => tf.Tensor, (x: tf.Tensor) => tf.Tensor][] = [
  ["layerNorm", [3, 5, 4], (x) => layerNorm(x, parameters, "n"), (x) => scaled(plain(x, [2]))],
  [
    "groupNorm",
    [2, 3, 5, 4],
    (x) => groupNorm(x as tf.Tensor4D, parameters, "n", 2),
    (x) => scaled(tf.reshape(plain(tf.reshape(x, [2, 15, 2, 2]), [1, 3]), [2, 3, 5, 4])),
  ],
  [
    "batchNorm",
    [3, 2, 5, 4],
    (x) => batchNorm(x, { ...parameters, "n/mean": offset, "n/variance": offset }, "n", {}),
    (x) => scaled(plain(x, [0, 1, 2])),
  ],
  [
    "batchNorm of rows",
    [6, 4],
    (x) => batchNorm(x, { ...parameters, "n/mean": offset, "n/variance": offset }, "n", {}),
    (x) => scaled(plain(x, [0])),
  ],
];

test.each(LAYERS)(
  "%s has the values, gradients and second gradients of its definition",
  (_, shape, layer, definition) => {
    const x = normals(shape);
    const weights = normals(shape);
    const loss = (fn: (x: tf.Tensor) => tf.Tensor) => (value: tf.Tensor) =>
      tf.sum(tf.mul(tf.square(fn(value)), weights));
    const bent = (fn: (x: tf.Tensor) => tf.Tensor) => (value: tf.Tensor) =>
      tf.sum(tf.square(tf.grad(loss(fn))(value)));
    for (const [actual, expected] of [
      [layer(x), definition(x)],
      [tf.grad(loss(layer))(x), tf.grad(loss(definition))(x)],
      [tf.grad(bent(layer))(x), tf.grad(bent(definition))(x)],
    ]) {
      const wanted = expected!.dataSync();
      const most = Math.max(...wanted.map(Math.abs));
      for (const [k, value] of actual!.dataSync().entries())
        expect(Math.abs(value - wanted[k]!) / most).toBeLessThan(1e-4);
    }
  },
);

test("in use, channels are normalised by running statistics, which training moves by a tenth and no gradient changes", () => {
  const layout = parameterLayout([
    ...batchNormSpecs("n", 2),
    { name: "other", shape: [3], initialization: { kind: "constant", value: 7 } },
  ]);
  expect(layout.specs.map(({ name }) => name)).toEqual([
    "n/scale",
    "n/offset",
    "n/mean",
    "n/variance",
    "other",
  ]);
  const start = tf.tensor1d(initializeParameters(layout, createRandom("start")));
  // means 2 and 10, variances 1 and 4
  const x = tf.tensor2d([
    [1, 12],
    [3, 8],
  ]);
  const statistics: BatchStatistics = {};
  const training = batchNorm(x, splitParameters(start, layout), "n", statistics);
  expect([...training.dataSync()].map(Math.round)).toEqual([-1, 1, 1, -1]);
  const moved = moveStatistics(start, { logits: x, ...statistics }, layout);
  const expected = [1, 1, 0, 0, 0.2, 1, 0.9 + 0.1, 0.9 + 0.4, 7, 7, 7];
  for (const [k, value] of moved.dataSync().entries()) expect(value).toBeCloseTo(expected[k]!, 6);
  const used = batchNorm(x, splitParameters(moved, layout), "n");
  expect(used.dataSync()[1]).toBeCloseTo((12 - 1) / Math.sqrt(1.3 + EPSILON), 5);
  const slope = tf.grad((flat) =>
    tf.sum(tf.square(batchNorm(x, splitParameters(flat as tf.Tensor1D, layout), "n", {}))),
  )(start);
  expect([...slope.dataSync().subarray(4)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(moveStatistics(start, { logits: x }, layout)).toBe(start);
});

test("scales start at 1 and offsets at 0, so that normalising changes nothing else at first", () => {
  const layout = parameterLayout(scaleSpecs("n", 3));
  expect([...initializeParameters(layout, createRandom("start"))]).toEqual([1, 1, 1, 0, 0, 0]);
});

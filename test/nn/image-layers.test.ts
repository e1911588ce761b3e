import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import type { TensorFunction } from "../../src/compile/trace/trace.js";
import { createRandom } from "../../src/math/random.js";
import {
  averagePool,
  convolution,
  convolutionSpecs,
  globalAveragePool,
  globalMaxPool,
  maxPool,
  separableConvolution,
  separableConvolutionSpecs,
  upsample,
} from "../../src/nn/image-layers.js";
import { batchNorm, batchNormSpecs, groupNorm, scaleSpecs } from "../../src/nn/normalization.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";

// gradients are registered with an engine
const reference = await loadEngine("reference");
await tf.setBackend("cpu");

/** An image [1, rows, columns, 1]. */
const picture = (rows: number[][]) => tf.tensor4d([rows.map((row) => row.map((value) => [value]))]);
const rowsOf = (x: tf.Tensor4D) => x.arraySync()[0]!.map((row) => row.map(([value]) => value));

const IMAGE = picture([
  [1, 2, 3],
  [4, 5, 6],
]);

test("a convolution adds up windows, its bias, and what its activation lets through", () => {
  const parameters = {
    "first/weight": tf.tensor4d([
      [[[1]], [[0]]],
      [[[0]], [[-2]]],
    ]),
    "first/bias": tf.tensor1d([6]),
  };
  // 1 - 2 * 5, 2 - 2 * 6
  const inside = convolution(IMAGE, parameters, "first", { pad: "valid" });
  expect(rowsOf(inside)).toEqual([[-3, -4]]);
  // zeros after the last row and column
  expect(rowsOf(convolution(IMAGE, parameters, "first", { activation: tf.relu }))).toEqual([
    [0, 0, 9],
    [10, 11, 12],
  ]);
  expect(rowsOf(convolution(IMAGE, parameters, "first", { stride: 2 }))).toEqual([[-3, 9]]);
  const wide = picture([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ]);
  // 1 - 2 * 11, 2 - 2 * 12
  expect(rowsOf(convolution(wide, parameters, "first", { pad: "valid", dilation: 2 }))).toEqual([[-15, -16]]);
});

test("a separable convolution filters each channel, then mixes them", () => {
  const parameters = {
    "first/depthwise": tf.tensor4d([
      [
        [[1], [10]],
        [[2], [20]],
      ],
    ]),
    "first/pointwise": tf.tensor4d([[[[1], [0.5]]]]),
    "first/bias": tf.tensor1d([0.25]),
  };
  const x = tf.tensor4d([
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
  ]);
  // channel 0: 1 * 1 + 2 * 3, 1 * 3 + 2 * 5; channel 1: 10 * 2 + 20 * 4, 10 * 4 + 20 * 6
  const y = separableConvolution(x, parameters, "first", { pad: "valid" });
  expect(y.arraySync()).toEqual([[[[7 + 50 + 0.25], [13 + 80 + 0.25]]]]);
});

test("weights start with the variance that a relu needs, biases at 0", () => {
  const layout = parameterLayout([
    ...convolutionSpecs("a", 3, 16, 40),
    ...separableConvolutionSpecs("b", 5, 300, 20),
  ]);
  expect(layout.specs.map(({ name, shape }) => [name, shape])).toEqual([
    ["a/weight", [3, 3, 16, 40]],
    ["a/bias", [40]],
    ["b/depthwise", [5, 5, 300, 1]],
    ["b/pointwise", [1, 1, 300, 20]],
    ["b/bias", [20]],
  ]);
  const flat = initializeParameters(layout, createRandom("He"));
  const variances = [2 / (3 * 3 * 16), 0, 1 / 25, 2 / 300, 0];
  let offset = 0;
  for (const [k, size] of layout.sizes.entries()) {
    const part = flat.subarray(offset, offset + size);
    const variance = part.reduce((sum, value) => sum + value * value, 0) / size;
    // five standard deviations of a variance of so many normal numbers
    expect(Math.abs(variance - variances[k]!)).toBeLessThanOrEqual(5 * Math.sqrt(2 / size) * variances[k]!);
    offset += size;
  }
});

test("pools keep one number of each square and drop what is left over", () => {
  const x = picture([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  expect(rowsOf(maxPool(x))).toEqual([[5]]);
  expect(rowsOf(averagePool(x))).toEqual([[3]]);
  expect(rowsOf(maxPool(x, 3))).toEqual([[9]]);
  const two = tf.tensor4d([
    [
      [
        [1, 8],
        [2, 6],
      ],
      [
        [3, 4],
        [6, 2],
      ],
    ],
  ]);
  expect(globalMaxPool(two).arraySync()).toEqual([[6, 8]]);
  expect(globalAveragePool(two).arraySync()).toEqual([[3, 5]]);
});

test("upsampling repeats pixels, or interpolates between their centres", () => {
  const x = picture([[0, 4]]);
  expect(rowsOf(upsample(x, 3))).toEqual(Array.from({ length: 3 }, () => [0, 0, 0, 4, 4, 4]));
  const between = [0, 1, 3, 4];
  expect(rowsOf(upsample(x, 2, "bilinear"))).toEqual([between, between]);
});

test("a small U-Net of all these layers has the same values and gradients compiled as eagerly", async () => {
  const layout = parameterLayout([
    ...convolutionSpecs("down", 3, 2, 6),
    ...batchNormSpecs("norm", 6),
    ...separableConvolutionSpecs("deep", 3, 6, 4),
    ...scaleSpecs("groups", 4),
    ...convolutionSpecs("up", 3, 10, 3),
  ]);
  const net = (flat: tf.Tensor1D, x: tf.Tensor4D) => {
    const p = splitParameters(flat, layout);
    const shallow = tf.relu(batchNorm(convolution(x, p, "down"), p, "norm", {}));
    const deep = separableConvolution(maxPool(shallow), p, "deep", { dilation: 2, activation: tf.relu });
    const normal = groupNorm(averagePool(deep, 1), p, "groups", 2);
    const joined = tf.concat([upsample(normal, 2, "bilinear"), upsample(maxPool(shallow))], 3);
    const masks = convolution(joined, p, "up");
    return tf.add(
      tf.mean(tf.square(masks)),
      tf.sum(tf.mul(globalAveragePool(masks), tf.sum(globalMaxPool(x), 1, true))),
    );
  };
  const fn: TensorFunction = ({ parameters, x }) => ({
    loss: net(parameters as tf.Tensor1D, x as tf.Tensor4D),
    slope: tf.grad((flat) => net(flat as tf.Tensor1D, x as tf.Tensor4D))(parameters!),
  });
  const inputs = { parameters: { shape: [layout.total] }, x: { shape: [2, 6, 8, 2] } };
  const random = createRandom("U-Net");
  const arrays = {
    parameters: initializeParameters(layout, random),
    x: Float32Array.from({ length: 2 * 6 * 8 * 2 }, () => random.normal()),
  };
  const expected = await (await reference.compile(fn, inputs)).run(arrays);
  const compiled = await (await loadEngine("native")).compile(fn, inputs);
  const actual = await compiled.run(arrays);
  expect(actual.loss![0]).toBeCloseTo(expected.loss![0]!, 5);
  for (const [k, slope] of expected.slope!.entries()) expect(actual.slope![k]).toBeCloseTo(slope, 4);
  expect(Math.hypot(...expected.slope!)).toBeGreaterThan(0.1);
});

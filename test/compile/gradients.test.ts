import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engine.js";
import { createRandom } from "../../src/math/random.js";

await loadEngine("reference");

type Function = (x: tf.Tensor) => tf.Tensor;

/** Each has inputs of the shape given; values keep away from kinks and poles. */
const FUNCTIONS: Record<string, readonly [number[], Function]> = {
  Add: [[3], (x) => tf.add(x, tf.square(x))],
  "Sub with broadcasting": [[4], (x) => tf.square(tf.sub(tf.ones([2, 4]), x))],
  "Multiply with broadcasting": [[3], (x) => tf.mul(tf.mul(tf.ones([2, 3]), x), x)],
  RealDiv: [[3], (x) => tf.div(tf.add(x, 1), tf.add(tf.square(x), 1))],
  "Minimum and Maximum": [[5], (x) => tf.sub(tf.maximum(x, 0.01), tf.minimum(tf.mul(x, 2), 0.02))],
  SquaredDifference: [[3], (x) => tf.squaredDifference(x, tf.mul(x, 3))],
  Pow: [[3], (x) => tf.pow(tf.add(tf.abs(x), 0.5), tf.add(x, 1))],
  Abs: [[4], (x) => tf.abs(x)],
  Log: [[4], (x) => tf.log(tf.add(tf.square(x), 1))],
  Neg: [[2], (x) => tf.neg(tf.square(x))],
  Reciprocal: [[3], (x) => tf.reciprocal(tf.add(tf.square(x), 1))],
  Relu: [[6], (x) => tf.relu(x)],
  Rsqrt: [[3], (x) => tf.rsqrt(tf.add(tf.square(x), 1))],
  Softplus: [[3], (x) => tf.softplus(x)],
  Sqrt: [[3], (x) => tf.sqrt(tf.add(tf.square(x), 1))],
  Exp: [[3], (x) => tf.exp(x)],
  Sigmoid: [[3], (x) => tf.sigmoid(x)],
  Tanh: [[3], (x) => tf.tanh(x)],
  ClipByValue: [[6], (x) => tf.mul(tf.clipByValue(x, -0.4, 0.5), x)],
  Softmax: [[2, 3], (x) => tf.mul(tf.softmax(x as tf.Tensor2D), tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]))],
  Reshape: [[2, 3], (x) => tf.mul(tf.reshape(x, [3, 2]), tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]))],
  ExpandDims: [[3], (x) => tf.mul(tf.expandDims(x, 0), tf.tensor2d([1, 2, 3], [1, 3]))],
  Transpose: [[2, 3, 2], (x) => tf.mul(tf.transpose(x, [2, 0, 1]), tf.reshape(tf.range(0, 12), [2, 2, 3]))],
  Tile: [[2, 3], (x) => tf.mul(tf.tile(x, [2, 1]), tf.reshape(tf.range(0, 12), [4, 3]))],
  Slice: [[3, 4], (x) => tf.square(tf.slice(x, [1, 0], [2, 3]))],
  PadV2: [
    [2, 3],
    (x) =>
      tf.mul(
        tf.pad(x, [
          [1, 0],
          [0, 2],
        ]),
        tf.reshape(tf.range(0, 15), [3, 5]),
      ),
  ],
  Select: [[6], (x) => tf.where(tf.greater(x, 0.05), tf.mul(x, 3), tf.square(x))],
  "SplitV and Concat": [[2, 5], (x) => tf.square(tf.concat(tf.split(x, [2, 3], 1).toReversed(), 1))],
  "Unpack and Pack": [
    [3, 2],
    (x) => tf.mul(tf.stack(tf.unstack(x, 0), 1), tf.reshape(tf.range(0, 6), [2, 3])),
  ],
  Sum: [[2, 3], (x) => tf.square(tf.sum(x, 1))],
  Mean: [[2, 3], (x) => tf.square(tf.mean(x, 0))],
  "Max and Min": [[2, 3], (x) => tf.add(tf.sum(tf.square(tf.max(x, 1))), tf.sum(tf.min(x, 0)))],
  BatchMatMul: [[2, 3], (x) => tf.matMul(x as tf.Tensor2D, tf.square(x) as tf.Tensor2D, false, true)],
  "BatchMatMul, transposed left": [
    [2, 3],
    (x) => tf.matMul(x as tf.Tensor2D, tf.square(x) as tf.Tensor2D, true, false),
  ],
  "BatchMatMul, both transposed": [
    [3, 3],
    (x) => tf.matMul(x as tf.Tensor2D, tf.square(x) as tf.Tensor2D, true, true),
  ],
  Conv2D: [
    [1, 5, 4, 2],
    (x) => tf.conv2d(x as tf.Tensor4D, tf.reshape(tf.range(0, 18), [3, 3, 2, 1]) as tf.Tensor4D, 2, "same"),
  ],
  "Conv2D filter": [
    [2, 3, 2, 3],
    (x) => tf.conv2d(tf.reshape(tf.range(0, 40), [1, 5, 4, 2]) as tf.Tensor4D, x as tf.Tensor4D, 2, "valid"),
  ],
  MaxPool: [[1, 5, 4, 2], (x) => tf.square(tf.maxPool(x as tf.Tensor4D, 3, 2, "same"))],
};

test.each(Object.entries(FUNCTIONS))("the gradient of %s equals finite differences", (name, [shape, fn]) => {
  const random = createRandom(name);
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from(
    { length: size },
    () => random.uniform(0.1, 0.9) * (random.uniform() < 0.5 ? -1 : 1),
  );
  const loss = (x: Float32Array) => tf.tidy(() => tf.sum(fn(tf.tensor(x.slice(), shape))).dataSync()[0]!);
  const gradient = tf.tidy(() =>
    tf
      .grad((x) => tf.sum(fn(x)) as tf.Scalar)(tf.tensor(values.slice(), shape))
      .dataSync(),
  );
  const step = 4e-3;
  for (let k = 0; k < size; k++) {
    const [above, below] = [values.slice(), values.slice()];
    above[k]! += step;
    below[k]! -= step;
    const slope = (loss(above) - loss(below)) / (above[k]! - below[k]!);
    expect(Math.abs(gradient[k]! - slope), `entry ${k} (seed "${name}")`).toBeLessThan(
      0.02 * Math.max(1, Math.abs(slope)),
    );
  }
});

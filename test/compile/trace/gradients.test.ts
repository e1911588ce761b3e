import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Arrays } from "../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { registerGradients } from "../../../src/compile/trace/gradients.js";
import type { TensorFunction, TensorSpecs } from "../../../src/compile/trace/trace.js";
import { createRandom } from "../../../src/math/random.js";

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

/** Run on every engine that is always there. */
async function onEngines(fn: TensorFunction, inputs: TensorSpecs, arrays: Arrays): Promise<Arrays[]> {
  const results: Arrays[] = [];
  for (const name of ["reference", "native", "wasm"]) {
    results.push(await (await (await loadEngine(name)).compile(fn, inputs)).run(arrays));
  }
  return results;
}

test("ties of max and min share the gradient evenly", async () => {
  const fn: TensorFunction = ({ x }) => ({
    // 6 stands three times in the first row; in the second -1 stands twice
    dmax: tf.grad((z) => tf.sum(tf.mul(tf.max(z, 1), tf.tensor1d([3, 5]))))(x!),
    dmin: tf.grad((z) => tf.sum(tf.mul(tf.min(z, 1, true), tf.tensor2d([3, 5], [2, 1]))))(x!),
  });
  const x = Float32Array.of(6, 6, 2, 6, -1, 4, 0, -1);
  for (const { dmax, dmin } of await onEngines(fn, { x: { shape: [2, 4] } }, { x })) {
    expect([...dmax!]).toEqual([1, 1, 0, 1, 0, 5, 0, 0]);
    expect([...dmin!]).toEqual([0, 0, 3, 0, 2.5, 0, 0, 2.5]);
  }
});

test("the gradient of a dilated convolution reaches as far as the convolution does", async () => {
  // y[t] = w[0] x[t] + w[1] x[t + 3]; of y only y[0] and y[1] count, by 2 and 5
  const fn: TensorFunction = ({ x, w }) => {
    const loss = (input: tf.Tensor, filter: tf.Tensor) => {
      const y = tf.conv1d(input as tf.Tensor3D, filter as tf.Tensor3D, 1, "valid", "NWC", 3);
      return tf.sum(tf.mul(y, tf.tensor3d([2, 5, 0], [1, 3, 1]))) as tf.Scalar;
    };
    const [dx, dw] = tf.grads(loss)([x!, w!]);
    return { dx: dx!, dw: dw! };
  };
  const arrays = { x: Float32Array.of(1, 10, 100, 1000, 10_000, 100_000), w: Float32Array.of(7, 11) };
  const inputs = { x: { shape: [1, 6, 1] }, w: { shape: [2, 1, 1] } };
  for (const { dx, dw } of await onEngines(fn, inputs, arrays)) {
    expect([...dx!]).toEqual([14, 35, 0, 22, 55, 0]);
    expect([...dw!]).toEqual([2 * 1 + 5 * 10, 2 * 1000 + 5 * 10_000]);
  }
});

test("a gradient that somebody else registered does not take the place of ours", () => {
  const ours = tf.getGradient("Max");
  tf.registerGradient({
    kernelName: "Max",
    inputsToSave: ["x"],
    gradFunc: (dy) => ({ x: () => dy as tf.Tensor }),
  });
  registerGradients();
  expect(tf.getGradient("Max")).toBe(ours);
});

test.each<readonly [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number]>([
  ["tanh", tf.tanh, (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
  ["exp", tf.exp, Math.exp],
  ["sigmoid", tf.sigmoid, (x) => (Math.exp(-x) * (Math.exp(-x) - 1)) / (1 + Math.exp(-x)) ** 3],
  ["elu", tf.elu, (x) => (x > 0 ? 0 : Math.exp(x))],
])("the second derivative of %s is right", async (_, operation, wanted) => {
  const slope = (v: tf.Tensor) => tf.grad((z) => tf.sum(operation(z)))(v);
  const fn: TensorFunction = ({ x }) => ({ first: slope(x!), second: tf.grad((v) => tf.sum(slope(v)))(x!) });
  const x = Float32Array.of(-1.2, 0.4, 0.9);
  const expected = Array.from(x, wanted);
  for (const { second } of await onEngines(fn, { x: { shape: [3] } }, { x })) {
    for (const [k, value] of expected.entries()) expect(second![k]).toBeCloseTo(value, 5);
  }
});

test("the second derivative of softmax is right", async () => {
  const first = (v: tf.Tensor) => tf.slice(v, [0], [1]);
  const slope = (v: tf.Tensor) => tf.grad((z) => tf.sum(first(tf.softmax(z))))(v);
  const fn: TensorFunction = ({ x }) => ({ second: tf.grad((v) => tf.sum(first(slope(v))))(x!) });
  // p = [1, 2, 5] / 8; dp0/dz0 = p0 (1 - p0), by z0: p0 (1 - p0) (1 - 2 p0), by the others: p0 pk (2 p0 - 1)
  const x = Float32Array.from([1, 2, 5], Math.log);
  for (const { second } of await onEngines(fn, { x: { shape: [3] } }, { x })) {
    for (const [k, value] of [42 / 512, -12 / 512, -30 / 512].entries())
      expect(second![k]).toBeCloseTo(value, 6);
  }
});

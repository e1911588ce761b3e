// What indexing, sorted and running operations give where the cases of random shapes do not reach.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Arrays } from "../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { type TensorFunction, type TensorSpecs, traceGraph } from "../../../src/compile/trace/trace.js";
import { UsageError } from "../../../src/math/usage-error.js";

const ENGINES = await Promise.all(["reference", "native", "wasm"].map((name) => loadEngine(name)));

async function onEngines(fn: TensorFunction, inputs: TensorSpecs, arrays: Arrays, engines = ENGINES) {
  return Promise.all(
    engines.map(async (engine) => {
      const compiled = await engine.compile(fn, inputs);
      const outputs = await compiled.run(arrays);
      await compiled.dispose();
      const lists = Object.entries(outputs).map(([name, values]) => [name, Array.from(values)] as const);
      return [engine.name, Object.fromEntries(lists)] as const;
    }),
  );
}

const ids = { shape: [4], dtype: "int32" as const };

test("rows that are looked up several times get the sum of the gradients, in first and second derivatives", async () => {
  const fn: TensorFunction = ({ x, i }) => {
    const cubes = (z: tf.Tensor) => tf.sum(tf.pow(tf.gather(z, i as tf.Tensor1D), 3));
    const slope = (z: tf.Tensor) => tf.grad(cubes)(z);
    return { first: slope(x!), second: tf.grad((z) => tf.sum(tf.mul(slope(z), z)))(x!) };
  };
  const arrays = { x: Float32Array.of(1, 2, 3, 4, 5, 6), i: Int32Array.of(2, 0, 2, 2) };
  for (const [engine, { first, second }] of await onEngines(fn, { x: { shape: [3, 2] }, i: ids }, arrays)) {
    // n times 3 x^2 where n counts how often; and of n times 3 x^3, 9 x^2
    expect(first, engine).toEqual([3, 12, 0, 0, 225, 324]);
    expect(second, engine).toEqual([9, 36, 0, 0, 675, 972]);
  }
});

test("segments of numbers that are out of range are left out, in the gradient as well", async () => {
  const fn: TensorFunction = ({ x, i }) => {
    const sums = (z: tf.Tensor) => tf.unsortedSegmentSum(z, i as tf.Tensor1D, 2);
    return { y: sums(x!), slope: tf.grad((z) => tf.sum(tf.mul(sums(z), tf.tensor1d([3, 5]))))(x!) };
  };
  const arrays = { x: Float32Array.of(1, 10, 100, 1000), i: Int32Array.of(1, -1, 1, 2) };
  for (const [engine, { y, slope }] of await onEngines(fn, { x: { shape: [4] }, i: ids }, arrays)) {
    expect(y, engine).toEqual([0, 101]);
    expect(slope, engine).toEqual([5, 0, 5, 0]);
  }
});

test("an index beyond the end stops a run", async () => {
  const inputs = { x: { shape: [3] }, i: ids };
  const arrays = { x: Float32Array.of(1, 2, 3), i: Int32Array.of(0, 1, 2, 3) };
  for (const engine of ENGINES) {
    const compiled = await engine.compile(({ x, i }) => ({ y: tf.gather(x!, i as tf.Tensor1D) }), inputs);
    await expect(compiled.run(arrays), engine.name).rejects.toThrow(/out of|not in \[0, 2\]/);
  }
});

test("the gradient of a product is right with zeros, and so is the gradient of it", async () => {
  const fn: TensorFunction = ({ x }) => {
    const slope = (z: tf.Tensor) => tf.grad((v) => tf.sum(tf.prod(v, 1)))(z);
    return { first: slope(x!), second: tf.grad((z) => tf.sum(tf.slice(slope(z), [0, 0], [3, 1])))(x!) };
  };
  const x = Float32Array.of(2, 3, 5, 0, 3, 5, 0, 0, 5);
  for (const [engine, { first, second }] of await onEngines(fn, { x: { shape: [3, 3] } }, { x })) {
    expect(first, engine).toEqual([15, 10, 6, 15, 0, 0, 0, 0, 0]);
    // of x1 x2 by each
    expect(second, engine).toEqual([0, 5, 3, 0, 5, 3, 0, 5, 0]);
  }
});

test("of equal numbers the first counts", async () => {
  const fn: TensorFunction = ({ x }) => {
    const { values, indices } = tf.topk(x!, 3);
    return { most: tf.argMax(x!, 0), least: tf.argMin(x!, 0), values, indices };
  };
  const x = Float32Array.of(1, 7, 1, 7, 3, 7);
  for (const [engine, outputs] of await onEngines(fn, { x: { shape: [6] } }, { x }))
    expect(outputs, engine).toEqual({ most: [1], least: [0], values: [7, 7, 7], indices: [1, 3, 5] });
});

test("einsum is right where TensorFlow.js is not: axes that are summed in one tensor alone", async () => {
  const outer = (a: tf.Tensor, b: tf.Tensor) => tf.einsum("ij,k->ik", a, b);
  const fn: TensorFunction = ({ a, b }) => {
    const loss = (x: tf.Tensor, y: tf.Tensor) =>
      tf.sum(tf.mul(outer(x, y), tf.tensor2d([1, 0, 0, 0, 2, 0], [2, 3]))) as tf.Scalar;
    const [da, db] = tf.grads(loss)([a!, b!]);
    const column = tf.reshape(b!, [3, 1]);
    return { y: outer(a!, b!), da: da!, db: db!, z: tf.einsum("ki,ij->j", column, tf.reshape(a!, [1, 4])) };
  };
  const inputs = { a: { shape: [2, 2] }, b: { shape: [3] } };
  const arrays = { a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(1, 10, 100) };
  for (const [engine, outputs] of await onEngines(fn, inputs, arrays, ENGINES.slice(1)))
    expect(outputs, engine).toEqual({
      y: [3, 30, 300, 7, 70, 700],
      // of y[0, 0] + 2 y[1, 1]
      da: [1, 1, 20, 20],
      db: [3, 14, 0],
      z: [111, 222, 333, 444],
    });
});

test.each<readonly [string, (x: tf.Tensor, i: tf.Tensor) => tf.Tensor, string]>([
  [
    "GatherV2",
    (x, i) => tf.gather(x, tf.reshape(i, [2, 2]) as tf.Tensor2D, 1, 1),
    "with batchDims 1; it can with 0",
  ],
  ["TopK", (x) => tf.topk(x, 2, false).values, "with sorted false; it can with true"],
  [
    "UnsortedSegmentSum",
    (x, i) => tf.unsortedSegmentSum(x, tf.reshape(i, [2, 2]) as unknown as tf.Tensor1D, 2),
    "with segment ids of 2 axes: reshape them to one, and x alike",
  ],
  [
    "Einsum",
    (x) => tf.einsum("...i->i", x),
    'with equation "...i->i"; it can with those of one or two terms of letters, "->" and the letters of the result',
  ],
  ["Einsum", (x) => tf.einsum("ii->i", x), 'with equation "ii->i": an axis stands twice in "ii"'],
  ["Einsum", (x) => tf.einsum("ij->k", x), 'with equation "ij->k": no term has the axis "k" of the result'],
  ["Einsum", (x) => tf.einsum("ij,jk->ik", x), 'with equation "ij,jk->ik" for 1 tensors'],
  ["Einsum", (x) => tf.einsum("ijk->k", x), 'with equation "ijk->k": "ijk" is of shape [2, 4]'],
  [
    "Einsum",
    (x) => tf.einsum("ij,jk->ik", x, x),
    'with equation "ij,jk->ik": the axis "j" is of length 4 and 2',
  ],
])("%s is refused by what it cannot do (case %#)", (kernel, fn, reason) => {
  let message = "";
  try {
    traceGraph(({ x, i }) => ({ y: fn(x!, i!) }), { x: { shape: [2, 4] }, i: ids });
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    message = (error as Error).message;
  }
  expect(message.replace(/, called at \S+indexing\.test\.ts:\d+:\d+,/, "")).toBe(
    `The TensorFlow.js operation "${kernel}" cannot be compiled ${reason}.`,
  );
});

import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import type { TensorFunction, TensorSpecs } from "../../../src/compile/trace/trace.js";
import { traceToOnnx } from "../../../src/compile/trace-to-onnx.js";

await loadEngine("reference");

/** Trace and return the refusal, with this file's lines as "HERE". */
function refusal(fn: unknown, inputs: TensorSpecs = { x: { shape: [4] } }): string {
  try {
    traceToOnnx(fn as TensorFunction, inputs);
  } catch (error) {
    return (error as Error).message.replaceAll(/\S*trace-refusals\.test\.ts:\d+:\d+/g, "HERE");
  }
  return "nothing was refused";
}

type Inputs = Readonly<Record<string, tf.Tensor>>;

test("an operation that is not in the table is refused with its name, its line and what is supported", () => {
  expect(refusal(({ x }: Inputs) => ({ y: tf.cumprod(x!) }))).toMatch(
    /^The TensorFlow.js operation "Cumprod", called at HERE, cannot be compiled\. Supported are: Abs, Add, .*Tanh, Tile, TopK, Transpose, Unpack, UnsortedSegmentSum, ZerosLike\.$/,
  );
});

test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ["dropout", (x) => tf.dropout(x, 0.5)],
  ["dropout", (x) => tf.dropout(x, 0.5, undefined, 7)],
  ["randomUniform", (x) => tf.add(x, tf.randomUniform([4], 0, 1, "float32", 3))],
  ["randomUniformInt", (x) => tf.add(x, tf.cast(tf.randomUniformInt([4], 0, 9), "float32"))],
  ["randomNormal", (x) => tf.add(x, tf.randomNormal([4]))],
  ["randomStandardNormal", (x) => tf.add(x, tf.randomStandardNormal([4]))],
  ["truncatedNormal", (x) => tf.add(x, tf.truncatedNormal([4]))],
  ["randomGamma", (x) => tf.add(x, tf.randomGamma([4], 2))],
  [
    "rand",
    (x) =>
      tf.add(
        x,
        tf.rand([4], () => 0.5),
      ),
  ],
  ["multinomial", (x) => tf.multinomial(x as tf.Tensor1D, 2)],
])("tf.%s is refused with the way out", (name, fn) => {
  expect(refusal(({ x }: Inputs) => ({ y: fn(x!) }))).toBe(
    `The traced function draws random numbers (tf.${name}) at HERE. They would be drawn once, when it is ` +
      "compiled, and be the same in every run: draw them outside and hand them in as an input, for example as a mask.",
  );
});

test("dropout by a mask that is handed in is not refused", async () => {
  const compiled = await (await loadEngine("native")).compile(
    ({ x, kept }) => ({ y: tf.mul(x!, tf.div(kept!, 0.5)) }),
    { x: { shape: [3] }, kept: { shape: [3] } },
  );
  const x = Float32Array.of(1, 2, 3);
  expect([...(await compiled.run({ x, kept: Float32Array.of(1, 0, 1) })).y!]).toEqual([2, 0, 6]);
  expect([...(await compiled.run({ x, kept: Float32Array.of(0, 1, 1) })).y!]).toEqual([0, 4, 6]);
});

const READ =
  "The traced function reads a tensor's value (dataSync, data or arraySync) at HERE. While it is traced " +
  "there are no values yet: compute with tensor operations only, for example tf.where instead of if.";

test.each<[string, (x: tf.Tensor) => unknown]>([
  ["dataSync", (x) => x.dataSync()[0]],
  ["arraySync", (x) => tf.add(x, 1).arraySync()],
  ["print", (x) => x.print()],
  ["data without waiting for it", (x) => void x.data()],
])("reading a value by %s is refused", (_, read) => {
  const reading = ({ x }: Inputs) => {
    read(x!);
    return { y: tf.neg(x!) };
  };
  expect(refusal(reading)).toBe(READ);
});

test("a function that waits is refused, whether it reads a value or not", () => {
  expect(refusal(async ({ x }: Inputs) => ({ y: (await x!.data())[0]! > 0 ? x : tf.neg(x!) }))).toBe(READ);
  expect(refusal(async ({ x }: Inputs) => ({ y: tf.neg(x!) }))).toBe(
    "The function is asynchronous. Compute with tensor operations only, without waiting.",
  );
});

test("what changes from call to call is refused, and where it comes from is told", () => {
  const changing =
    "The traced function is not the same each time it is called: something at HERE depends on more than its " +
    "inputs, for example on Math.random, the time or a counter. Compiled, it would stay as it was at first: hand what " +
    "changes in as an input.";
  expect(refusal(({ x }: Inputs) => ({ y: tf.mul(x!, Math.random()) }))).toBe(changing);
  let calls = 0;
  expect(refusal(({ x }: Inputs) => ({ y: tf.mul(tf.neg(x!), tf.tensor1d([1, 2, 3, calls++])) }))).toBe(
    changing,
  );
  expect(refusal(({ x }: Inputs) => ({ y: calls++ % 2 === 0 ? tf.neg(x!) : tf.exp(x!) }))).toBe(changing);
  // an attribute, the order of inputs, the length of an output, one more operation
  expect(refusal(({ x }: Inputs) => ({ y: tf.clipByValue(x!, 0, calls++) }))).toBe(changing);
  expect(refusal(({ x }: Inputs) => ({ y: tf.slice(x!, [calls++ % 2], [2]) }))).toBe(changing);
  expect(
    refusal(({ x }: Inputs) => {
      const z = tf.neg(x!);
      return { y: calls++ % 2 === 0 ? tf.sub(x!, z) : tf.sub(z, x!) };
    }),
  ).toBe(changing);
  expect(refusal(({ x }: Inputs) => ({ y: tf.tile(x!, [1 + (calls++ % 2)]) }))).toBe(changing);
  // which of the tensors is given, and how many: no operation differs
  const elsewhere = changing.replace(" at HERE", "");
  expect(
    refusal(({ x }: Inputs) => {
      const both = [tf.neg(x!), tf.exp(x!)];
      return { y: both[calls++ % 2] };
    }),
  ).toBe(elsewhere);
  expect(refusal(({ x }: Inputs) => ({ y: tf.neg(x!), ...(calls++ % 2 === 0 ? {} : { z: x! }) }))).toBe(
    elsewhere,
  );
});

test("variables are refused: their values would stay what they were", () => {
  const weight = tf.tidy(() => tf.variable(tf.scalar(2), true, "weight"));
  const fixed =
    'The traced function uses the variable "weight" at HERE, whose value would stay what it is now. Hand it ' +
    "in as an input, and return what it is to become as an output.";
  expect(refusal(({ x }: Inputs) => ({ y: tf.mul(x!, weight) }))).toBe(fixed);
  weight.dispose();
  const total = tf.variable(tf.zeros([4]), true, "total");
  expect(
    refusal(({ x }: Inputs) => {
      total.assign(tf.neg(x!));
      return { y: tf.exp(x!) };
    }),
  ).toMatch(/^The traced function uses the variable "total"/);
  total.dispose();
});

test("attributes that an entry of the table would get wrong are refused by name", () => {
  const image = { x: { shape: [1, 2, 6, 6] }, w: { shape: [3, 3, 2, 4] } };
  const nchw = ({ x, w }: Inputs) => ({
    y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same", "NCHW"),
  });
  expect(refusal(nchw, image)).toBe(
    'The TensorFlow.js operation "Conv2D", called at HERE, cannot be compiled with dataFormat "NCHW"; it can with "NHWC".',
  );
  expect(refusal(({ x }: Inputs) => ({ y: tf.step(x!, 0.5) }))).toBe(
    'The TensorFlow.js operation "Step", called at HERE, cannot be compiled with alpha 0.5; it can with 0.',
  );
  expect(refusal(({ x }: Inputs) => ({ y: tf.cast(x!, "complex64") }))).toBe(
    'The TensorFlow.js operation "Cast", called at HERE, cannot be compiled with dtype "complex64"; it can with "float32" or "int32" or "bool".',
  );
  const invented = ({ x }: Inputs) => ({ y: tf.engine().runKernel("Neg", { x: x! }, { halfPixels: true }) });
  expect(refusal(invented)).toBe(
    'The TensorFlow.js operation "Neg", called at HERE, cannot be compiled with halfPixels true.',
  );
  const outside = ({ x }: Inputs) => ({ y: tf.maxPool(x as tf.Tensor4D, 3, 3, 2, "ceil") });
  expect(refusal(outside, { x: { shape: [1, 6, 6, 2] } })).toMatch(
    /^The TensorFlow.js operation "MaxPool", called at HERE, cannot be compiled with windows of 3 x 3 and padding 2, 2, 2, 2 /,
  );
});

test("inputs that an operation lacks, or that have another shape than it can take, are refused with what it needs", () => {
  const given = { x: { shape: [2, 3] }, mean: { shape: [3] }, one: { shape: [1] } };
  const bare = ({ x, mean }: Inputs) => ({ y: tf.batchNorm(x!, mean as tf.Tensor1D, mean as tf.Tensor1D) });
  expect(refusal(bare, given)).toBe(
    'The TensorFlow.js operation "FusedBatchNorm", called at HERE, cannot be compiled without its input "scale": hand one in.',
  );
  const single = ({ x, one }: Inputs) => {
    const statistic = one as tf.Tensor1D;
    return { y: tf.batchNorm(x!, statistic, statistic, statistic, statistic) };
  };
  expect(refusal(single, given)).toBe(
    'The TensorFlow.js operation "FusedBatchNorm", called at HERE, cannot be compiled with statistics of shape [1] for 3 channels: they need one number for each, [3].',
  );
  const padded = ({ x }: Inputs) => ({ y: tf.avgPool(x as tf.Tensor4D, 3, 2, 1) });
  expect(refusal(padded, { x: { shape: [1, 6, 6, 2] } })).toBe(
    'The TensorFlow.js operation "AvgPool", called at HERE, cannot be compiled with pad 1; it can with "same" or "valid".',
  );
});

test("types that an entry of the table would get wrong are refused by name", () => {
  const integers = { x: { shape: [4], dtype: "int32" as const } };
  expect(refusal(({ x }: Inputs) => ({ y: tf.exp(x!) }), integers)).toBe(
    'The TensorFlow.js operation "Exp", called at HERE, cannot be compiled for int32: cast to float32 first.',
  );
  const complex = ({ x }: Inputs) => ({
    y: tf.real(tf.complex(x!, tf.neg(x!))),
  });
  expect(refusal(complex)).toMatch(
    /^The TensorFlow.js operation "Complex", called at HERE, cannot be compiled/,
  );
  expect(refusal(({ x }: Inputs) => ({ y: tf.tensor1d(["a", "b"]), z: tf.neg(x!) }))).toBe(
    "The traced function uses a tensor of type string at HERE. Types that can be compiled are: float32, int32, bool.",
  );
});

test("an operation without gradient is refused where it is differentiated", () => {
  const unknown = ({ x }: Inputs) => ({
    y: tf.grad((z) => tf.sum(tf.engine().runKernel("MaxPoolGrad", maxPoolGradOf(z), POOL) as tf.Tensor))(x!),
  });
  const maxPoolGradOf = (z: tf.Tensor) => {
    const input = tf.reshape(z, [1, 2, 2, 1]);
    return { dy: input, input, output: input };
  };
  const POOL = { filterSize: 1, strides: 1, pad: "valid" };
  expect(refusal(unknown)).toBe(
    'The TensorFlow.js operation "MaxPoolGrad", called at HERE, has no gradient here: keep it out of what is differentiated.',
  );
});

test("outputs that are none, and names of the tracer's own, are refused", () => {
  expect(refusal(() => ({}))).toBe(
    "The function gives no outputs. Return them by name, for example { y: tf.neg(x) }.",
  );
  expect(refusal(() => ({ y: 3 }))).toBe('The function\'s output "y" is no tensor but number.');
  expect(refusal(({ x }: Inputs) => ({ x: tf.neg(x!) }))).toBe(
    'The traced function has an input and an output named "x".',
  );
  expect(refusal(({ x }: Inputs) => ({ "~1": tf.neg(x!) }))).toBe(
    'Inputs and outputs cannot be named like "~1": leave out the leading "~".',
  );
});

test("an input may have any other name, also one like a tensor inside the graph had before", async () => {
  const compiled = await (await loadEngine("native")).compile(
    ({ t0, t1 }) => ({ t2: tf.add(tf.mul(t0!, 2), t1!) }),
    { t0: { shape: [2] }, t1: { shape: [2] } },
  );
  const { t2 } = await compiled.run({ t0: Float32Array.of(1, 2), t1: Float32Array.of(10, 20) });
  expect([...t2!]).toEqual([12, 24]);
});

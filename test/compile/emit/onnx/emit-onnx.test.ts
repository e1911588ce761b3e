import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { emitOnnx } from "../../../../src/compile/emit/onnx/emit-onnx.js";
import { loadEngine } from "../../../../src/compile/engines/load-engine.js";
import { traceGraph } from "../../../../src/compile/trace/trace.js";
import { graphOf, node } from "../../passes/small-graphs.js";
import { readOnnx } from "./read-onnx.js";

await loadEngine("reference");
const native = await loadEngine("native");

/** A convolution of one picture [1, 3, 4, 2] by a constant filter, its offset and its sum of channels. */
function see({ x }: Readonly<Record<string, tf.Tensor>>) {
  const filter = tf.tensor4d(
    Array.from({ length: 24 }, (_, k) => k - 7),
    [2, 2, 2, 3],
  );
  const y = tf.add(tf.conv2d(x as tf.Tensor4D, filter, 1, "valid"), tf.tensor1d([1, 20, 300]));
  return { y, sum: tf.sum(y, [1, 2]) };
}

const seen = traceGraph(see, { x: { shape: [1, 3, 4, 2] } });

test("a graph knows nothing of the order in which ONNX has a picture's axes, the file does", () => {
  expect(seen.nodes.map(({ operation }) => operation)).toEqual(["Conv2D", "Add", "Sum"]);
  const types = readOnnx(emitOnnx(seen)).nodes.map(({ type }) => type);
  expect(types.filter((type) => type === "Transpose")).toHaveLength(3);
});

test("a simplified file has no nodes that move constants or copy outputs, and gives the same numbers", async () => {
  const count = (onnx: Uint8Array) => readOnnx(onnx).nodes.map(({ type }) => type);
  const [plain, simplified] = [emitOnnx(seen), emitOnnx(seen, { simplified: true })];
  expect(count(plain)).toEqual([
    ...["Transpose", "Transpose", "Conv", "Reshape", "Add", "Transpose", "ReduceSum", "Identity", "Identity"],
  ]);
  expect(count(simplified)).toEqual(["Transpose", "Conv", "Add", "Transpose", "ReduceSum"]);
  const x = Float32Array.from({ length: 24 }, (_, k) => Math.sin(k));
  const run = async (onnx: Uint8Array) => (await native.load(onnx)).run({ x });
  const [outputs, others] = [await run(plain), await run(simplified)];
  const eager = tf.tidy(() => see({ x: tf.tensor4d(x, [1, 3, 4, 2]) }).y.dataSync());
  for (const [k, value] of eager.entries()) {
    for (const { y } of [outputs, others]) expect(y![k]).toBeCloseTo(value, 4);
  }
  // onnxruntime sums in another order where a copy of an output is not in its way
  for (const [k, value] of outputs.sum!.entries()) expect(others.sum![k]).toBeCloseTo(value, 3);
});

test("metadata is stored in the file", () => {
  const graph = graphOf([], [node("~0", "Neg", "x")], { y: "~0" });
  const onnx = emitOnnx(graph, { metadata: { title: "minus" } });
  expect(new TextDecoder().decode(onnx)).toContain("minus");
  expect(emitOnnx(graph).length).toBeLessThan(onnx.length);
});

test("a graph that reads what nothing gives, and an operation without ONNX form, are refused by name", () => {
  expect(() => emitOnnx(graphOf([], [node("~1", "Neg", "~0")], { y: "~1" }))).toThrow(
    'the graph reads "~0" before anything gives it',
  );
  expect(() => emitOnnx(graphOf([], [node("~0", "Identity", "x")], { y: "~0" }))).toThrow(
    "Identity has no ONNX form: a copy needs no node",
  );
});

import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Graph } from "../../../src/compile/graph/graph.js";
import { printGraph } from "../../../src/compile/graph/print-graph.js";
import { traceGraph } from "../../../src/compile/trace/trace.js";

test("a traced network reads as inputs, constants, operations and outputs with their shapes", () => {
  const graph = traceGraph(
    ({ image, state }) => {
      const filter = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2, 1]);
      const seen = tf.conv2d(image as tf.Tensor4D, filter, 2, "same");
      const [left, right] = tf.split(state!, [1, 2], 1);
      return { action: tf.add(tf.reshape(seen, [1, 2]), tf.mul(right!, [0.25, -0.1234567])), first: left! };
    },
    { image: { shape: [1, 2, 3, 2], dtype: "uint8" }, state: { shape: [1, 3] } },
  );
  expect(printGraph(graph)).toBe(`\
image: input -> uint8[1, 2, 3, 2]
state: input -> float32[1, 3]
~1: constant 1 to 8, mean 4.5, std 2.2913 -> float32[2, 2, 2, 1]
~6: constant [0.25, -0.12346] -> float32[2]
~0: Cast(image) {dtype: float32} -> float32[1, 2, 3, 2]
~2: Conv2D(~0, ~1) {strides: [2, 2], padding: [0, 0, 0, 1], dilations: [1, 1], count: [1, 2]} -> float32[1, 1, 2, 1]
~3, ~4: SplitV(state) {axis: 1, sizes: [1, 2]} -> float32[1, 1], float32[1, 2]
~5: Reshape(~2) {shape: [1, 2]} -> float32[1, 2]
~7: Multiply(~4, ~6) -> float32[1, 2]
~8: Add(~5, ~7) -> float32[1, 2]
action: output = ~8
first: output = ~3
6 nodes, 2 constants of 10 numbers
`);
});

test("constants are written whole up to six numbers, then by what they are made of", () => {
  const of = (
    values: Float32Array | Int32Array | Uint8Array,
    dtype: "float32" | "int32" | "bool",
  ): Graph => ({
    inputs: [],
    constants: [{ name: "~0", dtype, shape: [values.length], values }],
    nodes: [],
    outputs: [{ name: "y", value: "~0" }],
  });
  const first = (graph: Graph) => printGraph(graph).split("\n")[0];
  const some = Float32Array.of(-0, 1e-9, Number.NaN, Number.POSITIVE_INFINITY, 3, 1 / 3);
  expect(first(of(some, "float32"))).toBe("~0: constant [-0, 1e-9, NaN, Infinity, 3, 0.33333] -> float32[6]");
  expect(first(of(new Float32Array(7).fill(0.5), "float32"))).toBe("~0: constant all 0.5 -> float32[7]");
  expect(first(of(Int32Array.of(1, 2, 3, 4, 5, 6, 14), "int32"))).toBe(
    "~0: constant 1 to 14, mean 5, std 4 -> int32[7]",
  );
  expect(first(of(Uint8Array.of(1, 0), "bool"))).toBe("~0: constant [1, 0] -> bool[2]");
  expect(first(of(new Float32Array(0), "float32"))).toBe("~0: constant [] -> float32[0]");
  // more than a call takes arguments
  expect(
    first(
      of(
        Float32Array.from({ length: 300_000 }, (_, k) => k % 2),
        "float32",
      ),
    ),
  ).toBe("~0: constant 0 to 1, mean 0.5, std 0.5 -> float32[300000]");
});

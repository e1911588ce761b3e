import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { traceToOnnx } from "../../src/compile/trace-to-onnx.js";
import { readOnnx } from "./emit/onnx/read-onnx.js";

test("what a function computes twice in the same way is in the file once, constants that are only equal included", () => {
  const loss = (w: tf.Tensor) => {
    const weights = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    return tf.sum(tf.square(tf.matMul(w as tf.Tensor2D, weights))) as tf.Scalar;
  };
  const onnx = traceToOnnx(({ w }) => ({ loss: loss(w!), slope: tf.grad(loss)(w!) }), {
    w: { shape: [4, 3] },
  });
  const { nodes, initializers } = readOnnx(onnx);
  // forward, and of the gradient
  expect(nodes.filter(({ type }) => type === "Gemm")).toHaveLength(2);
  expect(initializers.filter(({ bytes }) => bytes === 24)).toHaveLength(1);
});

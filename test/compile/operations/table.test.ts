import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { OPERATIONS } from "../../../src/compile/operations/table.js";
import { registerGradients } from "../../../src/compile/trace/gradients.js";

const entries = Object.entries(OPERATIONS);

test("every operation has an ONNX form, or says why it needs none", () => {
  const lacking = entries.flatMap(([name, { onnx }]) => ("none" in onnx ? [[name, onnx.none]] : []));
  expect(Object.fromEntries(lacking)).toEqual({
    Identity: "a copy needs no node",
    Fill: "the tracer makes it a constant",
    ZerosLike: "the tracer makes it a constant",
    OnesLike: "the tracer makes it a constant",
    Range: "the tracer makes it a constant",
  });
});

test("every operation has a gradient, or says why it has none", () => {
  const lacking = entries.flatMap(([name, { gradient }]) =>
    "none" in gradient ? [[name, gradient.none]] : [],
  );
  expect(Object.fromEntries(lacking)).toEqual({
    Fill: "it has no inputs",
    Range: "it has no inputs",
    MaxPoolGrad: "pooling is not differentiated twice",
  });
});

test("TensorFlow.js differentiates by the gradients of the table", () => {
  registerGradients();
  for (const [name, { gradient }] of entries) {
    const registered = tf.getGradient(name)?.gradFunc;
    expect(registered, name).toBe("none" in gradient ? undefined : gradient.rule);
  }
});

test("an operation that always has an output of its own is written as a node, one without is a copy or a constant", () => {
  for (const [name, { onnx, isCopy, fill, values }] of entries) {
    if (typeof onnx === "function") expect(fill ?? values, name).toBeUndefined();
    else expect(isCopy ?? fill ?? values, name).toBeDefined();
  }
});

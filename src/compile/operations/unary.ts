// Operations of one tensor, number by number.
import * as tf from "@tensorflow/tfjs-core";
import { elementwise } from "../emit/onnx/layout.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import type { TensorType } from "../graph/graph.js";
import { fromInput, fromOutput } from "./gradient.js";
import { type Gradient, type Operation, type Operations, operation } from "./operation.js";

const NO_SLOPE = fromInput((dy) => tf.zerosLike(dy));

/** Functions of a number, by their own node of ONNX or by two. */
export const UNARY: Operations = {
  Abs: unary(
    "Abs",
    "any",
    fromInput((dy, x) => tf.mul(dy, tf.sub(tf.step(x), tf.step(tf.neg(x))))),
  ),
  Elu: unary(
    "Elu",
    "float32",
    fromOutput(tf.elu, (dy, y) => tf.mul(dy, tf.where(tf.greaterEqual(y, 0), tf.onesLike(y), tf.add(y, 1)))),
  ),
  Exp: unary(
    "Exp",
    "float32",
    fromOutput(tf.exp, (dy, y) => tf.mul(dy, y)),
  ),
  Floor: unary("Floor", "float32", NO_SLOPE),
  Log: unary(
    "Log",
    "float32",
    fromInput((dy, x) => tf.div(dy, x)),
  ),
  LogicalNot: unary(
    "Not",
    "any",
    fromInput((_, x) => tf.zeros(x.shape)),
  ),
  Neg: unary(
    "Neg",
    "any",
    fromInput((dy) => tf.neg(dy)),
  ),
  Reciprocal: unary(
    "Reciprocal",
    "float32",
    fromInput((dy, x) => tf.neg(tf.div(dy, tf.square(x)))),
  ),
  Relu: unary(
    "Relu",
    "any",
    fromInput((dy, x) => tf.mul(dy, tf.step(x))),
  ),
  Sigmoid: unary(
    "Sigmoid",
    "float32",
    fromOutput(tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  ),
  Sign: unary("Sign", "any", NO_SLOPE),
  Softplus: unary(
    "Softplus",
    "float32",
    fromInput((dy, x) => tf.mul(dy, tf.sigmoid(x))),
  ),
  Sqrt: unary(
    "Sqrt",
    "float32",
    fromInput((dy, x) => tf.div(dy, tf.mul(2, tf.sqrt(x)))),
  ),
  Tanh: unary(
    "Tanh",
    "float32",
    fromOutput(tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  ),
  Square: operation({
    inputs: ["x"],
    accepts: {},
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => elementwise(onnx, "Mul", [x!, x!], x!.dtype),
    gradient: fromInput((dy, x) => tf.mul(dy, tf.mul(2, x))),
  }),
  Rsqrt: operation({
    inputs: ["x"],
    accepts: {},
    refuse: floatOnly,
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => onnx.node("Reciprocal", [onnx.node("Sqrt", [x!], x!.shape)], x!.shape),
    gradient: fromInput((dy, x) => tf.mul(-0.5, tf.div(dy, tf.mul(x, tf.sqrt(x))))),
  }),
  Step: operation({
    inputs: ["x"],
    accepts: { alpha: [0] },
    refuse: floatOnly,
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => {
      const zero = { name: onnx.scalar(0), shape: [], dtype: "float32" as const };
      const positive = elementwise(onnx, "Greater", [x!, zero], "bool");
      return elementwise(onnx, "Cast", [positive], "float32", { to: ELEMENT_TYPE.float32 });
    },
    gradient: NO_SLOPE,
  }),
  ClipByValue: operation<{ min: number; max: number }>({
    inputs: ["x"],
    accepts: { clipValueMin: "any", clipValueMax: "any" },
    attributes: (_, { clipValueMin, clipValueMax }) => ({ min: clipValueMin, max: clipValueMax }),
    refuse: floatOnly,
    shape: ([x]) => x!,
    onnx: (onnx, [x], { min, max }) => onnx.node("Clip", [x!, onnx.scalar(min), onnx.scalar(max)], x!.shape),
    gradient: fromInput((dy, x, { clipValueMin, clipValueMax }) => {
      const inside = tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax));
      return tf.where(inside, dy, tf.zerosLike(dy));
    }),
  }),
};

/** `types` "float32": onnxruntime has it for no other. */
function unary(opType: string, types: "any" | "float32", gradient: Gradient): Operation {
  return operation({
    inputs: ["x"],
    accepts: {},
    ...(types === "float32" ? { refuse: floatOnly } : {}),
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => elementwise(onnx, opType, [x!], x!.dtype),
    gradient,
  });
}

function floatOnly([x]: readonly TensorType[]): string | undefined {
  return x!.dtype === "float32" ? undefined : `for ${x!.dtype}: cast to float32 first`;
}

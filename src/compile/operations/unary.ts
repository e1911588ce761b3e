// Operations of one tensor, number by number.
import * as tf from "@tensorflow/tfjs-core";
import { elementwise } from "../emit/onnx/layout.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import type { TensorType } from "../graph/graph.js";
import { fromInput, fromOutput } from "./gradient.js";
import { type Gradient, graphModelNode, type Operation, type Operations, operation } from "./operation.js";

/** Of what has the same value nearly everywhere. */
export const NO_SLOPE = fromInput((dy) => tf.zerosLike(dy));

/** Functions of a number, by their own node of ONNX or by two. */
export const UNARY: Operations = {
  Abs: unary(
    "Abs",
    "Abs",
    "any",
    fromInput((dy, x) => tf.mul(dy, tf.sub(tf.step(x), tf.step(tf.neg(x))))),
  ),
  Ceil: unary("Ceil", "Ceil", "float32", NO_SLOPE),
  Elu: unary(
    "Elu",
    "Elu",
    "float32",
    fromOutput(tf.elu, (dy, y) => tf.mul(dy, tf.where(tf.greaterEqual(y, 0), tf.onesLike(y), tf.add(y, 1)))),
  ),
  Erf: unary(
    "Erf",
    "Erf",
    "float32",
    fromInput((dy, x) => tf.mul(dy, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(x)))))),
  ),
  Exp: unary(
    "Exp",
    "Exp",
    "float32",
    fromOutput(tf.exp, (dy, y) => tf.mul(dy, y)),
  ),
  Floor: unary("Floor", "Floor", "float32", NO_SLOPE),
  IsNan: operation({
    ...unary(
      "IsNaN",
      "IsNan",
      "float32",
      fromInput((_, x) => tf.zeros(x.shape)),
    ),
    shape: ([x]) => ({ dtype: "bool", shape: x!.shape }),
    onnx: (onnx, [x]) => elementwise(onnx, "IsNaN", [x!], "bool"),
  }),
  Log: unary(
    "Log",
    "Log",
    "float32",
    fromInput((dy, x) => tf.div(dy, x)),
  ),
  LogicalNot: unary(
    "Not",
    "LogicalNot",
    "any",
    fromInput((_, x) => tf.zeros(x.shape)),
  ),
  Neg: unary(
    "Neg",
    "Neg",
    "any",
    fromInput((dy) => tf.neg(dy)),
  ),
  Reciprocal: unary(
    "Reciprocal",
    "Reciprocal",
    "float32",
    fromInput((dy, x) => tf.neg(tf.div(dy, tf.square(x)))),
  ),
  Relu: unary(
    "Relu",
    "Relu",
    "any",
    fromInput((dy, x) => tf.mul(dy, tf.step(x))),
  ),
  Round: unary("Round", "Round", "float32", NO_SLOPE),
  Sigmoid: unary(
    "Sigmoid",
    "Sigmoid",
    "float32",
    fromOutput(tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  ),
  Sign: unary("Sign", "Sign", "any", NO_SLOPE),
  Softplus: unary(
    "Softplus",
    "Softplus",
    "float32",
    fromInput((dy, x) => tf.mul(dy, tf.sigmoid(x))),
  ),
  Sqrt: unary(
    "Sqrt",
    "Sqrt",
    "float32",
    fromInput((dy, x) => tf.div(dy, tf.mul(2, tf.sqrt(x)))),
  ),
  Tanh: unary(
    "Tanh",
    "Tanh",
    "float32",
    fromOutput(tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  ),
  Log1p: operation({
    ...unary(
      "Log",
      "Log1p",
      "float32",
      fromInput((dy, x) => tf.div(dy, tf.add(x, 1))),
    ),
    onnx: (onnx, [x]) => {
      // log(u) x / (u - 1) with u = 1 + x as rounded: both logarithms are off by the same factor (Kahan; Higham 2002, 1.14.1)
      const rounded = elementwise(onnx, "Add", [x!, onnx.number(1)], "float32");
      const kept = elementwise(onnx, "Sub", [rounded, onnx.number(1)], "float32");
      const ratio = elementwise(onnx, "Div", [x!, kept], "float32");
      // infinity over infinity is none
      const exact = elementwise(onnx, "Equal", [kept, x!], "bool");
      const factor = elementwise(onnx, "Where", [exact, onnx.number(1), ratio], "float32");
      const log = elementwise(onnx, "Log", [rounded], "float32");
      const product = elementwise(onnx, "Mul", [log, factor], "float32");
      const lost = elementwise(onnx, "Equal", [kept, onnx.number(0)], "bool");
      return elementwise(onnx, "Where", [lost, x!, product], "float32");
    },
  }),
  Expm1: operation({
    ...unary(
      "Exp",
      "Expm1",
      "float32",
      fromInput((dy, x) => tf.mul(dy, tf.exp(x))),
    ),
    onnx: (onnx, [x]) => {
      // tanh(x / 2) (e^x + 1): nothing is subtracted
      const half = elementwise(onnx, "Mul", [x!, onnx.number(0.5)], "float32");
      const tanh = elementwise(onnx, "Tanh", [half], "float32");
      const exp = elementwise(onnx, "Exp", [x!], "float32");
      const sum = elementwise(onnx, "Add", [exp, onnx.number(1)], "float32");
      return elementwise(onnx, "Mul", [tanh, sum], "float32");
    },
  }),
  Square: operation({
    inputs: ["x"],
    accepts: {},
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => elementwise(onnx, "Mul", [x!, x!], x!.dtype),
    graphModel: graphModelNode("Square"),
    gradient: fromInput((dy, x) => tf.mul(dy, tf.mul(2, x))),
  }),
  Rsqrt: operation({
    inputs: ["x"],
    accepts: {},
    refuse: floatOnly,
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => onnx.node("Reciprocal", [onnx.node("Sqrt", [x!], x!.shape)], x!.shape),
    graphModel: graphModelNode("Rsqrt"),
    gradient: fromInput((dy, x) => tf.mul(-0.5, tf.div(dy, tf.mul(x, tf.sqrt(x))))),
  }),
  Step: operation({
    inputs: ["x"],
    accepts: { alpha: [0] },
    refuse: floatOnly,
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => {
      const positive = elementwise(onnx, "Greater", [x!, onnx.number(0)], "bool");
      return elementwise(onnx, "Cast", [positive], "float32", { to: ELEMENT_TYPE.float32 });
    },
    graphModel: (model, [x], _, [output]) => {
      const positive = model.node("Greater", [x!, model.number(0)], { dtype: "bool", shape: x!.shape });
      return model.node("Cast", [positive], output!, { SrcT: { type: "bool" }, DstT: { type: "float32" } });
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
    graphModel: (model, [x], { min, max }, [output]) =>
      model.node("ClipByValue", [x!, model.number(min), model.number(max)], output!),
    gradient: fromInput((dy, x, { clipValueMin, clipValueMax }) => {
      const inside = tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax));
      return tf.where(inside, dy, tf.zerosLike(dy));
    }),
  }),
};

/** Written as one node of ONNX and one of TensorFlow; `types` "float32": onnxruntime has it for no other. */
export function unary(
  opType: string,
  graphModelOp: string,
  types: "any" | "float32",
  gradient: Gradient,
): Operation {
  return operation({
    inputs: ["x"],
    accepts: {},
    ...(types === "float32" ? { refuse: floatOnly } : {}),
    shape: ([x]) => x!,
    onnx: (onnx, [x]) => elementwise(onnx, opType, [x!], x!.dtype),
    graphModel: graphModelNode(graphModelOp),
    gradient,
  });
}

/** Refuse inputs that are not float32. */
export function floatOnly(inputs: readonly TensorType[]): string | undefined {
  const other = inputs.find(({ dtype }) => dtype !== "float32");
  return other && `for ${other.dtype}: cast to float32 first`;
}

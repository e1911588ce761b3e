// Operations that work number by number.
import * as tf from "@tensorflow/tfjs-core";
import { type KernelMapping, mapKernels } from "./kernel.js";
import { elementwise } from "./layout.js";
import { ELEMENT_TYPE } from "./onnx-model.js";

const ARITHMETIC = {
  Add: "Add",
  Sub: "Sub",
  Multiply: "Mul",
  RealDiv: "Div",
  Minimum: "Min",
  Maximum: "Max",
  Pow: "Pow",
};

const COMPARISON = {
  Less: "Less",
  LessEqual: "LessOrEqual",
  Greater: "Greater",
  GreaterEqual: "GreaterOrEqual",
  Equal: "Equal",
  LogicalAnd: "And",
  LogicalOr: "Or",
};

const UNARY = {
  Abs: "Abs",
  Elu: "Elu",
  Exp: "Exp",
  Floor: "Floor",
  Log: "Log",
  LogicalNot: "Not",
  Neg: "Neg",
  Reciprocal: "Reciprocal",
  Relu: "Relu",
  Sigmoid: "Sigmoid",
  Sign: "Sign",
  Softplus: "Softplus",
  Sqrt: "Sqrt",
  Tanh: "Tanh",
};

/** Register the mappings. */
export function mapElementwiseKernels(): void {
  const binary =
    (opType: string, dtype?: tf.DataType): KernelMapping =>
    (graph, { a, b }) =>
      elementwise(graph, opType, [a!, b!], dtype ?? a!.dtype);
  const unary =
    (opType: string): KernelMapping =>
    (graph, { x }) =>
      elementwise(graph, opType, [x!], x!.dtype);
  mapKernels({
    ...Object.fromEntries(Object.entries(ARITHMETIC).map(([kernel, opType]) => [kernel, binary(opType)])),
    ...Object.fromEntries(
      Object.entries(COMPARISON).map(([kernel, opType]) => [kernel, binary(opType, "bool")]),
    ),
    ...Object.fromEntries(Object.entries(UNARY).map(([kernel, opType]) => [kernel, unary(opType)])),
    AddN: (graph, inputs) => {
      const terms = Object.values(inputs);
      return graph.node("Sum", terms, terms[0]!.shape, terms[0]!.dtype);
    },
    Square: (graph, { x }) => elementwise(graph, "Mul", [x!, x!], x!.dtype),
    SquaredDifference: (graph, { a, b }) => {
      const difference = graph.node("Sub", [a!, b!], broadcast(a!, b!), a!.dtype);
      return graph.node("Mul", [difference, difference], difference.shape, a!.dtype);
    },
    Rsqrt: (graph, { x }) => graph.node("Reciprocal", [graph.node("Sqrt", [x!], x!.shape)], x!.shape),
    Step: (graph, { x }, { alpha }) => {
      if (alpha) throw new Error("Step is supported with alpha 0 only");
      const zero = graph.tensor(graph.scalar(0), []);
      const positive = elementwise(graph, "Greater", [x!, zero], "bool");
      return elementwise(graph, "Cast", [positive], "float32", { to: ELEMENT_TYPE.float32 });
    },
    ClipByValue: (graph, { x }, { clipValueMin, clipValueMax }) =>
      graph.node("Clip", [x!, graph.scalar(clipValueMin), graph.scalar(clipValueMax)], x!.shape),
    Select: (graph, { condition, t, e }) =>
      graph.node("Where", [condition!, t!, e!], broadcast(t!, e!), t!.dtype),
    Identity: (graph, { x }) => graph.alias(x!),
    Cast: (graph, { x }, { dtype }) => {
      if (x!.dtype === dtype) return graph.alias(x!);
      return graph.node("Cast", [x!], x!.shape, dtype, {
        to: ELEMENT_TYPE[dtype as keyof typeof ELEMENT_TYPE],
      });
    },
  });
}

function broadcast(a: tf.TensorInfo, b: tf.TensorInfo): number[] {
  return tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

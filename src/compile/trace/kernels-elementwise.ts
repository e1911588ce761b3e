// Operations that work number by number.
import * as tf from "@tensorflow/tfjs-core";
import { ELEMENT_TYPE } from "../emit/onnx-model.js";
import { type KernelMapping, kernel, mapKernels } from "./kernel.js";
import { elementwise } from "./layout.js";
import { NotCompilableError } from "./trace-refusals.js";

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

/** Those that onnxruntime has for integers and truth values, too. */
const ALSO_INTEGER = new Set(["Abs", "LogicalNot", "Neg", "Relu", "Sign"]);

/** Register the mappings. */
export function mapElementwiseKernels(): void {
  const binary = (opType: string, dtype?: tf.DataType): KernelMapping =>
    kernel({}, (graph, { a, b }) => elementwise(graph, opType, [a!, b!], dtype ?? a!.dtype));
  const unary = (kernelName: string, opType: string): KernelMapping =>
    kernel({}, (graph, { x }) => {
      if (!ALSO_INTEGER.has(kernelName)) requireFloat(kernelName, x!);
      return elementwise(graph, opType, [x!], x!.dtype);
    });
  mapKernels({
    ...Object.fromEntries(Object.entries(ARITHMETIC).map(([name, opType]) => [name, binary(opType)])),
    ...Object.fromEntries(Object.entries(COMPARISON).map(([name, opType]) => [name, binary(opType, "bool")])),
    ...Object.fromEntries(Object.entries(UNARY).map(([name, opType]) => [name, unary(name, opType)])),
    AddN: kernel({}, (graph, inputs) => {
      const terms = Object.values(inputs);
      return graph.node("Sum", terms, terms[0]!.shape, terms[0]!.dtype);
    }),
    Square: kernel({}, (graph, { x }) => elementwise(graph, "Mul", [x!, x!], x!.dtype)),
    SquaredDifference: kernel({}, (graph, { a, b }) => {
      const difference = graph.node("Sub", [a!, b!], broadcast(a!, b!), a!.dtype);
      return graph.node("Mul", [difference, difference], difference.shape, a!.dtype);
    }),
    Rsqrt: kernel({}, (graph, { x }) => {
      requireFloat("Rsqrt", x!);
      return graph.node("Reciprocal", [graph.node("Sqrt", [x!], x!.shape)], x!.shape);
    }),
    Step: kernel({ alpha: [0] }, (graph, { x }) => {
      requireFloat("Step", x!);
      const zero = graph.tensor(graph.scalar(0), []);
      const positive = elementwise(graph, "Greater", [x!, zero], "bool");
      return elementwise(graph, "Cast", [positive], "float32", { to: ELEMENT_TYPE.float32 });
    }),
    ClipByValue: kernel(
      { clipValueMin: "any", clipValueMax: "any" },
      (graph, { x }, { clipValueMin, clipValueMax }) => {
        requireFloat("ClipByValue", x!);
        return graph.node("Clip", [x!, graph.scalar(clipValueMin), graph.scalar(clipValueMax)], x!.shape);
      },
    ),
    Select: kernel({}, (graph, { condition, t, e }) =>
      graph.node("Where", [condition!, t!, e!], broadcast(t!, e!), t!.dtype),
    ),
    Identity: kernel({}, (graph, { x }) => graph.alias(x!)),
    Cast: kernel({ dtype: ["float32", "int32", "bool"] }, (graph, { x }, { dtype }) => {
      if (x!.dtype === dtype) return graph.alias(x!);
      return graph.node("Cast", [x!], x!.shape, dtype, {
        to: ELEMENT_TYPE[dtype as keyof typeof ELEMENT_TYPE],
      });
    }),
  });
}

function requireFloat(kernelName: string, { dtype }: tf.TensorInfo): void {
  if (dtype === "float32") return;
  throw new NotCompilableError(kernelName, `for ${dtype}: cast to float32 first`);
}

function broadcast(a: tf.TensorInfo, b: tf.TensorInfo): number[] {
  return tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

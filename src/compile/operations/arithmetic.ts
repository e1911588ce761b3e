// Operations of two tensors, number by number, broadcast against each other.
import * as tf from "@tensorflow/tfjs-core";
import { elementwise } from "../emit/onnx/layout.js";
import type { ElementType } from "../graph/graph.js";
import { broadcastShape } from "../graph/shapes.js";
import { masked, ofBroadcast } from "./gradient.js";
import { type Gradient, graphModelNode, type Operation, type Operations, operation } from "./operation.js";

/** Of what has the same value nearly everywhere. */
export const FLAT: Gradient = {
  saves: { inputsToSave: ["a", "b"] },
  rule: (_, [a, b]) => ({ a: () => tf.zeros(a!.shape), b: () => tf.zeros(b!.shape) }),
};

/** Sums, products, extremes, powers. */
export const ARITHMETIC: Operations = {
  Add: binary(
    "Add",
    "AddV2",
    ofBroadcast((dy) => [dy, dy]),
  ),
  Sub: binary(
    "Sub",
    "Sub",
    ofBroadcast((dy) => [dy, () => tf.neg(dy())]),
  ),
  Multiply: binary(
    "Mul",
    "Mul",
    ofBroadcast((dy, a, b) => [() => tf.mul(dy(), b), () => tf.mul(dy(), a)]),
  ),
  RealDiv: binary(
    "Div",
    "RealDiv",
    ofBroadcast((dy, a, b) => [() => tf.div(dy(), b), () => tf.neg(tf.div(tf.mul(dy(), a), tf.square(b)))]),
  ),
  Minimum: binary(
    "Min",
    "Minimum",
    ofBroadcast((dy, a, b) => [masked(dy, () => tf.lessEqual(a, b)), masked(dy, () => tf.greater(a, b))]),
  ),
  Maximum: binary(
    "Max",
    "Maximum",
    ofBroadcast((dy, a, b) => [masked(dy, () => tf.greaterEqual(a, b)), masked(dy, () => tf.less(a, b))]),
  ),
  Pow: binary(
    "Pow",
    "Pow",
    ofBroadcast((dy, a, b) => [
      () => tf.mul(dy(), tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
      // log of a base that is not positive has no gradient
      () =>
        tf.mul(dy(), tf.mul(tf.pow(a, b), tf.where(tf.greater(a, 0), tf.log(tf.abs(a)), tf.zerosLike(a)))),
    ]),
  ),
  SquaredDifference: operation({
    ...binary(
      "Sub",
      "SquaredDifference",
      ofBroadcast((dy, a, b) => {
        const slope = () => tf.mul(tf.mul(dy(), 2), tf.sub(a, b));
        return [slope, () => tf.neg(slope())];
      }),
    ),
    onnx: (onnx, inputs, _, [output]) => {
      const { shape, dtype } = output!;
      const difference = onnx.node("Sub", inputs, shape, dtype);
      return onnx.node("Mul", [difference, difference], shape, dtype);
    },
  }),
  AddN: operation({
    inputs: "list",
    accepts: {},
    shape: ([first]) => first!,
    onnx: (onnx, terms, _, [output]) => onnx.node("Sum", terms, output!.shape, output!.dtype),
    graphModel: graphModelNode("AddN", (_, terms) => ({ N: terms.length })),
    gradient: {
      saves: { saveAllInputs: true },
      // one with several inputs gives a list
      rule: (dy, inputs) => Object.fromEntries(inputs.map((_, index) => [index, () => dy])),
    },
  }),
};

/** Truth values, flat wherever they have a slope; without a gradient of 0 `tf.where(tf.greater(x, 0), ...)` fails. */
export const COMPARISONS: Operations = {
  Less: comparison("Less", "Less"),
  LessEqual: comparison("LessOrEqual", "LessEqual"),
  Greater: comparison("Greater", "Greater"),
  GreaterEqual: comparison("GreaterOrEqual", "GreaterEqual"),
  Equal: comparison("Equal", "Equal"),
  NotEqual: operation({
    ...comparison("Equal", "NotEqual"),
    onnx: (onnx, inputs) => elementwise(onnx, "Not", [elementwise(onnx, "Equal", inputs, "bool")], "bool"),
  }),
  LogicalAnd: comparison("And", "LogicalAnd"),
  LogicalOr: comparison("Or", "LogicalOr"),
};

function comparison(opType: string, graphModelOp: string): Operation {
  return binary(opType, graphModelOp, FLAT, "bool");
}

/** Written as one node of ONNX and one of TensorFlow. */
export function binary(
  opType: string,
  graphModelOp: string,
  gradient: Gradient,
  dtype?: ElementType,
): Operation {
  return operation({
    inputs: ["a", "b"],
    accepts: {},
    shape: ([a, b]) => ({ dtype: dtype ?? a!.dtype, shape: broadcastShape(a!.shape, b!.shape) }),
    onnx: (onnx, inputs, _, [output]) => elementwise(onnx, opType, inputs, output!.dtype),
    graphModel: graphModelNode(graphModelOp),
    gradient,
  });
}

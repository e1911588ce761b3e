// Sines, cosines and the angles they belong to, in radians.
import * as tf from "@tensorflow/tfjs-core";
import { elementwise } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import { binary } from "./arithmetic.js";
import { fromInput, ofBroadcast } from "./gradient.js";
import { type Operations, operation } from "./operation.js";
import { floatOnly, unary } from "./unary.js";

/** Trigonometric functions. */
export const ANGLES: Operations = {
  Sin: unary(
    "Sin",
    "Sin",
    "float32",
    fromInput((dy, x) => tf.mul(dy, tf.cos(x))),
  ),
  Cos: unary(
    "Cos",
    "Cos",
    "float32",
    fromInput((dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  ),
  Atan: unary(
    "Atan",
    "Atan",
    "float32",
    fromInput((dy, x) => tf.div(dy, tf.add(tf.square(x), 1))),
  ),
  /** Of a point whose coordinates are b to the right and a upwards. */
  Atan2: operation({
    ...binary(
      "Atan",
      "Atan2",
      ofBroadcast((dy, a, b) => {
        const perSquare = () => tf.div(dy(), tf.add(tf.square(a), tf.square(b)));
        return [() => tf.mul(perSquare(), b), () => tf.neg(tf.mul(perSquare(), a))];
      }),
    ),
    refuse: floatOnly,
    onnx: (onnx, [a, b]) => {
      const [zero, one, pi] = [onnx.number(0), onnx.number(1), onnx.number(Math.PI)];
      const float = (opType: string, inputs: readonly OnnxTensor[]) =>
        elementwise(onnx, opType, inputs, "float32");
      const bool = (opType: string, inputs: readonly OnnxTensor[]) =>
        elementwise(onnx, opType, inputs, "bool");
      // 0 over 0 and infinity over infinity are no numbers, but the angles there are: 0 and a quarter of pi
      const endless = bool("And", [bool("IsInf", [a!]), bool("IsInf", [b!])]);
      const diagonal = float("Mul", [float("Sign", [a!]), float("Sign", [b!])]);
      const finite = float("Where", [bool("Equal", [a!, zero]), a!, float("Div", [a!, b!])]);
      const ratio = float("Where", [endless, diagonal, finite]);
      // the left half plane: a half turn on, in the direction of a's sign
      const half = float("Where", [negative(onnx, a!), onnx.number(-Math.PI), pi]);
      const turn = float("Mul", [half, float("Where", [negative(onnx, b!), one, zero])]);
      return float("Add", [float("Atan", [ratio]), turn]);
    },
  }),
};

/** Where a number has a negative sign, as -0 has: it divides 1 into less than nothing. */
function negative(onnx: OnnxBuilder, x: OnnxTensor): OnnxTensor {
  const inverse = elementwise(onnx, "Div", [onnx.number(1), x], "float32");
  const below = elementwise(onnx, "Less", [inverse, onnx.number(0)], "bool");
  // 1 over minus infinity is -0
  return elementwise(onnx, "Or", [below, elementwise(onnx, "Less", [x, onnx.number(0)], "bool")], "bool");
}

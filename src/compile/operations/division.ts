// Divisions that leave a whole number, and what they leave over.
import * as tf from "@tensorflow/tfjs-core";
import { elementwise } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import type { ElementType } from "../graph/graph.js";
import { broadcastShape } from "../graph/shapes.js";
import { binary, FLAT } from "./arithmetic.js";
import { ofBroadcast } from "./gradient.js";
import { type Operations, operation } from "./operation.js";

/** Of float32 and int32; whole numbers divided by 0 give 0, as in TensorFlow.js, and do not stop the process. */
export const DIVISIONS: Operations = {
  /** The remainder, which has the sign of b. */
  Mod: operation({
    ...binary(
      "Mod",
      "Mod",
      ofBroadcast((dy, a, b) => [dy, () => tf.neg(tf.mul(dy(), tf.floor(tf.div(a, b))))]),
    ),
    onnx: (onnx, [a, b]) => {
      if (a!.dtype === "int32") return wholeRemainder(onnx, a!, largeDivisor(onnx, b!).divisor);
      const remainder = (x: OnnxTensor) => elementwise(onnx, "Mod", [x, b!], "float32", { fmod: 1 });
      const first = remainder(a!);
      const alike = sameSign(onnx, a!, b!);
      const moved = remainder(elementwise(onnx, "Add", [first, b!], "float32"));
      return elementwise(onnx, "Where", [alike, first, moved], "float32");
    },
  }),
  /** The quotient rounded down, an int32 whatever is divided. */
  FloorDiv: operation({
    ...binary("Div", "FloorDiv", FLAT),
    shape: ([a, b]) => ({ dtype: "int32", shape: broadcastShape(a!.shape, b!.shape) }),
    onnx: (onnx, [a, b]) => {
      const node = (opType: string, inputs: readonly OnnxTensor[], dtype: ElementType) =>
        elementwise(onnx, opType, inputs, dtype);
      const toInt = (x: OnnxTensor) => elementwise(onnx, "Cast", [x], "int32", { to: ELEMENT_TYPE.int32 });
      if (a!.dtype !== "int32") return toInt(node("Floor", [node("Div", [a!, b!], "float32")], "float32"));
      const { divisor, small } = largeDivisor(onnx, b!);
      // ONNX rounds towards 0: one too high where the remainders of both ways to round differ
      const towardsZero = node("Div", [a!, divisor], "int32");
      const left = elementwise(onnx, "Mod", [a!, divisor], "int32", { fmod: 1 });
      const exact = node("Equal", [left, wholeRemainder(onnx, a!, divisor)], "bool");
      const down = node("Sub", [towardsZero, toInt(node("Not", [exact], "bool"))], "int32");
      return node("Where", [small, node("Mul", [a!, b!], "int32"), down], "int32");
    },
  }),
};

/** Divisors with 1 in place of -1, 0 and 1 ("small"): processors stop at 0, and at the least number by -1. */
function largeDivisor(onnx: OnnxBuilder, b: OnnxTensor): { divisor: OnnxTensor; small: OnnxTensor } {
  const one = onnx.filled(1, [], "int32");
  const limited = elementwise(onnx, "Clip", [b, onnx.filled(-1, [], "int32"), one], "int32");
  const small = elementwise(onnx, "Equal", [limited, b], "bool");
  return { divisor: elementwise(onnx, "Where", [small, one, b], "int32"), small };
}

function wholeRemainder(onnx: OnnxBuilder, a: OnnxTensor, divisor: OnnxTensor): OnnxTensor {
  return elementwise(onnx, "Mod", [a, divisor], "int32");
}

function sameSign(onnx: OnnxBuilder, a: OnnxTensor, b: OnnxTensor): OnnxTensor {
  const below = (x: OnnxTensor) => elementwise(onnx, "Less", [x, onnx.number(0)], "bool");
  return elementwise(onnx, "Equal", [below(a), below(b)], "bool");
}

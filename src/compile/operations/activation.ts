// Activations of neurons that bend at 0.
import * as tf from "@tensorflow/tfjs-core";
import { elementwise } from "../emit/onnx/layout.js";
import { broadcastShape } from "../graph/shapes.js";
import { fromInput, masked, ofBroadcast } from "./gradient.js";
import { graphModelNode, type Operations, operation } from "./operation.js";
import { floatOnly, unary } from "./unary.js";

const { SELU_SCALE, SELU_SCALEALPHA } = tf.backend_util;

/** Rectifiers that are not flat below 0, or flat above. */
export const ACTIVATIONS: Operations = {
  Relu6: operation({
    ...unary(
      "Clip",
      "Relu6",
      "float32",
      fromInput((dy, x) => tf.mul(dy, tf.mul(tf.step(x), tf.cast(tf.lessEqual(x, 6), "float32")))),
    ),
    onnx: (onnx, [x]) => elementwise(onnx, "Clip", [x!, onnx.number(0), onnx.number(6)], "float32"),
  }),
  LeakyRelu: operation<{ alpha: number }>({
    inputs: ["x"],
    accepts: { alpha: "any" },
    attributes: (_, { alpha }) => ({ alpha }),
    refuse: floatOnly,
    shape: ([x]) => x!,
    onnx: (onnx, [x], { alpha }) =>
      elementwise(onnx, "LeakyRelu", [x!], "float32", { alpha: { float: alpha } }),
    graphModel: graphModelNode("LeakyRelu", ({ alpha }) => ({ alpha: { float: alpha } })),
    gradient: fromInput((dy, x, { alpha }) => tf.where(tf.greater(x, 0), dy, tf.mul(dy, alpha))),
  }),
  Prelu: operation({
    inputs: ["x", "alpha"],
    accepts: {},
    refuse: floatOnly,
    shape: ([x, alpha]) => ({ dtype: "float32", shape: broadcastShape(x!.shape, alpha!.shape) }),
    onnx: (onnx, [x, alpha]) => {
      // ONNX's PRelu repeats the slopes alone
      const below = elementwise(onnx, "Less", [x!, onnx.number(0)], "bool");
      const scaled = elementwise(onnx, "Mul", [x!, alpha!], "float32");
      return elementwise(onnx, "Where", [below, scaled, x!], "float32");
    },
    graphModel: graphModelNode("Prelu"),
    gradient: ofBroadcast(
      (dy, x, alpha) => [
        () => tf.where(tf.greater(x, 0), dy(), tf.mul(dy(), alpha)),
        masked(
          () => tf.mul(dy(), x),
          () => tf.lessEqual(x, 0),
        ),
      ],
      ["x", "alpha"],
    ),
  }),
  Selu: operation({
    ...unary(
      "Selu",
      "Selu",
      "float32",
      fromInput((dy, x) => {
        // no number above 0 enters the exponential, which would overflow in the branch that is not taken
        const below = tf.mul(SELU_SCALEALPHA, tf.exp(tf.minimum(x, 0)));
        return tf.mul(dy, tf.where(tf.greater(x, 0), tf.fill(x.shape, SELU_SCALE), below));
      }),
    ),
    onnx: (onnx, [x]) =>
      elementwise(onnx, "Selu", [x!], "float32", { alpha: SELU_SCALEALPHA / SELU_SCALE, gamma: SELU_SCALE }),
  }),
};

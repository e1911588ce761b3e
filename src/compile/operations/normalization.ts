// Channels brought to a common mean and spread by statistics that are given.
import * as tf from "@tensorflow/tfjs-core";
import { transpose, view } from "../emit/onnx/layout.js";
import { type Operations, operation } from "./operation.js";
import { TO_NCHW, TO_NHWC } from "./windows.js";

/** What TensorFlow.js adds to a variance where nothing is said. */
const EPSILON = 1e-3;

/** Pictures [N, H, W, C]; scale, offset, mean and variance have a number for each channel, [C]. */
export const NORMALIZATIONS: Operations = {
  FusedBatchNorm: operation<{ epsilon: number }>({
    inputs: ["x", "scale", "offset", "mean", "variance"],
    accepts: { varianceEpsilon: "any" },
    attributes: (_, { varianceEpsilon }) => ({ epsilon: varianceEpsilon ?? EPSILON }),
    refuse: ([x, scale, , mean]) => {
      const channels = x!.shape.at(-1);
      const odd = [scale!, mean!].find(({ shape }) => shape.length !== 1 || shape[0] !== channels);
      return (
        odd &&
        `with statistics of shape [${odd.shape}] for ${channels} channels: they need one number for each, [${channels}]`
      );
    },
    shape: ([x]) => x!,
    onnx: (onnx, [x, ...statistics], { epsilon }) => {
      const pictures = transpose(onnx, x!, TO_NCHW);
      const y = onnx.node("BatchNormalization", [pictures, ...statistics], pictures.shape, "float32", {
        epsilon: { float: epsilon },
      });
      return view(y, TO_NHWC);
    },
    graphModel: (model, inputs, { epsilon }, [output]) =>
      model.node("FusedBatchNormV3", inputs, output!, {
        U: { type: "float32" },
        epsilon: { float: epsilon },
        is_training: false,
        data_format: "NHWC",
      }),
    gradient: {
      saves: { inputsToSave: ["x", "mean", "variance", "scale"] },
      rule: (dy, saved, { varianceEpsilon = EPSILON }) => {
        const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const perChannel = (values: tf.Tensor) => tf.sum(values, [0, 1, 2]);
        const rate = () => tf.rsqrt(tf.add(variance, varianceEpsilon));
        const alike = () => perChannel(tf.mul(dy, tf.sub(x, mean)));
        return {
          x: () => tf.mul(dy, tf.mul(scale, rate())),
          scale: () => tf.mul(alike(), rate()),
          offset: () => perChannel(dy),
          mean: () => tf.neg(tf.mul(perChannel(dy), tf.mul(scale, rate()))),
          variance: () => {
            const r = rate();
            return tf.mul(tf.mul(alike(), tf.mul(scale, -0.5)), tf.mul(r, tf.mul(r, r)));
          },
        };
      },
    },
  }),
};

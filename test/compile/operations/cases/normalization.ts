// Cases of normalisation by statistics that are given.
import * as tf from "@tensorflow/tfjs-core";
import { type Cases, type Draw, float, shapeOf } from "./draw.js";

type Normalize = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor) => tf.Tensor;

function normalizing(normalize: (offset: tf.Tensor, scale: tf.Tensor, epsilon: number) => Normalize): Draw {
  return (random) => {
    const shape = shapeOf(random, 1 + random.integer(4));
    const each = float([shape.at(-1)!]);
    const epsilon = random.uniform(0.001, 1);
    return {
      inputs: { x: float(shape), mean: each, variance: each, offset: each, scale: each },
      fn: ({ x, mean, variance, offset, scale }) => ({
        y: normalize(offset!, scale!, epsilon)(x!, mean!, variance!),
      }),
      positive: true,
    };
  };
}

/** By kernel. */
export const NORMALIZATION_CASES: Cases = {
  FusedBatchNorm: [
    normalizing((offset, scale, epsilon) => (x, mean, variance) => {
      return tf.batchNorm(x, mean, variance, offset, scale, epsilon);
    }),
    // after a convolution it runs on the picture as it lies; a whole epsilon is no integer to ONNX
    normalizing((offset, scale) => (x, mean, variance) => {
      const picture = tf.reshape(x, [1, -1, 1, x.shape.at(-1)!]) as tf.Tensor4D;
      const filter = tf.tensor4d(
        Array.from({ length: x.shape.at(-1)! ** 2 }, (_, k) => Math.sin(k)),
        [1, 1, x.shape.at(-1)!, x.shape.at(-1)!],
      );
      return tf.relu(tf.batchNorm(tf.conv2d(picture, filter, 1, "valid"), mean, variance, offset, scale, 1));
    }),
    // the gradient of a gradient
    (random) => {
      const [rows, columns] = [2 + random.integer(3), 1 + random.integer(3)];
      const each = float([columns]);
      return {
        inputs: { x: float([rows, columns]), mean: each, variance: each, offset: each, scale: each },
        fn: ({ x, mean, variance, offset, scale }) => ({
          y: tf.grad((z) =>
            tf.sum(
              tf.square(
                tf.batchNorm(
                  z as tf.Tensor2D,
                  mean as tf.Tensor1D,
                  variance as tf.Tensor1D,
                  offset as tf.Tensor1D,
                  scale as tf.Tensor1D,
                ),
              ),
            ),
          )(x!),
        }),
        positive: true,
      };
    },
  ],
};

// From images to features: the choice of encoders, and how each wants its pixels.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../math/usage-error.js";
import { type ImageShape, natureEncoder, natureSpecs } from "./convolution.js";
import type { ParameterSpec } from "./parameters.js";
import { patchEncoder, patchEncoderSpecs, patchOrder } from "./patch-encoder.js";

/** How a network takes images. */
export interface ImageInput {
  /** As they are drawn. [height, width, channels] */
  readonly shape: ImageShape;
  /** The index in the drawn image of each byte that the network takes; absent: it takes them as they are. */
  readonly order?: Int32Array;
  /** Bring drawn images [N, bytes] into that order. */
  arrange?(images: tf.Tensor2D): tf.Tensor2D;
}

/** Reads images. */
export interface ImageEncoder extends ImageInput {
  /** Its parameters. */
  readonly specs: readonly ParameterSpec[];
  /** From images [N, bytes] of 0 to 255, in the encoder's order, to [N, features], not negative. */
  apply(images: tf.Tensor2D, parameters: Readonly<Record<string, tf.Tensor>>): tf.Tensor2D;
}

/** Numbers that an image comes down to. */
export const IMAGE_FEATURES = 128;

/** Encoders that an agent may choose from. */
export const ENCODER_NAMES = ["patch", "nature"] as const;

/** One of `ENCODER_NAMES`: 8 x 8 patches by matrix products, or the convolutions of Mnih et al. (2015), 6 times slower. */
export type EncoderName = (typeof ENCODER_NAMES)[number];

/** Smallest side that the convolutions of the Nature-CNN leave a pixel of. */
const NATURE_LEAST = 36;
const BLOCK = 16;

/** Make an encoder with `features` numbers out; throws a UsageError for images that it cannot take. */
export function imageEncoder(
  name: EncoderName,
  prefix: string,
  shape: ImageShape,
  features: number,
): ImageEncoder {
  const [height, width, channels] = shape;
  const size = `${width} x ${height} pixels`;
  if (name === "nature") {
    if (height < NATURE_LEAST || width < NATURE_LEAST) {
      throw new UsageError(
        `The image has ${size}; the encoder "nature" takes at least ${NATURE_LEAST} x ${NATURE_LEAST}. Set the cameras' width and height to more, for example 64.`,
      );
    }
    return {
      shape,
      specs: natureSpecs(prefix, shape, features),
      apply: (images, parameters) =>
        natureEncoder(tf.reshape(images, [-1, height, width, channels]), parameters, prefix),
    };
  }
  if (height % BLOCK !== 0 || width % BLOCK !== 0) {
    throw new UsageError(
      `The image has ${size}; the encoder "patch" takes sides that are multiples of ${BLOCK}. Set the cameras' width and height to such, for example 64, or encoder=nature.`,
    );
  }
  const [rows, columns] = [height / BLOCK, width / BLOCK];
  return {
    shape,
    order: patchOrder(shape),
    arrange: (images) => {
      // rows of blocks, rows of patches, rows; columns of blocks, of patches, columns with channels
      const cut = tf.reshape(images, [-1, 2, BLOCK / 2, columns, 2, (BLOCK / 2) * channels]);
      const byPatch = tf.transpose(cut, [0, 3, 1, 4, 2, 5]);
      return tf.reshape(byPatch, [images.shape[0], rows * columns * BLOCK ** 2 * channels]);
    },
    specs: patchEncoderSpecs(prefix, shape, features),
    apply: (images, parameters) => patchEncoder(images, shape, parameters, prefix),
  };
}

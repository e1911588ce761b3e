// An encoder of images that are stored in patch order: matrix products only, several times faster than convolutions.
import * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "./convolution.js";
import { dense, denseSpecs } from "./dense.js";
import type { ParameterSpec } from "./parameters.js";

/** Edge of a patch in pixels; two by two patches make a block. */
const PATCH = 8;
const BLOCK = 2 * PATCH;
/** Numbers that are left of each patch and of each block. */
const PATCH_FEATURES = 32;
const BLOCK_FEATURES = 64;
/** Brightness that means nothing, and the difference that counts as 1. */
const MIDDLE = 150;
const SPREAD = 64;

/**
 * Return, for each byte of an image in patch order, its index in the image [H, W, C]: block by block, in each block patch
 * by patch, in each patch row by row. Height and width are multiples of 16, else this throws an Error.
 */
export function patchOrder([height, width, channels]: ImageShape): Int32Array {
  if (height % BLOCK !== 0 || width % BLOCK !== 0)
    throw new Error(`an image of ${height} x ${width} pixels cannot be cut into blocks of ${BLOCK}`);
  const order = new Int32Array(height * width * channels);
  const place = (k: number) => {
    const channel = k % channels;
    const pixel = Math.floor(k / channels);
    const [patch, inPatch] = [Math.floor(pixel / PATCH ** 2), pixel % PATCH ** 2];
    const [block, inBlock] = [Math.floor(patch / 4), patch % 4];
    const blocksPerRow = width / BLOCK;
    const top = BLOCK * Math.floor(block / blocksPerRow) + PATCH * Math.floor(inBlock / 2);
    const left = BLOCK * (block % blocksPerRow) + PATCH * (inBlock % 2);
    const [row, column] = [top + Math.floor(inPatch / PATCH), left + (inPatch % PATCH)];
    return (row * width + column) * channels + channel;
  };
  return order.map((_, k) => place(k));
}

/** List the parameters of the encoder for images of `shape` with `features` numbers out. */
export function patchEncoderSpecs(prefix: string, shape: ImageShape, features: number): ParameterSpec[] {
  const [height, width, channels] = shape;
  const blocks = (height * width) / BLOCK ** 2;
  const layer = (index: number, inputs: number, outputs: number) =>
    denseSpecs(`${prefix}/${index}`, [inputs, outputs], { output: Math.SQRT2 });
  return [
    ...layer(0, PATCH ** 2 * channels, PATCH_FEATURES),
    ...layer(1, 4 * PATCH_FEATURES, BLOCK_FEATURES),
    ...layer(2, blocks * BLOCK_FEATURES, features),
  ];
}

/** Apply the encoder to images [N, H * W * C] of 0 to 255 in patch order; [N, features], not negative. */
export function patchEncoder(
  images: tf.Tensor2D,
  shape: ImageShape,
  parameters: Readonly<Record<string, tf.Tensor>>,
  prefix: string,
): tf.Tensor2D {
  const channels = shape[2];
  const pixels: tf.Tensor2D = tf.reshape(images, [-1, PATCH ** 2 * channels]);
  // (pixel - MIDDLE) / SPREAD, moved into the few weights: no pass over the many pixels
  const weight: tf.Tensor2D = tf.div(parameters[`${prefix}/0/0/weight`] as tf.Tensor2D, SPREAD);
  const bias = tf.sub(parameters[`${prefix}/0/0/bias`]!, tf.mul(tf.sum(weight, 0), MIDDLE));
  const patches = tf.relu(tf.add(tf.matMul(pixels, weight), bias));
  const blocks = tf.relu(dense(tf.reshape(patches, [-1, 4 * PATCH_FEATURES]), parameters, `${prefix}/1/0`));
  return tf.relu(dense(tf.reshape(blocks, [images.shape[0], -1]), parameters, `${prefix}/2/0`));
}

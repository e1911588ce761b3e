// Dropout by masks that are handed in: drawn from a run's streams, so that a training can be repeated.
import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../math/random.js";

/**
 * Leave out what `mask` has a 0 for, and scale up the rest (Srivastava et al., "Dropout", 2014).
 *
 * `mask` is broadcast against x: [N, 1, 1, C] leaves out whole channels of images. In use there is no mask and no dropout.
 */
export function dropout<T extends tf.Tensor>(x: T, mask: tf.Tensor): T {
  return tf.mul(x, mask) as T;
}

/**
 * Fill a mask in place: each entry is 0 with a probability of `rate`, 1 / (1 - rate) otherwise, so that what comes through is right in
 * the mean. One draw for each entry, in their order.
 *
 * @example
 * const mask = drawDropoutMask(new Float32Array(64 * 128), 0.5, createRandom(`${seed}/dropout`));
 */
export function drawDropoutMask(mask: Float32Array, rate: number, random: Random): Float32Array {
  const kept = 1 / (1 - rate);
  for (let k = 0; k < mask.length; k++) mask[k] = random.uniform() < rate ? 0 : kept;
  return mask;
}

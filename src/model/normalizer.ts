// Standardise an input: subtract a mean, multiply by a scale, clip.
import * as tf from "@tensorflow/tfjs-core";
import { RunningStatistics, type RunningStatisticsState } from "../math/running-statistics.js";

/** Statistics of an input, frozen. */
export interface Normalizer {
  /** [O], in the input's units */
  readonly mean: Float32Array;
  /** 1 / √(variance + floor²). [O] */
  readonly scale: Float32Array;
}

/** Standardised numbers are clipped to this many standard deviations. */
export const NORMALIZED_CLIP = 10;

/** Freeze statistics. */
export function normalizerOf(statistics: RunningStatistics): Normalizer {
  return {
    mean: Float32Array.from(statistics.mean),
    scale: Float32Array.from(statistics.mean, (_, entry) => statistics.scale(entry)),
  };
}

/** Freeze statistics that were kept as plain data; throws a UsageError where they are damaged. */
export function normalizerOfState(state: RunningStatisticsState): Normalizer {
  const statistics = new RunningStatistics(state.mean.length);
  statistics.restore(state);
  return normalizerOf(statistics);
}

/** Standardise the rows of `x` [N, O] and clip them to ±10. */
export function normalizeTensor(x: tf.Tensor, mean: tf.Tensor, scale: tf.Tensor): tf.Tensor2D {
  const normalized = tf.mul(tf.sub(x, mean), scale);
  return tf.clipByValue(normalized, -NORMALIZED_CLIP, NORMALIZED_CLIP) as tf.Tensor2D;
}

/** Standardise `rows` [N * O] into `target` from `offset` on, with the same rounding as in a compiled model. */
export function normalizeInto(
  target: Float32Array,
  offset: number,
  rows: Float32Array,
  { mean, scale }: Normalizer,
): void {
  const size = mean.length;
  for (let k = 0; k < rows.length; k++) {
    const value = Math.fround(Math.fround(rows[k]! - mean[k % size]!) * scale[k % size]!);
    target[offset + k] = Math.max(-NORMALIZED_CLIP, Math.min(NORMALIZED_CLIP, value));
  }
}

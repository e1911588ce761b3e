// How well a mask of pixels covers the true one.
import { requireClasses, requirePairs } from "./measured.js";

/**
 * Return the intersection over union of two masks of 0 and 1; undefined where both are empty.
 *
 * @throws UsageError where the masks differ in size, are empty lists, or hold other numbers.
 * @example
 * const iou = maskIou([1, 1, 0, 0], [0, 1, 1, 0]); // 1 / 3
 */
export function maskIou(truth: ArrayLike<number>, prediction: ArrayLike<number>): number | undefined {
  requirePairs(["true pixels", truth], ["predicted pixels", prediction]);
  requireClasses("true pixels", truth, 2);
  requireClasses("predicted pixels", prediction, 2);
  let both = 0;
  let either = 0;
  for (let i = 0; i < truth.length; i++) {
    both += truth[i]! & prediction[i]!;
    either += truth[i]! | prediction[i]!;
  }
  return either === 0 ? undefined : both / either;
}

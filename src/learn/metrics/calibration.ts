// Does a confidence of 80 % mean right in 80 % of cases? Reliability, calibration error, conformal intervals.
import { UsageError } from "../../math/usage-error.js";
import { requireClasses, requireFinite, requirePairs, requireSome } from "./measured.js";

/** Predictions whose confidence lies in `(low, high]`. */
export interface ReliabilityBin {
  /** Left out. */
  readonly low: number;
  /** Included. */
  readonly high: number;
  /** How many there are. */
  readonly count: number;
  /** Mean confidence; undefined in an empty bin. */
  readonly confidence: number | undefined;
  /** Share of predictions that are right; undefined in an empty bin. */
  readonly accuracy: number | undefined;
}

/**
 * Return how often predictions are right by how confident they were: bins of equal width from 0 to 1.
 *
 * `confidences` are those of the predicted classes, `correct` is 1 where the prediction is right, else 0.
 *
 * @throws UsageError where the lists differ in length, are empty, or a confidence lies outside of 0 to 1.
 * @example
 * const diagram = reliabilityDiagram([0.95, 0.6, 0.7], [1, 0, 1], 10);
 */
export function reliabilityDiagram(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number>,
  numBins = 15,
): ReliabilityBin[] {
  requirePairs(["confidences", confidences], ["marks of correct predictions", correct]);
  requireClasses("marks of correct predictions", correct, 2);
  if (!(Number.isInteger(numBins) && numBins >= 1)) {
    throw new UsageError(`numBins is ${numBins}, expected a whole number of at least 1.`);
  }
  const bins = Array.from({ length: numBins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let i = 0; i < confidences.length; i++) {
    const confidence = confidences[i]!;
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new UsageError(`Number ${i} of the confidences is ${confidence}, expected one from 0 to 1.`);
    }
    const bin = bins[Math.max(0, Math.ceil(confidence * numBins) - 1)]!;
    bin.count++;
    bin.confidence += confidence;
    bin.right += correct[i]!;
  }
  return bins.map(({ count, confidence, right }, index) => ({
    low: index / numBins,
    high: (index + 1) / numBins,
    count,
    confidence: count === 0 ? undefined : confidence / count,
    accuracy: count === 0 ? undefined : right / count,
  }));
}

/**
 * Return the expected calibration error: the mean distance of accuracy from confidence over bins of equal width, by count.
 *
 * Source: Guo et al., On Calibration of Modern Neural Networks (2017), with their 15 bins.
 *
 * @throws UsageError as `reliabilityDiagram` does.
 * @example
 * const error = expectedCalibrationError(confidences, correct);
 */
export function expectedCalibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number>,
  numBins = 15,
): number {
  return reliabilityDiagram(confidences, correct, numBins).reduce(
    (sum, { count, confidence, accuracy }) =>
      count === 0 ? sum : sum + (count / confidences.length) * Math.abs(accuracy! - confidence!),
    0,
  );
}

/**
 * Return the margin that split conformal prediction adds: of n scores of a calibration set the ⌈(n + 1) coverage⌉-th smallest.
 *
 * A new row, exchangeable with those of the calibration set, has a score of at most that with a probability of `coverage` at
 * least. Infinite where the set is too small for the coverage.
 * Source: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005).
 *
 * @throws UsageError where there are no scores, or the coverage does not lie between 0 and 1.
 * @example
 * const margin = conformalQuantile(targets.map((target, i) => Math.abs(target - predictions[i])), 0.9);
 */
export function conformalQuantile(scores: ArrayLike<number>, coverage: number): number {
  requireSome("scores", scores);
  requireFinite("scores", scores);
  if (!(coverage > 0 && coverage < 1)) {
    throw new UsageError(`The coverage is ${coverage}, expected one between 0 and 1.`);
  }
  const rank = Math.ceil((scores.length + 1) * coverage);
  return Float64Array.from(scores).sort()[rank - 1] ?? Number.POSITIVE_INFINITY;
}

/**
 * Return the share of targets that lie in their intervals, ends included.
 *
 * @throws UsageError where the lists differ in length or are empty.
 * @example
 * const coverage = intervalCoverage(targets, lower, upper);
 */
export function intervalCoverage(
  targets: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  requirePairs(["targets", targets], ["lower ends", lower]);
  requirePairs(["targets", targets], ["upper ends", upper]);
  let inside = 0;
  for (let i = 0; i < targets.length; i++) {
    if (targets[i]! >= lower[i]! && targets[i]! <= upper[i]!) inside++;
  }
  return inside / targets.length;
}

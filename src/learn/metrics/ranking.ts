// How well a score ranks positives above negatives: ROC and precision-recall curves and the areas below them.
import { UsageError } from "../../math/usage-error.js";
import { requireClasses, requireFinite, requirePairs } from "./measured.js";

/** A curve over falling thresholds: its points, in order, and the threshold of each. */
export interface ScoreCurve {
  /** False positive rate, or recall. */
  readonly x: readonly number[];
  /** True positive rate, or precision. */
  readonly y: readonly number[];
  /** A row counts as positive where its score is at least this. */
  readonly thresholds: readonly number[];
}

/**
 * Return the receiver operating characteristic: false positive rate (x) and true positive rate (y), from (0, 0) to (1, 1).
 *
 * `labels` are 1 (positive) or 0, `scores` are greater for what is more likely positive; rows of equal scores are one point.
 *
 * @throws UsageError where lists differ in length, hold other labels or scores that are not finite, or one class is missing.
 * @example
 * const { x, y } = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): ScoreCurve {
  const { positives, negatives, steps } = countSteps(labels, scores);
  requireBoth(positives, negatives);
  return {
    x: [0, ...steps.map(({ falsePositives }) => falsePositives / negatives)],
    y: [0, ...steps.map(({ truePositives }) => truePositives / positives)],
    thresholds: [Number.POSITIVE_INFINITY, ...steps.map(({ threshold }) => threshold)],
  };
}

/**
 * Return the area under the ROC curve: how likely a positive row has a greater score than a negative one, ties counting half.
 *
 * @throws UsageError as `rocCurve` does.
 * @example
 * const area = rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { x, y } = rocCurve(labels, scores);
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}

/**
 * Return precision (y) against recall (x), by rising recall.
 *
 * @throws UsageError where lists differ in length, hold other labels or scores that are not finite, or no row is positive.
 * @example
 * const { x: recall, y: precision } = precisionRecallCurve(labels, scores);
 */
export function precisionRecallCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): ScoreCurve {
  const { positives, steps } = countSteps(labels, scores);
  if (positives === 0) {
    throw new UsageError("No row is positive, expected at least one: recall is undefined without.");
  }
  return {
    x: steps.map(({ truePositives }) => truePositives / positives),
    y: steps.map(({ truePositives, falsePositives }) => truePositives / (truePositives + falsePositives)),
    thresholds: steps.map(({ threshold }) => threshold),
  };
}

/**
 * Return the average precision: the area under the precision-recall curve as a sum of steps, which no interpolation flatters.
 *
 * Source: scikit-learn's `average_precision_score`, Σ (Rₙ - Rₙ₋₁) Pₙ.
 *
 * @throws UsageError as `precisionRecallCurve` does.
 * @example
 * const area = averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.8333
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { x, y } = precisionRecallCurve(labels, scores);
  return x.reduce((sum, recall, i) => sum + (recall - (x[i - 1] ?? 0)) * y[i]!, 0);
}

/** Counts of rows whose score is at least each distinct score, by falling score. */
function countSteps(labels: ArrayLike<number>, scores: ArrayLike<number>) {
  requirePairs(["labels", labels], ["scores", scores]);
  requireClasses("labels", labels, 2);
  requireFinite("scores", scores);
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const steps: { threshold: number; truePositives: number; falsePositives: number }[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  for (const [rank, row] of order.entries()) {
    if (labels[row] === 1) truePositives++;
    else falsePositives++;
    const threshold = scores[row]!;
    if (rank + 1 < order.length && scores[order[rank + 1]!] === threshold) continue;
    steps.push({ threshold, truePositives, falsePositives });
  }
  return { positives: truePositives, negatives: falsePositives, steps };
}

function requireBoth(positives: number, negatives: number): void {
  if (positives > 0 && negatives > 0) return;
  throw new UsageError(
    `There are ${positives} positive and ${negatives} negative rows, expected some of both: the curve is undefined without.`,
  );
}

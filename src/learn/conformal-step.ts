// Intervals that hold: outermost quantiles widened by what a calibration set asks for.
import type { DataArrays } from "../data/dataset.js";
import { UsageError } from "../math/usage-error.js";
import { conformalQuantile, intervalCoverage } from "./metrics/calibration.js";

/** A fitted step behind a model, as plain data: it stands in the provenance of the model. */
export interface ConformalStep {
  /** Of the model, with a number for each quantile. */
  readonly output: string;
  /** Least share of new rows whose target is to lie inside. */
  readonly coverage: number;
  /** What is subtracted from the lowest quantile and added to the highest; below 0 it narrows. In the unit of the output. */
  readonly margin: number;
  /** Targets that it was fitted on. */
  readonly count: number;
}

/** Both ends of each interval. */
export interface PredictionIntervals {
  /** The lowest quantile less the margin. */
  readonly lower: Float64Array;
  /** The highest quantile plus the margin. */
  readonly upper: Float64Array;
}

/**
 * Fit the margin of an output on a calibration set, whose rows are exchangeable with those to come and were not learned from.
 *
 * `predictions` [rows * quantiles] are what `evaluatePredictor` keeps of the output, `targets` [rows] the truth.
 * Source: Romano, Patterson and Candès, Conformalized Quantile Regression (2019).
 *
 * @throws UsageError where numbers are missing, are too few for the coverage, or the coverage does not lie between 0 and 1.
 * @example
 * const step = fitConformal("life", report.predictions.life, targets, { quantiles: 3, coverage: 0.9 });
 */
export function fitConformal(
  output: string,
  predictions: DataArrays[string],
  targets: ArrayLike<number>,
  { quantiles, coverage }: { readonly quantiles: number; readonly coverage: number },
): ConformalStep {
  const { lower, upper } = ends(predictions, targets.length, quantiles);
  const scores = Float64Array.from(targets, (target, k) => Math.max(lower[k]! - target, target - upper[k]!));
  const margin = conformalQuantile(scores, coverage);
  if (margin === Number.POSITIVE_INFINITY)
    throw new UsageError(
      `${targets.length} targets are too few for a coverage of ${coverage}, expected at least ${Math.ceil(coverage / (1 - coverage) - 1e-9)}.`,
    );
  return { output, coverage, margin, count: targets.length };
}

/**
 * Return the intervals of a fitted step, for predictions [rows * quantiles]; ends that crossed meet in their middle.
 *
 * @throws UsageError where the predictions are no whole rows.
 * @example
 * const { lower, upper } = conformalIntervals(step, report.predictions.life, 3);
 */
export function conformalIntervals(
  { margin }: ConformalStep,
  predictions: DataArrays[string],
  quantiles: number,
): PredictionIntervals {
  const { lower, upper } = ends(predictions, predictions.length / quantiles, quantiles);
  for (let k = 0; k < lower.length; k++) {
    const [low, high] = [lower[k]! - margin, upper[k]! + margin];
    lower[k] = Math.min(low, (low + high) / 2);
    upper[k] = Math.max(high, (low + high) / 2);
  }
  return { lower, upper };
}

/**
 * Return the share of targets within the intervals of a fitted step, and how wide these are in the mean.
 *
 * @throws UsageError where numbers are missing.
 * @example
 * const { coverage, width } = conformalCoverage(step, report.predictions.life, targets, 3);
 */
export function conformalCoverage(
  step: ConformalStep,
  predictions: DataArrays[string],
  targets: ArrayLike<number>,
  quantiles: number,
): { readonly coverage: number; readonly width: number } {
  const { lower, upper } = conformalIntervals(step, predictions, quantiles);
  const width = upper.reduce((sum, high, k) => sum + high - lower[k]!, 0) / upper.length;
  return { coverage: intervalCoverage(targets, lower, upper), width };
}

function ends(predictions: DataArrays[string], rows: number, quantiles: number): PredictionIntervals {
  if (!(quantiles >= 2) || predictions.length !== rows * quantiles)
    throw new UsageError(
      `There are ${predictions.length} predictions for ${rows} targets of ${quantiles} quantiles, expected ${rows} x ${quantiles} and two quantiles at least.`,
    );
  const at = (place: number) =>
    Float64Array.from({ length: rows }, (_, k) => predictions[k * quantiles + place]!);
  return { lower: at(0), upper: at(quantiles - 1) };
}

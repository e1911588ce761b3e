// How far predictions of numbers are off.
import { requireFinite, requirePairs } from "./measured.js";

/** In the prognostics score, an error of so many cycles costs e - 1: too late a warning is worse than too early a one. */
const LATE = 10;
const EARLY = 13;

/**
 * Return the root mean squared error, in the unit of the targets.
 *
 * @throws UsageError where the lists differ in length, are empty or not finite.
 * @example
 * const error = rmse([1, 2, 4], [1, 3, 2]); // sqrt(5 / 3)
 */
export function rmse(targets: ArrayLike<number>, predictions: ArrayLike<number>): number {
  return Math.sqrt(meanOverErrors(targets, predictions, (error) => error * error));
}

/**
 * Return the mean absolute error, in the unit of the targets.
 *
 * @throws UsageError where the lists differ in length, are empty or not finite.
 * @example
 * const error = mae([1, 2, 4], [1, 3, 2]); // 1
 */
export function mae(targets: ArrayLike<number>, predictions: ArrayLike<number>): number {
  return meanOverErrors(targets, predictions, Math.abs);
}

/**
 * Return the score of the PHM08 prognostics challenge, summed over rows: exp(d / 10) - 1 for a remaining life predicted too long
 * by d, exp(-d / 13) - 1 for one too short.
 *
 * Source: Saxena et al., Damage Propagation Modeling for Aircraft Engine Run-to-Failure Simulation (PHM 2008).
 *
 * @throws UsageError where the lists differ in length, are empty or not finite.
 * @example
 * const score = nasaScore([50, 20], [60, 7]); // (e - 1) + (e - 1)
 */
export function nasaScore(targets: ArrayLike<number>, predictions: ArrayLike<number>): number {
  const cost = (error: number) => Math.expm1(error >= 0 ? error / LATE : -error / EARLY);
  return targets.length * meanOverErrors(targets, predictions, cost);
}

/** Mean of a function of prediction less target. */
function meanOverErrors(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  of: (error: number) => number,
): number {
  requirePairs(["targets", targets], ["predictions", predictions]);
  requireFinite("targets", targets);
  requireFinite("predictions", predictions);
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += of(predictions[i]! - targets[i]!);
  return sum / targets.length;
}

// Is one model better than another on the same rows? Paired tests.
import { createRandom } from "../../math/random.js";
import { type BootstrapOptions, bootstrapInterval, type Estimate, meanOf } from "./intervals.js";
import { requireClasses, requirePairs } from "./measured.js";

/** What McNemar's test says. */
export interface McNemarResult {
  /** Rows that the first model has right and the second wrong. */
  readonly firstOnly: number;
  /** Rows that the second model has right and the first wrong. */
  readonly secondOnly: number;
  /** Two-sided exact p-value; 1 where the models are right and wrong on the same rows. */
  readonly pValue: number;
}

/** The mean difference of two models' numbers, with its interval. */
export interface PairedDifference extends Estimate {
  /** Two-sided p-value of no difference, by flipping the signs of differences at random. */
  readonly pValue: number;
}

/**
 * Test whether two classifiers err equally often on the same rows: McNemar's test, exact.
 *
 * `firstCorrect` and `secondCorrect` are 1 where that model has the row right, else 0. Under the null hypothesis rows that only
 * one of the two has right belong to either with probability 1/2.
 * Source: McNemar, Note on the sampling error of the difference between correlated proportions (1947).
 *
 * @throws UsageError where the lists differ in length, are empty, or hold other numbers.
 * @example
 * const { pValue } = mcnemarTest(firstCorrect, secondCorrect);
 */
export function mcnemarTest(
  firstCorrect: ArrayLike<number>,
  secondCorrect: ArrayLike<number>,
): McNemarResult {
  requirePairs(["marks of the first model", firstCorrect], ["marks of the second model", secondCorrect]);
  requireClasses("marks of the first model", firstCorrect, 2);
  requireClasses("marks of the second model", secondCorrect, 2);
  let firstOnly = 0;
  let secondOnly = 0;
  for (let i = 0; i < firstCorrect.length; i++) {
    if (firstCorrect[i]! > secondCorrect[i]!) firstOnly++;
    if (firstCorrect[i]! < secondCorrect[i]!) secondOnly++;
  }
  const fewer = Math.min(firstOnly, secondOnly);
  const pValue = Math.min(1, 2 * binomialTail(fewer, firstOnly + secondOnly));
  return { firstOnly, secondOnly, pValue };
}

/**
 * Return the mean of `first` minus `second`, row by row, with its 95 % bootstrap interval and the p-value of a sign-flip test.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 15.
 *
 * @throws UsageError where the lists differ in length, are empty or not finite.
 * @example
 * const { value, interval, pValue } = pairedDifference(errorsOfA, errorsOfB, { seed: "1" });
 */
export function pairedDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions,
): PairedDifference {
  requirePairs(["numbers of the first model", first], ["numbers of the second model", second]);
  const differences = Float64Array.from(first, (value, i) => value - second[i]!);
  const estimate = bootstrapInterval(differences, meanOf, options);
  const { seed, resamples = 2000 } = options;
  const random = createRandom(`${seed}/sign-flips`);
  let asFar = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (const difference of differences) sum += random.uniform() < 0.5 ? difference : -difference;
    // a sum that is the same up to rounding counts
    if (Math.abs(sum / differences.length) >= Math.abs(estimate.value) * (1 - 1e-12)) asFar++;
  }
  return { ...estimate, pValue: (asFar + 1) / (resamples + 1) };
}

/** Probability of at most `most` heads in `count` tosses of a fair coin. */
function binomialTail(most: number, count: number): number {
  // by logarithms: 2^-count alone underflows
  let logTerm = -count * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let heads = 1; heads <= most; heads++) {
    logTerm += Math.log((count - heads + 1) / heads);
    sum += Math.exp(logTerm);
  }
  return sum;
}

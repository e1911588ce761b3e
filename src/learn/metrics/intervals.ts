// How sure a measured number is: intervals of rates, of means, and of interquartile means over seeds.
import { createRandom } from "../../math/random.js";
import { UsageError } from "../../math/usage-error.js";
import { requireFinite, requireSome } from "./measured.js";

/** Quantile of the standard normal distribution that 97.5 % lie below. */
const Z = 1.959963984540054;

/** A number and its 95 % interval. */
export interface Estimate {
  /** As measured on all values. */
  readonly value: number;
  /** Both ends. */
  readonly interval: readonly [low: number, high: number];
}

/** How an interval is drawn by resampling. */
export interface BootstrapOptions {
  /** Names the random stream: the same seed gives the same interval. */
  readonly seed: string;
  /** Default 2000. */
  readonly resamples?: number;
}

/**
 * Return the 95 % interval of a rate (Wilson, 1927); of no tries at all, [0, 1].
 *
 * @throws Nothing.
 * @example
 * const [low, high] = wilsonInterval(195, 200);
 */
export function wilsonInterval(successes: number, count: number): readonly [number, number] {
  if (count === 0) return [0, 1];
  const z = Z;
  const rate = successes / count;
  const middle = (rate + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half =
    (z / (1 + (z * z) / count)) * Math.sqrt((rate * (1 - rate)) / count + (z * z) / (4 * count * count));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/**
 * Return a statistic of `values` with its 95 % interval by the percentile bootstrap.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993).
 *
 * @throws UsageError where there are no values, or one is not finite.
 * @example
 * const { value, interval } = bootstrapInterval(errors, meanOf, { seed: "1" });
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (values: Float64Array) => number,
  { seed, resamples = 2000 }: BootstrapOptions,
): Estimate {
  requireSome("values", values);
  requireFinite("values", values);
  const random = createRandom(`${seed}/bootstrap`);
  const drawn = new Float64Array(values.length);
  const estimates = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = values[random.integer(values.length)]!;
    return statistic(drawn);
  });
  return { value: statistic(Float64Array.from(values)), interval: percentiles(estimates) };
}

/**
 * Return the interquartile mean over all tasks and seeds, with its 95 % interval by the bootstrap stratified by task.
 *
 * `scores[task][seed]`, of any number of seeds each: seeds are drawn anew within each task, the mean goes over all together.
 * Source: Agarwal et al., Deep Reinforcement Learning at the Edge of the Statistical Precipice (2021), as its library rliable.
 *
 * @throws UsageError where there are no tasks, or one has no seeds.
 * @example
 * const { value, interval } = stratifiedIqm([[0.9, 0.95, 1], [0.7, 0.8, 0.85]], { seed: "1" });
 */
export function stratifiedIqm(
  scores: readonly ArrayLike<number>[],
  { seed, resamples = 2000 }: BootstrapOptions,
): Estimate {
  if (scores.length === 0) throw new UsageError("There are no tasks, expected at least one.");
  for (const [task, seeds] of scores.entries()) {
    requireSome(`scores of task ${task}`, seeds);
    requireFinite(`scores of task ${task}`, seeds);
  }
  const all = scores.flatMap((seeds) => Array.from(seeds));
  const random = createRandom(`${seed}/stratified-bootstrap`);
  const drawn = new Float64Array(all.length);
  const estimates = Float64Array.from({ length: resamples }, () => {
    let at = 0;
    for (const seeds of scores)
      for (let i = 0; i < seeds.length; i++) drawn[at++] = seeds[random.integer(seeds.length)]!;
    return interquartileMean(drawn);
  });
  return { value: interquartileMean(all), interval: percentiles(estimates) };
}

/**
 * Return the mean of the middle half: without the lowest and the highest quarter, rounded down each.
 *
 * Source: SciPy's `trim_mean` with a cut of 0.25, which rliable uses.
 *
 * @throws UsageError where there are no values.
 * @example
 * const middle = interquartileMean([0, 1, 2, 100]); // 1.5
 */
export function interquartileMean(values: ArrayLike<number>): number {
  requireSome("values", values);
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 4);
  return meanOf(sorted.subarray(cut, sorted.length - cut));
}

/**
 * Return the mean.
 *
 * @throws UsageError where there are no values.
 * @example
 * const mean = meanOf([1, 2, 6]); // 3
 */
export function meanOf(values: ArrayLike<number>): number {
  requireSome("values", values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The 2.5th and the 97.5th percentile, between the nearest ranks in a line as NumPy's. */
function percentiles(estimates: Float64Array): readonly [number, number] {
  const sorted = estimates.sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below]!;
    return low + (place - below) * ((sorted[below + 1] ?? low) - low);
  };
  return [at(0.025), at(0.975)];
}

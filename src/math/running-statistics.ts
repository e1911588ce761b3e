// Running mean and variance per column, for observation and return normalisation.

import { UsageError } from "./usage-error.js";

/** The whole state of the statistics, as plain data. */
export interface RunningStatisticsState {
  readonly count: number;
  readonly mean: readonly number[];
  /** What columns are normalised by, 1 / √(variance + 1e-8): the population variance of the rows, and the floor's share. */
  readonly variance: readonly number[];
  /** Least spread of each column; absent in states that were kept before there was one: 1e-4. */
  readonly floor?: readonly number[];
  /** The population variance of the rows alone; absent where there is no floor. */
  readonly seen?: readonly number[];
}

/** Floor of the spread where none is given. */
const NUMERIC_FLOOR = 1e-4;
/** Rows of mean 0 and variance 1 that are counted before any is seen. */
const PRIOR_COUNT = 1e-4;

/** Track mean and variance of each of `size` columns (Welford's method in Chan's parallel form), in float64. */
export class RunningStatistics {
  /** Number of columns. */
  readonly size: number;
  /** Rows seen, plus a prior of 1e-4 rows of mean 0 and variance 1. */
  count = PRIOR_COUNT;
  /** Mean per column. */
  readonly mean: Float64Array;
  /** Population variance per column. */
  readonly variance: Float64Array;
  /** Spread that `scale` never divides by less than, per column, in the column's unit. */
  readonly floor: Float64Array;

  /** `floor` [size] defaults to 1e-4 each: what keeps a division finite, and no more. */
  constructor(size: number, floor?: readonly number[]) {
    this.size = size;
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.floor = floor ? Float64Array.from(floor) : new Float64Array(size).fill(NUMERIC_FLOOR);
  }

  /** Take in `numRows` rows of `rows`, shape [numRows, size]. */
  update(rows: Float32Array, numRows: number): void {
    const { size, mean, variance } = this;
    const total = this.count + numRows;
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let row = 0; row < numRows; row++) sum += rows[row * size + column] as number;
      const batchMean = sum / numRows;
      let squares = 0;
      for (let row = 0; row < numRows; row++)
        squares += ((rows[row * size + column] as number) - batchMean) ** 2;
      const delta = batchMean - (mean[column] as number);
      const oldSquares = (variance[column] as number) * this.count;
      variance[column] = (oldSquares + squares + (delta * delta * this.count * numRows) / total) / total;
      mean[column] = (mean[column] as number) + (delta * numRows) / total;
    }
    this.count = total;
  }

  /** Return what a column is multiplied by to be normalised: 1 / √(variance + floor²). */
  scale(column: number): number {
    return 1 / Math.sqrt((this.variance[column] as number) + (this.floor[column] as number) ** 2);
  }

  /** Write `(source - mean) * scale`, clipped to ±`clip`, into `target`; both [numRows, size]. */
  normalize(source: Float32Array, target: Float32Array, numRows: number, clip = 10): void {
    const { size, mean } = this;
    for (let column = 0; column < size; column++) {
      const shift = mean[column] as number;
      const scale = this.scale(column);
      for (let row = 0; row < numRows; row++) {
        const value = ((source[row * size + column] as number) - shift) * scale;
        target[row * size + column] = value > clip ? clip : value < -clip ? -clip : value;
      }
    }
  }

  /** Return the state as plain data. */
  state(): RunningStatisticsState {
    const { count, mean, variance, floor } = this;
    const share = (column: number) =>
      floor[column] === NUMERIC_FLOOR ? 0 : floor[column]! ** 2 - NUMERIC_FLOOR ** 2;
    return {
      count,
      mean: [...mean],
      variance: Array.from(variance, (value, column) => value + share(column)),
      floor: [...floor],
      seen: [...variance],
    };
  }

  /** Continue from a state returned by `state`; throws a UsageError where it is of another size, or none that rows can have. */
  restore(state: RunningStatisticsState): void {
    const { count, mean, variance, floor = [] } = state;
    const isPossible =
      [count, ...variance, ...floor].every((value) => value >= 0 && Number.isFinite(value)) &&
      mean.every(Number.isFinite);
    const sizes = [mean.length, variance.length, ...(state.floor ? [floor.length] : [])];
    const different = sizes.find((size) => size !== this.size);
    if (different !== undefined || !isPossible)
      throw new UsageError(
        different === undefined
          ? "Statistics hold a number that is negative or not finite. Take another checkpoint."
          : `Statistics are of ${different} columns, expected ${this.size}. Take another checkpoint.`,
      );
    this.count = state.count;
    this.mean.set(state.mean);
    this.variance.set(state.seen ?? state.variance);
    if (state.floor) this.floor.set(state.floor);
    else this.floor.fill(NUMERIC_FLOOR);
  }
}

/** Return the standard deviation of the rows seen in a column, the prior left out; NaN where none was seen. */
export function seenDeviation(state: RunningStatisticsState, column: number): number {
  const { count, mean, variance, seen: spread = variance } = state;
  const seen = count - PRIOR_COUNT;
  if (!(seen > 0)) return Number.NaN;
  // Chan's formula backwards: squares of all = squares of the prior + squares of the rows + what their means differ
  const seenMean = ((mean[column] as number) * count) / seen;
  const squares =
    (spread[column] as number) * count - PRIOR_COUNT - (seenMean * seenMean * PRIOR_COUNT * seen) / count;
  return Math.sqrt(Math.max(0, squares) / seen);
}

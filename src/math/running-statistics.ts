// Running mean and variance per column, for observation and return normalisation.

/** The whole state of the statistics, as plain data. */
export interface RunningStatisticsState {
  readonly count: number;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

/** Track mean and variance of each of `size` columns (Welford's method in Chan's parallel form), in float64. */
export class RunningStatistics {
  /** Number of columns. */
  readonly size: number;
  /** Rows seen, plus a prior of 1e-4 rows of mean 0 and variance 1. */
  count = 1e-4;
  /** Mean per column. */
  readonly mean: Float64Array;
  /** Population variance per column. */
  readonly variance: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
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

  /** Write `(source - mean) / sqrt(variance + 1e-8)`, clipped to ±`clip`, into `target`; both [numRows, size]. */
  normalize(source: Float32Array, target: Float32Array, numRows: number, clip = 10): void {
    const { size, mean, variance } = this;
    for (let column = 0; column < size; column++) {
      const shift = mean[column] as number;
      const scale = 1 / Math.sqrt((variance[column] as number) + 1e-8);
      for (let row = 0; row < numRows; row++) {
        const value = ((source[row * size + column] as number) - shift) * scale;
        target[row * size + column] = value > clip ? clip : value < -clip ? -clip : value;
      }
    }
  }

  /** Return the state as plain data. */
  state(): RunningStatisticsState {
    return { count: this.count, mean: [...this.mean], variance: [...this.variance] };
  }

  /** Continue from a state returned by `state`. */
  restore(state: RunningStatisticsState): void {
    this.count = state.count;
    this.mean.set(state.mean);
    this.variance.set(state.variance);
  }
}

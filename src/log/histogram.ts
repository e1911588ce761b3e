// How numbers are distributed, in the buckets that TensorBoard draws.

/** Numbers sorted into buckets of equal width from the least to the greatest. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  /** How many there are. */
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** Upper end of each bucket; the last is `max`. */
  readonly bucketLimit: readonly number[];
  /** Numbers in each bucket. */
  readonly bucket: readonly number[];
}

/** As many as TensorBoard itself makes by default. */
const BUCKETS = 30;

/**
 * Sort `values` into buckets of equal width, one where all are the same; those that are not finite are left out. Returns undefined
 * where none is left.
 */
export function histogramOf(values: ArrayLike<number>, buckets = BUCKETS): Histogram | undefined {
  let [num, sum, sumSquares] = [0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (!Number.isFinite(value)) continue;
    num++;
    sum += value;
    sumSquares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (num === 0) return undefined;
  const width = (max - min) / buckets;
  // also where the numbers lie so close to each other, or so far apart, that there is no width
  if (!(width > 0 && Number.isFinite(width)))
    return { min, max, num, sum, sumSquares, bucketLimit: [max], bucket: [num] };
  const bucket = new Array<number>(buckets).fill(0);
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (Number.isFinite(value)) bucket[Math.min(buckets - 1, Math.floor((value - min) / width))]!++;
  }
  const bucketLimit = bucket.map((_, k) => (k === buckets - 1 ? max : min + width * (k + 1)));
  return { min, max, num, sum, sumSquares, bucketLimit, bucket };
}

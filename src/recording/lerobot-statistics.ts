// Statistics of a LeRobot data set, of all rows and of each episode: what normalisation is made from.

/** Names as in `meta/stats.json`; each holds a number per entry, `count` the number of rows. */
export interface FeatureStatistics {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly count: readonly [number];
  readonly q01: readonly number[];
  readonly q10: readonly number[];
  readonly q50: readonly number[];
  readonly q90: readonly number[];
  readonly q99: readonly number[];
}

const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;
const LEVELS = 256;

/** Sum up `values` [rows, size]; quantiles lie between the sorted rows, as NumPy's default has it. */
export function statisticsOf(values: readonly number[], size: number): FeatureStatistics {
  const rows = values.length / size;
  const columns = Array.from({ length: size }, (_, k) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * size + k]!).sort(),
  );
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / rows);
  const quantile = (share: number) =>
    columns.map((column) => between((index) => column[index]!, rows, share));
  return {
    min: columns.map((column) => column[0]!),
    max: columns.map((column) => column[rows - 1]!),
    mean,
    std: columns.map((column, k) =>
      Math.sqrt(column.reduce((sum, value) => sum + (value - mean[k]!) ** 2, 0) / rows),
    ),
    count: [rows],
    ...mapQuantiles(quantile),
  };
}

/** How often each of the 256 levels of red, green and blue occurs in some pictures. */
export class PictureLevels {
  private readonly counts = new Float64Array(3 * LEVELS);
  private pictures = 0;

  /** Count the pixels of a picture, uint8 [height, width, 3]. */
  add(picture: Uint8Array): void {
    for (let k = 0; k < picture.length; k++) this.counts[(k % 3) * LEVELS + picture[k]!]!++;
    this.pictures++;
  }

  /** Count what `other` counted. */
  merge(other: PictureLevels): void {
    for (let k = 0; k < this.counts.length; k++) this.counts[k]! += other.counts[k]!;
    this.pictures += other.pictures;
  }

  /** Sum up per colour, from 0 to 1; `count` is the number of pictures. */
  statistics(): FeatureStatistics {
    const colours = [0, 1, 2].map((k) => this.counts.subarray(k * LEVELS, (k + 1) * LEVELS));
    const moment = (levels: Float64Array, of: (level: number) => number) => {
      const total = levels.reduce((sum, count) => sum + count, 0);
      return levels.reduce((sum, count, level) => sum + count * of(level / (LEVELS - 1)), 0) / total;
    };
    const mean = colours.map((levels) => moment(levels, (value) => value));
    const share = (quantile: number) =>
      colours.map((levels) => {
        const total = levels.reduce((sum, count) => sum + count, 0);
        return between((index) => levelAt(levels, index), total, quantile) / (LEVELS - 1);
      });
    return {
      min: share(0),
      max: share(1),
      mean,
      std: colours.map((levels, k) => Math.sqrt(moment(levels, (value) => (value - mean[k]!) ** 2))),
      count: [this.pictures],
      ...mapQuantiles(share),
    };
  }
}

function mapQuantiles<Result>(of: (share: number) => Result): Record<keyof typeof QUANTILES, Result> {
  const entries = Object.entries(QUANTILES).map(([name, share]) => [name, of(share)]);
  return Object.fromEntries(entries) as Record<keyof typeof QUANTILES, Result>;
}

/** The value that `share` of `count` sorted ones lie below, on the line between its two neighbours. */
function between(sorted: (index: number) => number, count: number, share: number): number {
  const place = share * (count - 1);
  const index = Math.floor(place);
  const low = sorted(index);
  return index + 1 < count ? low + (place - index) * (sorted(index + 1) - low) : low;
}

/** The level of the pixel at `index` if they stood sorted. */
function levelAt(levels: Float64Array, index: number): number {
  let seen = 0;
  for (let level = 0; level < LEVELS; level++) {
    seen += levels[level]!;
    if (index < seen) return level;
  }
  return LEVELS - 1;
}

// What a plot shows, as data.

/** A line of a plot. */
export interface PlotLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Whether all values are null. */
  readonly isEmpty?: boolean;
  /** Index of its colour and of its dashes; default: its place among the lines. */
  readonly color?: number;
  readonly dash?: number;
}

/** What a plot shows. */
export interface PlotContent {
  readonly title: string;
  readonly lines: readonly PlotLine[];
  /** Whether lines are filled and stand on each other, those below 0 hanging from it. */
  readonly stacked?: boolean;
  /** Fixed range of the values; default: what the lines need. */
  readonly range?: readonly [number, number];
  /** Values that are drawn as dashed lines across. */
  readonly marks?: readonly number[];
}

// Windows over series: rows of a data set that follow each other become one row of another.
import { UsageError } from "../math/usage-error.js";
import type { DataArrays, DataField, Dataset } from "./dataset.js";

/** Which windows are cut from series. */
export interface WindowOptions {
  /** Rows of a window, T. */
  readonly length: number;
  /** Rows from the end of one window to that of the next; default 1. */
  readonly stride?: number;
  /** Fields of the windows by their names: of each row, [T, ...shape], or of the last one, [...shape]; "name" or a field's name and when. */
  readonly fields: Readonly<Record<string, WindowField>>;
  /**
   * What stands for rows before the beginning of a series: "none": windows end at its row T - 1 or later; "causal": they end at its
   * first row or later, and its first row is repeated. Default "none".
   */
  readonly padding?: "none" | "causal";
  /** "last": only the last window of each series, as at the moment of a forecast. Default "all". */
  readonly windows?: "all" | "last";
}

/** When a field is taken, and where it has another name in the series: which it is. */
export type WindowField = "every" | "last" | { readonly field: string; readonly at: "every" | "last" };

/**
 * Return the windows over the series of a data set; nothing is copied until they are taken.
 *
 * The rows of each group are a series, in their order; without groups all rows are one. Windows come series after series in the order
 * in which these begin, each from its start, and have their series' group, so that splits respect it. Where `stride` divides `length` it is known which window goes on where one ends.
 *
 * @throws UsageError where no series is long enough; Error where a field is not there.
 * @example
 * const windows = windowDataset(cycles, { length: 30, fields: { sensors: "every", remaining: "last" } });
 */
export function windowDataset(series: Dataset, options: WindowOptions): Dataset {
  const { length, stride = 1, windows: which = "all", fields } = options;
  const plan = new Map(
    Object.entries(fields).map(([name, asked]) => {
      const { field, at } = typeof asked === "string" ? { field: name, at: asked } : asked;
      if (!series.fields[field])
        throw new Error(`the series have no field "${field}" for the windows' "${name}"`);
      return [name, { field, at }] as const;
    }),
  );
  const { rows, starts, ends, groups } = cut(series, options);
  return {
    size: ends.length,
    fields: Object.fromEntries(
      [...plan].map(([name, { field, at }]) => [name, windowField(series.fields[field]!, at, length)]),
    ),
    provenance: series.provenance,
    groups,
    ...(which === "all" && length % stride === 0 ? { continuation: length / stride } : {}),
    take(windows, into) {
      const every = new Int32Array(windows.length * length);
      for (const [w, window] of windows.entries())
        for (let t = 0; t < length; t++)
          every[w * length + t] = rows[Math.max(starts[window]!, ends[window]! - length + 1 + t)]!;
      const last = windows.map((window) => rows[ends[window]!]!);
      for (const [name, target] of Object.entries(into)) {
        const { field, at } = plan.get(name)!;
        // one at a time: two fields of the windows may be the same one of the series
        const column: DataArrays = { [field]: target };
        series.take(at === "every" ? every : last, column);
      }
    },
  };
}

function windowField(field: DataField, at: "every" | "last", length: number): DataField {
  return at === "every" ? { ...field, shape: [length, ...field.shape] } : field;
}

/** Where windows are in `rows`, the rows of all series one after another: where their series starts, and where they end. */
interface Cuts {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly groups: Int32Array;
}

function cut(series: Dataset, options: WindowOptions): Cuts {
  const { length, stride = 1, padding = "none", windows = "all" } = options;
  for (const [name, value] of Object.entries({ length, stride }))
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`The ${name} of windows is ${value}, expected a whole number of at least 1.`);
  const first = padding === "causal" ? 0 : length - 1;
  const spans = spansOf(series);
  const endsOf = ({ start, length: rows }: Span) => {
    const count = Math.max(0, Math.ceil((rows - first) / stride));
    return windows === "last"
      ? { from: start + rows - 1, count: Math.min(1, count) }
      : { from: start + first, count };
  };
  const size = spans.list.reduce((sum, span) => sum + endsOf(span).count, 0);
  if (size === 0) {
    const longest = spans.list.reduce((most, span) => Math.max(most, span.length), 0);
    throw new UsageError(
      `No series of ${series.provenance.name} is as long as a window: the longest has ${longest} rows, a window ${length}. Take shorter windows, or longer series.`,
    );
  }
  const [starts, ends, groups] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  let window = 0;
  for (const span of spans.list) {
    const { from, count } = endsOf(span);
    starts.fill(span.start, window, window + count);
    groups.fill(span.group, window, window + count);
    for (let k = 0; k < count; k++) ends[window + k] = from + k * stride;
    window += count;
  }
  return { rows: spans.rows, starts, ends, groups };
}

/** Where a series is in the rows of all, one after another. */
interface Span {
  readonly group: number;
  readonly start: number;
  readonly length: number;
}

/** Rows of all series one after another, in the order in which these begin. */
function spansOf({ size, groups }: Dataset): { readonly rows: Int32Array; readonly list: readonly Span[] } {
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  if (!groups) return { rows, list: [{ group: 0, start: 0, length: size }] };
  const lengths = new Map<number, number>();
  for (const group of groups) lengths.set(group, (lengths.get(group) ?? 0) + 1);
  const list: Span[] = [];
  const next = new Map<number, number>();
  let start = 0;
  for (const [group, length] of lengths) {
    list.push({ group, start, length });
    next.set(group, start);
    start += length;
  }
  for (const [row, group] of groups.entries()) {
    rows[next.get(group)!] = row;
    next.set(group, next.get(group)! + 1);
  }
  return { rows, list };
}

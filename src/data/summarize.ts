// What a data set is like, in numbers: rows, fields, classes, ranges, what is missing.
import { sizeOf } from "../math/shape.js";
import { type Dataset, emptyRows } from "./dataset.js";
import { countClasses } from "./fold-splits.js";

/** A field over all rows. */
export interface FieldSummary {
  /** Of one row. */
  readonly shape: readonly number[];
  /** Type of its numbers. */
  readonly dtype: "float32" | "uint8" | "int32";
  /** As the field says. */
  readonly unit?: string;
  /** Of the numbers that are finite; null where there is none. */
  readonly min: number | null;
  /** Greatest, likewise. */
  readonly max: number | null;
  /** Of them, likewise. */
  readonly mean: number | null;
  /** Numbers that are not finite. */
  readonly missing: number;
  /** Of labels, one for each row: rows of each class, by its name. */
  readonly classes?: Readonly<Record<string, number>>;
}

/** A data set in numbers. */
export interface DataSummary {
  /** How many there are. */
  readonly rows: number;
  /** Groups that no split parts; absent where there are none. */
  readonly groups?: number;
  /** By name. */
  readonly fields: Readonly<Record<string, FieldSummary>>;
}

/** Numbers that are looked at together. */
const CHUNK = 1 << 22;

/**
 * Go once through a data set: all rows, or of windows that overlap those that begin where others end, and the last ones.
 *
 * @throws Nothing.
 * @example
 * const { rows, fields } = summarizeData(train);
 */
export function summarizeData(dataset: Dataset): DataSummary {
  const { size, groups } = dataset;
  return {
    rows: size,
    ...(groups ? { groups: new Set(groups).size } : {}),
    fields: Object.fromEntries(
      Object.keys(dataset.fields).map((name) => [name, summarizeField(dataset, name)]),
    ),
  };
}

function summarizeField(dataset: Dataset, name: string): FieldSummary {
  const field = dataset.fields[name]!;
  const { shape, dtype = "float32", unit, classes } = field;
  const width = Math.max(1, sizeOf(shape));
  const rows = Math.max(1, Math.floor(CHUNK / width));
  let [min, max, sum, finite, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  const counts = classes && shape.length === 0 ? countClasses(dataset, name) : undefined;
  const seen = seenRows(dataset);
  for (let from = 0; from < seen.length; from += rows) {
    const taken = seen.subarray(from, from + rows);
    const column = emptyRows({ [name]: field }, taken.length);
    dataset.take(taken, column);
    for (const value of column[name]!) {
      if (!Number.isFinite(value)) {
        missing++;
        continue;
      }
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      finite++;
    }
  }
  const isKnown = finite > 0;
  return {
    shape,
    dtype,
    ...(unit === undefined ? {} : { unit }),
    min: isKnown ? min : null,
    max: isKnown ? max : null,
    mean: isKnown ? sum / finite : null,
    missing,
    ...(counts
      ? { classes: Object.fromEntries(classes!.map((label, code) => [label, counts.get(code) ?? 0])) }
      : {}),
  };
}

/** Rows that hold all that there is: every step of overlapping windows, most of them once. */
function seenRows({ size, groups, continuation = 1 }: Dataset): Int32Array {
  const rows: number[] = [];
  let start = 0;
  for (let row = 0; row < size; row++) {
    if (groups && row > 0 && groups[row] !== groups[row - 1]) start = row;
    const isLast = row + 1 === size || (groups !== undefined && groups[row] !== groups[row + 1]);
    if (isLast || (row - start) % continuation === 0) rows.push(row);
  }
  return Int32Array.from(rows);
}

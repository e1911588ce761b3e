// What a data set is: rows of named fields, copied some at a time, and where they come from.
import { sizeOf } from "../math/shape.js";

/** Numbers of rows, row-major, by field. */
export type DataArrays = Record<string, Float32Array | Uint8Array | Int32Array>;

/** A field by its rows. */
export interface DataField {
  /** Of one row: `[]` a number, `[T, F]` a window of a series, `[height, width, channels]` an image. */
  readonly shape: readonly number[];
  /** Default "float32". */
  readonly dtype?: "float32" | "uint8" | "int32";
  /** SI, or "1" for what has none; absent: not known, or each entry has its own. */
  readonly unit?: string;
  /** What each number of the last dimension is. */
  readonly entries?: readonly { readonly name: string; readonly unit: string }[];
  /** Of labels: the name of each value, from 0 on. */
  readonly classes?: readonly string[];
}

/** Where a data set comes from, as plain data: it stands in the run. */
export interface DataProvenance {
  /** For example "mnist". */
  readonly name: string;
  /** Address, citation or path; "generated" for what armgym makes. */
  readonly source: string;
  /** Absent: not known. */
  readonly licence?: string;
  /** SHA-256 of each file in hexadecimal, by its path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What it was made or read with, the seed of a generated one included. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Rows of named fields. */
export interface Dataset {
  /** Rows. */
  readonly size: number;
  /** By name. */
  readonly fields: Readonly<Record<string, DataField>>;
  /** Where they come from. */
  readonly provenance: DataProvenance;
  /** Rows of the same number belong together (an engine, a part, an episode): no split parts them. Absent: each is by itself. [size] */
  readonly groups?: Int32Array;
  /**
   * How many rows after a row the one comes that goes on where it ends, of the same group: T for windows of T steps that begin at
   * every step, 1 for windows one after another. Absent: rows do not continue each other.
   */
  readonly continuation?: number;
  /** Copy `rows`, in their order, to the beginning of each array of `into`, which names the fields that are wanted. */
  take(rows: Int32Array, into: DataArrays): void;
}

/** Rows to learn from, rows to choose by, and rows to report on, which are made when they are first asked for. */
export interface DataSplits {
  /** To learn from. */
  readonly train: Dataset;
  /** To choose by. */
  readonly validation: Dataset;
  /** Only for the final report: whoever chooses by it has no figure left that holds. */
  test(): Promise<Dataset>;
}

const FIELD_ARRAYS = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array } as const;

/**
 * Return arrays for `rows` rows of `fields`, zeros.
 *
 * @throws Nothing.
 * @example
 * const batch = emptyRows(dataset.fields, 64);
 * dataset.take(rows, batch);
 */
export function emptyRows(fields: Readonly<Record<string, DataField>>, rows: number): DataArrays {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { shape, dtype = "float32" }]) => {
      return [name, new FIELD_ARRAYS[dtype](rows * sizeOf(shape))];
    }),
  );
}

/**
 * Make a data set of columns in memory, which are not copied: each [rows, ...shape of the field].
 *
 * @throws Error where a column has another length or type than its field says, or one is missing.
 * @example
 * const dataset = tableDataset(
 *   { force: { shape: [6], unit: "N" }, label: { shape: [], dtype: "int32", classes: ["free", "stuck"] } },
 *   { force: Float32Array.of(0, 1, 2, 3, 4, 5), label: Int32Array.of(1) },
 *   { name: "mine", source: "generated" },
 * );
 */
export function tableDataset(
  fields: Readonly<Record<string, DataField>>,
  columns: Readonly<DataArrays>,
  provenance: DataProvenance,
  groups?: Int32Array,
): Dataset {
  const [first] = Object.entries(fields);
  if (!first) throw new Error("a data set needs a field");
  const size = (columns[first[0]]?.length ?? 0) / sizeOf(first[1].shape);
  for (const [name, { shape, dtype = "float32" }] of Object.entries(fields)) {
    const column = columns[name];
    if (!(column instanceof FIELD_ARRAYS[dtype]) || column.length !== size * sizeOf(shape))
      throw new Error(
        `the column "${name}" is ${column ? `${column.constructor.name} of ${column.length}` : "missing"}, expected ${FIELD_ARRAYS[dtype].name} of ${size} x ${sizeOf(shape)} numbers`,
      );
  }
  if (groups && groups.length !== size) throw new Error(`there are ${groups.length} groups for ${size} rows`);
  return {
    size,
    fields,
    provenance,
    ...(groups ? { groups } : {}),
    take(rows, into) {
      for (const [name, target] of Object.entries(into))
        copyRows(columns[name]!, rows, target, sizeOf(fields[name]!.shape));
    },
  };
}

/**
 * Return the data set of some rows of another, in the order given; nothing is copied until it is taken.
 *
 * @throws Nothing.
 * @example
 * const few = subset(dataset, Int32Array.of(3, 1, 4));
 */
export function subset(dataset: Dataset, chosen: Int32Array): Dataset {
  const { fields, provenance, groups } = dataset;
  return {
    size: chosen.length,
    fields,
    provenance,
    ...(groups ? { groups: chosen.map((row) => groups[row]!) } : {}),
    take: (rows, into) =>
      dataset.take(
        rows.map((row) => chosen[row]!),
        into,
      ),
  };
}

/** Rows as wide as that are copied faster as a block than number by number. */
const WIDE = 64;

function copyRows(
  column: DataArrays[string],
  rows: Int32Array,
  target: DataArrays[string],
  width: number,
): void {
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r]! * width;
    const to = r * width;
    if (width >= WIDE) target.set(column.subarray(from, from + width), to);
    else for (let k = 0; k < width; k++) target[to + k] = column[from + k]!;
  }
}

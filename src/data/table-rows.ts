// Tables with named columns as rows of fields: numbers side by side, a label, a target, groups.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { PlainSettings } from "./data-source.js";
import {
  type DataArrays,
  type DataField,
  type DataProvenance,
  type DataSplits,
  type Dataset,
  subset,
  tableDataset,
} from "./dataset.js";
import { FOLD_DEFAULTS, foldSplits } from "./fold-splits.js";
import { numberSetting, wholeSetting } from "./source-settings.js";
import { windowDataset } from "./windows.js";

/** A table in memory. */
export interface Table {
  /** Name of the file, for messages. */
  readonly file: string;
  /** Names of the columns, units in brackets after them: "force [N]". */
  readonly header: readonly string[];
  readonly size: number;
  /** What stands in a row and a column: a text, a number, true or false; undefined or null where nothing does. */
  value(row: number, column: number): unknown;
  /** Where a row stands, for messages: "line 7". */
  place(row: number): string;
}

/**
 * What a table is told: which column is the `label`, the `target`, the `group` that parts rows; which are left out (`skip`, parted by commas); what
 * the field of all others is called (`field`); how many rows make a `window` (0: each is by itself); whether rows with `missing` values are refused
 * or left out ("refuse", "drop").
 */
export const TABLE_DEFAULTS = {
  field: "values",
  label: "",
  target: "",
  group: "",
  skip: "",
  window: 0,
  stride: 1,
  missing: "refuse",
  ...FOLD_DEFAULTS,
};

/** What each column is. */
interface Roles {
  readonly label: number | undefined;
  readonly target: number | undefined;
  readonly group: number | undefined;
  readonly values: readonly number[];
}

/**
 * Part the rows of a table.
 *
 * Fields: `values` (or as `field` says) [F] float32 of all columns that have no other role, their names and units as entries; `label` int32 with
 * classes in alphabetical order; the target's column float32. With windows of T rows: `values` [T, F], the last row's label and target, and the target
 * of every row as NAME_steps [T]. Groups part series; without groups a table is one series, and is parted in its order.
 *
 * @throws UsageError that names file, row and column where a value is missing or no number, or a setting names no column.
 */
export function tableSplits(
  table: Table,
  settings: PlainSettings,
  seed: string,
  provenance: DataProvenance,
): DataSplits {
  const roles = rolesOf(table, settings);
  const rows = rowsOf(table, roles, settings);
  const all = columnsOf(table, roles, rows, { settings, provenance });
  const length = wholeSetting(settings, "window", 0, 100_000);
  const strata = roles.label === undefined ? undefined : "label";
  if (length === 0) return foldSplits(all, settings, seed, strata);
  const stride = wholeSetting(settings, "stride", 1, 100_000);
  const windows = (part: Dataset) => windowed(part, length, stride);
  if (!all.groups) return inOrder(all, settings, windows);
  const parts = foldSplits(all, settings, seed, strata);
  return {
    train: windows(parts.train),
    validation: windows(parts.validation),
    test: async () => windows(await parts.test()),
  };
}

/** A column's name without its unit, and the unit. */
function nameAndUnit(column: string): { readonly name: string; readonly unit: string } {
  const [, name, square, round] = /^(.*\S)\s*(?:\[([^\]]*)\]|\(([^)]*)\))$/.exec(column) ?? [];
  return name === undefined ? { name: column, unit: "1" } : { name, unit: square ?? round ?? "1" };
}

function rolesOf(table: Table, settings: PlainSettings): Roles {
  const names = table.header.map((column) => nameAndUnit(column).name);
  const find = (setting: string, name: string) => {
    const column = names.indexOf(name);
    if (column >= 0) return column;
    const whole = table.header.indexOf(name);
    if (whole >= 0) return whole;
    throw new UsageError(
      `The setting "${setting}" is "${name}", but ${table.file} has no such column. ${didYouMean(name, names)}It has: ${names.join(", ")}.`,
    );
  };
  const role = (setting: string) =>
    settings[setting] === "" ? undefined : find(setting, String(settings[setting]));
  const [label, target, group] = [role("label"), role("target"), role("group")];
  const skipped = String(settings.skip)
    .split(",")
    .filter((name) => name.trim() !== "")
    .map((name) => find("skip", name.trim()));
  const taken = new Set([label, target, group, ...skipped]);
  const values = names.flatMap((_, column) => (taken.has(column) ? [] : [column]));
  if (values.length === 0)
    throw new UsageError(
      `${table.file} has no column of values beside label, target and group: ${names.join(", ")}.`,
    );
  return { label, target, group, values };
}

/** Rows that are taken: all, or those without missing values. */
function rowsOf(
  table: Table,
  { label, target, group, values }: Roles,
  settings: PlainSettings,
): readonly number[] {
  const { missing } = settings;
  if (missing !== "refuse" && missing !== "drop")
    throw new UsageError(`The setting "missing" is "${missing}", expected "refuse" or "drop".`);
  const needed = [...values, label, target, group].filter((column) => column !== undefined);
  const rows = Array.from({ length: table.size }, (_, row) => row).filter((row) => {
    const gap = needed.find((column) => isMissing(table.value(row, column)));
    if (gap === undefined) return true;
    if (missing === "drop") return false;
    throw new UsageError(
      `${table.file}, ${table.place(row)}: "${table.header[gap]}" is missing. Fill it in, leave out the column by "skip", or such rows by "missing" as "drop".`,
    );
  });
  if (rows.length === 0) throw new UsageError(`${table.file} has no row without missing values.`);
  return rows;
}

function isMissing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    Number.isNaN(value) ||
    value === "NaN" ||
    value === "nan"
  );
}

function columnsOf(
  table: Table,
  { label, target, group, values }: Roles,
  rows: readonly number[],
  { settings, provenance }: { readonly settings: PlainSettings; readonly provenance: DataProvenance },
): Dataset {
  const field = String(settings.field);
  const described = values.map((column) => nameAndUnit(table.header[column]!));
  const matrix = new Float32Array(rows.length * values.length);
  for (const [k, row] of rows.entries())
    for (const [v, column] of values.entries()) matrix[k * values.length + v] = numberAt(table, row, column);
  const fields: Record<string, DataField> = { [field]: { shape: [values.length], entries: described } };
  const columns: DataArrays = { [field]: matrix };
  const add = (name: string, description: DataField, column: DataArrays[string]) => {
    if (fields[name])
      throw new UsageError(
        `Two fields of ${table.file} are called "${name}". Rename the column, or set "field".`,
      );
    fields[name] = description;
    columns[name] = column;
  };
  if (label !== undefined) {
    const names = rows.map((row) => String(table.value(row, label)));
    const classes = [...new Set(names)].sort();
    const codes = new Map(classes.map((name, code) => [name, code]));
    if (classes.length > MOST_CLASSES)
      throw new UsageError(
        `${table.file} has ${classes.length} different labels in "${table.header[label]}", more than ${MOST_CLASSES}. A number to be predicted is the "target".`,
      );
    add(
      "label",
      { shape: [], dtype: "int32", classes },
      Int32Array.from(names, (name) => codes.get(name)!),
    );
  }
  if (target !== undefined) {
    const { name, unit } = nameAndUnit(table.header[target]!);
    add(
      name,
      { shape: [], unit },
      Float32Array.from(rows, (row) => numberAt(table, row, target)),
    );
  }
  const groups =
    group === undefined ? undefined : numbered(rows.map((row) => String(table.value(row, group))));
  return tableDataset(fields, columns, provenance, groups);
}

/** Most classes of a label. */
const MOST_CLASSES = 1000;

function numberAt(table: Table, row: number, column: number): number {
  const value = table.value(row, column);
  const number =
    typeof value === "string" ? Number(value) : typeof value === "boolean" ? Number(value) : value;
  // bigint: 64-bit columns of parquet
  const plain = typeof number === "bigint" ? Number(number) : number;
  if (typeof plain === "number" && Number.isFinite(plain)) return plain;
  throw new UsageError(
    `${table.file}, ${table.place(row)}: "${table.header[column]}" is "${String(value).slice(0, 40)}", expected a number. Say what the column is by "label", "target" or "group", or leave it out by "skip".`,
  );
}

/** Names as numbers in the order in which they first occur. */
function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  for (const name of names) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return Int32Array.from(names, (name) => numbers.get(name)!);
}

function windowed(rows: Dataset, length: number, stride: number): Dataset {
  const [values, ...others] = Object.keys(rows.fields);
  const steps = others.filter((name) => name !== "label");
  return windowDataset(rows, {
    length,
    stride,
    fields: {
      [values!]: "every",
      ...Object.fromEntries(others.map((name) => [name, "last" as const])),
      ...Object.fromEntries(steps.map((name) => [`${name}_steps`, { field: name, at: "every" as const }])),
    },
  });
}

/** One series, parted in its order, so that no window shares rows with one of another part. */
function inOrder(all: Dataset, settings: PlainSettings, windows: (part: Dataset) => Dataset): DataSplits {
  const share = 1 - 1 / wholeSetting(settings, "folds", 2, 1000);
  const validation = numberSetting(settings, "validation", 0.001, 0.9);
  const ends = [0, share * (1 - validation), share, 1].map((part) => Math.round(part * all.size));
  const range = (part: number) =>
    subset(
      all,
      Int32Array.from({ length: ends[part + 1]! - ends[part]! }, (_, k) => ends[part]! + k),
    );
  const held = windows(range(2));
  return { train: windows(range(0)), validation: windows(range(1)), test: () => Promise.resolve(held) };
}

// What data must be like for a network to learn from it, and the statistics that its inputs are standardised by.
import { type DataField, type Dataset, emptyRows } from "../data/dataset.js";
import type { RunningStatisticsState } from "../math/running-statistics.js";
import { isSameShape } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import { isOfClasses, targetShape } from "./losses.js";
import type { PredictorNetwork } from "./predictor.js";
import { fieldsUsed } from "./predictor-functions.js";
import { continuedRows } from "./row-order.js";

/** What a pass over all rows gave. */
export interface Survey {
  /** Of the inputs that the network standardises, by their names. */
  readonly statistics: Readonly<Record<string, RunningStatisticsState>>;
  /** Classes that no row has, by the field of labels, where there are any. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
}

/** Rows that are looked at together. */
const CHUNK = 256;
/** A column whose spread is a smaller share of its mean than that differs by rounding alone. */
const ROUNDING = 2 ** -20;
/** How many errors of rounding float32 squares have. */
const NUMERIC_FLOOR = 1e-4;

/**
 * Throw a UsageError unless a data set has the fields that a network reads and learns, shaped as it takes them, and a row at least;
 * `role` is what its rows are for: "learn from".
 */
export function requireFields(network: PredictorNetwork, dataset: Dataset, role: string): void {
  const { model, objectives } = network;
  const { name } = dataset.provenance;
  if (dataset.size === 0)
    throw new UsageError(`${name} has no rows to ${role}. Take more data, or split it otherwise.`);
  for (const [input, { shape, dtype = "float32" }] of Object.entries(model.inputs)) {
    const field = fieldOf(dataset, input, "reads");
    if (!isSameShape(field.shape, shape) || (field.dtype ?? "float32") !== dtype)
      throw new UsageError(
        `The field "${input}" of ${name} is ${typeText(field.shape, field.dtype)}, the model reads ${typeText(shape, dtype)}.`,
      );
  }
  for (const objective of objectives) {
    const field = fieldOf(dataset, objective.target, "learns");
    const output = model.outputs[objective.output];
    if (!output)
      throw new Error(`an objective is of the output "${objective.output}", which the model lacks`);
    const expected = targetShape(objective, output.shape);
    if (!isSameShape(field.shape, expected))
      throw new UsageError(
        `The field "${objective.target}" of ${name} has the shape [${field.shape.join(", ")}], the output "${objective.output}" learns [${expected.join(", ")}] by ${objective.loss}.`,
      );
    if (isOfClasses(objective.loss) && field.dtype !== "int32" && field.dtype !== "uint8")
      throw new UsageError(
        `The field "${objective.target}" of ${name} is ${field.dtype ?? "float32"}, expected the number of a class: int32 or uint8.`,
      );
  }
}

/**
 * Go once through all rows: throws a UsageError for a number that is not finite and a label that is no class, with field, row and value.
 *
 * Statistics are of each entry of the last axis. One that does not vary is not scaled.
 */
export function surveyData(network: PredictorNetwork, dataset: Dataset): Survey {
  const { normalized = [] } = network;
  const names = fieldsUsed(network);
  const fields = Object.fromEntries(names.map((name) => [name, dataset.fields[name]!]));
  const limits = classLimits(network, dataset);
  const seen = new Map([...limits].map(([name, limit]) => [name, new Uint8Array(limit)]));
  const moments = new Map(normalized.map((name) => [name, columnMoments(fields[name]!.shape.at(-1) ?? 1)]));
  const all = surveyedRows(dataset);
  const size = Math.min(CHUNK, all.length);
  const chunk = emptyRows(fields, size);
  for (let from = 0; from < all.length; from += size) {
    const rows = all.subarray(from, from + size);
    dataset.take(rows, chunk);
    for (const name of names) {
      const width = chunk[name]!.length / size;
      const values = chunk[name]!.subarray(0, rows.length * width);
      const at = { dataset, name, rows, width };
      const marks = seen.get(name);
      if (marks) markClasses(values, marks, at);
      else if (values instanceof Float32Array) requireFiniteRows(values, at);
      moments.get(name)?.add(values);
    }
  }
  const missing = [...seen].flatMap(([name, marks]) => {
    const classes = dataset.fields[name]!.classes;
    const absent = Array.from(marks.keys()).filter((k) => marks[k] === 0);
    return absent.length === 0 ? [] : [[name, absent.map((k) => classes?.[k] ?? String(k))] as const];
  });
  return {
    statistics: Object.fromEntries([...moments].map(([name, moment]) => [name, moment.state()])),
    missing: Object.fromEntries(missing),
  };
}

/** All rows; where windows overlap, those that have every step once, and the last of each group. */
function surveyedRows(dataset: Dataset): Int32Array {
  const { size, groups, continuation } = dataset;
  if (continuation === undefined) return Int32Array.from({ length: size }, (_, row) => row);
  const isLast = (row: number) =>
    row === size - 1 || (groups !== undefined && groups[row + 1] !== groups[row]);
  const rows = new Set(continuedRows(dataset, continuation));
  for (let row = 0; row < size; row++) if (isLast(row)) rows.add(row);
  return Int32Array.from(rows).sort();
}

interface Place {
  readonly dataset: Dataset;
  /** Of the field. */
  readonly name: string;
  readonly rows: Int32Array;
  /** Numbers of a row. */
  readonly width: number;
}

function fieldOf({ fields, provenance }: Dataset, name: string, verb: string): DataField {
  const field = fields[name];
  if (!field)
    throw new UsageError(
      `${provenance.name} has no field "${name}", which the model ${verb}. Its fields are: ${Object.keys(fields).join(", ")}.`,
    );
  return field;
}

function typeText(shape: readonly number[], dtype = "float32"): string {
  return `${dtype} [${shape.join(", ")}]`;
}

/** How many classes each field of labels may have, those that the model reads included. */
function classLimits(
  { model, objectives }: PredictorNetwork,
  { fields }: Dataset,
): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const name of Object.keys(model.inputs)) {
    const { classes } = fields[name]!;
    if (classes) limits.set(name, classes.length);
  }
  for (const { loss, output, target } of objectives)
    if (isOfClasses(loss)) limits.set(target, model.outputs[output]!.shape.at(-1)!);
  return limits;
}

function markClasses(values: ArrayLike<number>, marks: Uint8Array, place: Place): void {
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (marks[value] === undefined)
      throw wrongValue(place, k, value, `a class from 0 to ${marks.length - 1}`);
    marks[value] = 1;
  }
}

function requireFiniteRows(values: Float32Array, place: Place): void {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  if (Number.isFinite(sum)) return;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  throw wrongValue(place, bad, values[bad]!, "a finite number");
}

function wrongValue(
  { dataset, name, rows, width }: Place,
  index: number,
  value: number,
  expected: string,
): UsageError {
  const row = rows[Math.floor(index / width)]!;
  const entry = width > 1 ? `number ${index % width} of ` : "";
  return new UsageError(
    `${dataset.provenance.name}: ${entry}the field "${name}" of row ${row} is ${value}, expected ${expected}.`,
  );
}

/** Mean and variance of each column, by Chan's parallel form, in float64. */
function columnMoments(size: number) {
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  let count = 0;
  return {
    /** Take in rows of `size` numbers. */
    add(values: ArrayLike<number>) {
      const rows = values.length / size;
      for (let column = 0; column < size; column++) {
        let sum = 0;
        for (let k = column; k < values.length; k += size) sum += values[k]!;
        const ofChunk = sum / rows;
        let own = 0;
        for (let k = column; k < values.length; k += size) own += (values[k]! - ofChunk) ** 2;
        const delta = ofChunk - mean[column]!;
        squares[column]! += own + (delta * delta * count * rows) / (count + rows);
        mean[column]! += (delta * rows) / (count + rows);
      }
      count += rows;
    },
    state(): RunningStatisticsState {
      const seen = Array.from(squares, (sum) => sum / count);
      const floor = seen.map((variance, k) => {
        return Math.sqrt(variance) > ROUNDING * Math.abs(mean[k]!) ? 0 : 1;
      });
      // what readers that know no floor divide by, with the share that they add themselves
      const variance = seen.map((value, k) => Math.max(0, value + floor[k]! ** 2 - NUMERIC_FLOOR ** 2));
      return { count, mean: [...mean], variance, floor, seen };
    },
  };
}

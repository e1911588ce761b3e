// In which order rows are learned from, and evaluated: shuffled anew in each epoch, or as streams that go on.
import type { Dataset } from "../data/dataset.js";
import type { Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { PredictorNetwork } from "./predictor.js";

/** The rows of each minibatch of an epoch. */
export interface RowOrder {
  /** Minibatches of an epoch. */
  readonly numBatches: number;
  /** Begin an epoch: the order depends on nothing but what `random` draws. */
  begin(random: Random): void;
  /** Return the rows of minibatch `batch` of this epoch; the next call may overwrite them. */
  rowsOf(batch: number): Int32Array;
}

/** Rows that are evaluated side by side, step by step. */
export interface EvaluationOrder {
  /** All rows, in the order of the report. */
  readonly rows: Int32Array;
  /** Rows that are computed at once. */
  readonly readers: number;
  /** Return the places in `rows` of what each reader is at, step after step; -1: it is at its end. */
  steps(): readonly Int32Array[];
}

/** Rows that are computed at once where nothing goes on from row to row. */
const EVALUATED_AT_ONCE = 256;
/** Readers of an evaluation, at most: each begins with an empty memory. */
const READERS = 64;
/** A reader reads so many rows at least, where there are several. */
const LEAST_STRETCH = 16;

/**
 * Return the order in which a network learns from the rows of `train`.
 *
 * Throws a UsageError where they are fewer than a minibatch, or are to be streams and do not continue each other.
 */
export function trainingOrder(network: PredictorNetwork, train: Dataset, batchSize: number): RowOrder {
  return network.order === "streams" ? streams(train, batchSize) : shuffled(train, batchSize);
}

/** Return the order in which rows are evaluated; for "streams" every row once, as the one before it goes on. */
export function evaluationOrder({ order }: PredictorNetwork, dataset: Dataset): EvaluationOrder {
  if (order !== "streams") {
    const readers = Math.min(EVALUATED_AT_ONCE, dataset.size);
    const rows = Int32Array.from({ length: dataset.size }, (_, row) => row);
    return { rows, readers, steps: () => inBlocks(rows.length, readers) };
  }
  const rows = continuedRows(dataset, continuationOf(dataset));
  const readers = Math.max(1, Math.min(READERS, Math.floor(rows.length / LEAST_STRETCH)));
  return { rows, readers, steps: () => sideBySide(rows.length, readers) };
}

/** Whether `row` does not go on where the row `before` ends; `before` is -1 where there is none. */
export function isStart(dataset: Dataset, row: number, before: number): boolean {
  const { continuation = 1, groups } = dataset;
  return (
    before < 0 || row !== before + continuation || (groups !== undefined && groups[row] !== groups[before])
  );
}

function shuffled(train: Dataset, batchSize: number): RowOrder {
  if (train.size < batchSize) throw tooFew(train, batchSize, "");
  const rows = new Int32Array(train.size);
  return {
    numBatches: Math.floor(train.size / batchSize),
    begin(random) {
      for (let row = 0; row < rows.length; row++) rows[row] = row;
      random.shuffle(rows);
    },
    rowsOf: (batch) => rows.subarray(batch * batchSize, (batch + 1) * batchSize),
  };
}

function streams(train: Dataset, batchSize: number): RowOrder {
  const step = continuationOf(train);
  const stretch = Math.floor(train.size / batchSize);
  const numBatches = Math.floor(stretch / step);
  if (numBatches < 1) throw tooFew(train, batchSize * step, ` for ${batchSize} streams`);
  const rows = new Int32Array(batchSize);
  let offset = 0;
  return {
    numBatches,
    begin(random) {
      offset = random.integer(step);
    },
    rowsOf(batch) {
      for (let reader = 0; reader < batchSize; reader++)
        rows[reader] = reader * stretch + offset + batch * step;
      return rows;
    },
  };
}

function continuationOf({ continuation, provenance }: Dataset): number {
  if (continuation === undefined)
    throw new UsageError(
      `The rows of ${provenance.name} do not continue each other, which a model that learns from streams needs. Take windows of texts or series, in their order.`,
    );
  return continuation;
}

function tooFew({ size, provenance }: Dataset, least: number, what: string): UsageError {
  return new UsageError(
    `${provenance.name} has ${size} rows to learn from, expected at least ${least}${what}: one minibatch. Lower the setting batchSize, or take more data.`,
  );
}

/** List of each stretch of rows of a group the first, and every one that goes on where the one before ends. */
export function continuedRows({ size, groups }: Dataset, continuation: number): Int32Array {
  const rows: number[] = [];
  let start = 0;
  for (let row = 0; row < size; row++) {
    if (row > 0 && groups && groups[row] !== groups[row - 1]) start = row;
    if ((row - start) % continuation === 0) rows.push(row);
  }
  return Int32Array.from(rows);
}

function inBlocks(count: number, readers: number): Int32Array[] {
  return Array.from({ length: Math.ceil(count / readers) }, (_, block) =>
    Int32Array.from({ length: readers }, (_, k) => (block * readers + k < count ? block * readers + k : -1)),
  );
}

function sideBySide(count: number, readers: number): Int32Array[] {
  const stretch = Math.ceil(count / readers);
  return Array.from({ length: stretch }, (_, step) =>
    Int32Array.from({ length: readers }, (_, reader) =>
      reader * stretch + step < count ? reader * stretch + step : -1,
    ),
  );
}

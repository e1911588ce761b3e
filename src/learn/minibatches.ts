// Which rows make each minibatch: all of them in a shuffled order, or some drawn at random.
import type { Arrays } from "../compile/engines/engine.js";
import type { Random } from "../math/random.js";

/** What `fit` learns from, minibatch by minibatch. */
export interface Minibatches {
  /** Minibatches of an epoch. */
  readonly numBatches: number;
  /** Return the arrays of minibatch `k` of an epoch, from 0 on in order; the next may overwrite them. */
  next(k: number): Arrays;
}

/** Copies the rows `picked` into the arrays of a minibatch and returns these. */
export type Gather = (picked: Int32Array) => Arrays;

/** Rows as wide as that are copied faster as a block than number by number. */
const WIDE = 64;

/**
 * Go through all of `rows` in each epoch, in an order that is shuffled anew, in place.
 *
 * Updates are compiled for `batchSize` rows: what is left over after the last whole minibatch is left out of the epoch.
 */
export function shuffledMinibatches(
  rows: Int32Array,
  batchSize: number,
  random: Random,
  gather: Gather,
): Minibatches {
  return {
    numBatches: Math.floor(rows.length / batchSize),
    next(k) {
      if (k === 0) random.shuffle(rows);
      return gather(rows.subarray(k * batchSize, (k + 1) * batchSize));
    },
  };
}

/** Draw `batchSize` rows for each minibatch, of `numRows(k)` that there are by then; a row may be drawn more than once. */
export function drawnMinibatches(
  {
    numBatches,
    batchSize,
    numRows,
  }: {
    readonly numBatches: number;
    readonly batchSize: number;
    readonly numRows: (k: number) => number;
  },
  random: Random,
  gather: Gather,
): Minibatches {
  const picked = new Int32Array(batchSize);
  return {
    numBatches,
    next(k) {
      const count = numRows(k);
      for (let r = 0; r < batchSize; r++) picked[r] = random.integer(count);
      return gather(picked);
    },
  };
}

/** Copy `rows` of `source`, in their order, to the beginning of `target`; a row has `width` numbers. */
export function copyRows<Values extends Float32Array | Uint8Array>(
  source: Values,
  rows: Int32Array,
  target: Values,
  width: number,
): void {
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r]! * width;
    const to = r * width;
    if (width >= WIDE) target.set(source.subarray(from, from + width), to);
    else for (let k = 0; k < width; k++) target[to + k] = source[from + k]!;
  }
}

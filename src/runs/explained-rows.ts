// Rows that are explained: which are wanted, and what is said of them.
import type { Arrays } from "../compile/engines/engine.js";
import type { ReportRow } from "../explain/report-page.js";
import type { ScoredNumber } from "../explain/scores.js";
import { UsageError } from "../math/usage-error.js";
import type { ModelRunner } from "../model/model-runner.js";

/** Which rows are wanted, what of them is explained, and what makes the runner for as many. */
export interface WantedRows {
  readonly rows: number;
  readonly row?: readonly number[];
  readonly class: string;
  readonly createRunner: (rows: number) => Promise<ModelRunner>;
}

/** Rows, and what is said of them. */
export interface ExplainedRows {
  readonly runner: ModelRunner;
  readonly inputs: Arrays;
  readonly target: ScoredNumber;
  readonly mask?: ArrayLike<number>;
  /** Which rows they are. */
  readonly numbers: readonly number[];
  readonly rows: readonly ReportRow[];
  /** Names of the entries of the input that is shown. */
  readonly entries: readonly string[];
  readonly title: string;
  readonly lines: readonly string[];
}

/** Return the rows that are wanted of `size`: those named, or as many, spread evenly. */
export function chooseRows(
  size: number,
  { rows, row }: Pick<WantedRows, "rows" | "row">,
  what: string,
): number[] {
  const wrong = row?.find((k) => !Number.isInteger(k) || k < 0 || k >= size);
  if (wrong !== undefined)
    throw new UsageError(`There is no row ${wrong}: the ${what} are 0 to ${size - 1}.`);
  const count = Math.min(rows, size);
  return row ? [...row] : Array.from({ length: count }, (_, k) => Math.floor((k * size) / count));
}

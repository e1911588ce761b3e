// What an evaluation of a predictor says.
import type { DataArrays } from "../data/dataset.js";
import type { ReliabilityBin } from "./metrics/calibration.js";
import type { ClassificationReport, ConfusionMatrix } from "./metrics/classification.js";
import type { Loss } from "./predictor.js";

/** What one objective came to. */
export interface ObjectiveReport {
  /** Of the model. */
  readonly output: string;
  /** Of the data. */
  readonly target: string;
  /** Its kind. */
  readonly loss: Loss["loss"];
  /** The mean of its loss over the rows, not weighted. */
  readonly value: number;
  /** By name; one that is undefined on these rows is not there. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where the output has a number for each class. */
  readonly classes?: {
    /** By number. */
    readonly names: readonly string[];
    /** `[class][taken for]`; absent for more than 256 classes. */
    readonly confusion?: ConfusionMatrix;
    /** What follows from it. */
    readonly scores?: ClassificationReport;
    /** How often predictions are right by how confident they were. */
    readonly reliability: readonly ReliabilityBin[];
  };
}

/** What a predictor came to on a data set. */
export interface PredictorReport {
  /** Numbers of the rows evaluated, in their order: all, or of rows that overlap every one that goes on where another ends. */
  readonly rows: Int32Array;
  /** The weighted sum of all objectives, the mean over rows. */
  readonly loss: number;
  /** "loss", and the metrics of all objectives: those of the first by their names, of others as `<output>/<name>`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** In the network's order. */
  readonly objectives: readonly ObjectiveReport[];
  /** The loss of each of `rows`. */
  readonly rowLosses: Float32Array;
  /** Where asked for: outputs of each of `rows`, `[rows, ...shape]` by name. */
  readonly predictions?: DataArrays;
}

/**
 * Return the places of the `count` greatest losses, the greatest first: `report.rows[place]` is the row of the data set.
 *
 * @throws Nothing.
 * @example
 * const [worst] = worstRows(report, 10).map((place) => report.rows[place]);
 */
export function worstRows({ rowLosses }: Pick<PredictorReport, "rowLosses">, count: number): Int32Array {
  const places = Int32Array.from(rowLosses, (_, place) => place);
  return places.sort((a, b) => rowLosses[b]! - rowLosses[a]! || a - b).slice(0, count);
}

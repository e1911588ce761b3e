// The outcome of a fit.
import type { FitState } from "../../learn/fit-state.js";
import type { FitFolder } from "./fit-folder.js";

/** The outcome of a fit; `armgym fit --json` prints it. */
export interface FitOutcome {
  readonly predictor: string;
  /** Name of the data. */
  readonly data: string;
  readonly seed: number | string;
  /** Epochs done. */
  readonly epochs: number;
  /** Minibatches learned from. */
  readonly updates: number;
  /** Wall-clock time of all epochs. */
  readonly minutes: number;
  /** Counted from 1; 0 where none was validated. */
  readonly bestEpoch: number;
  /** Rows that it was chosen by. */
  readonly validationRows: number;
  /** What the best epoch came to on them, by name. */
  readonly validation: Readonly<Record<string, number>>;
  /** Absolute path of the folder. */
  readonly run: string;
}

/** Return the outcome of a fit that stands at `state`. */
export function fitOutcome({ config, path }: FitFolder, state: FitState): FitOutcome {
  const { predictor, seed, dataset } = config;
  return {
    predictor,
    data: dataset.provenance.name,
    seed,
    epochs: state.epoch,
    updates: state.optimizer.updates,
    minutes: state.minutes,
    bestEpoch: state.best?.epoch ?? 0,
    validationRows: dataset.rows.validation,
    validation: state.best?.metrics ?? {},
    run: path,
  };
}

// What a fit takes.
import type { Engine } from "../compile/engines/engine.js";
import type { DataSplits } from "../data/dataset.js";
import type { CallbackAnswer, CallbackContext } from "./callbacks.js";
import type { BatchReport, EpochReport, FitCallback, FitState, FitWeights } from "./fit-state.js";
import type { FitSettings, PredictorNetwork } from "./predictor.js";
import type { FitHooks } from "./predictor-functions.js";

/** What is fitted to what. */
export interface FitPredictorOptions {
  /** The predictor. */
  readonly network: PredictorNetwork;
  /** How it learns; those of its own may stand beside them. */
  readonly settings: FitSettings;
  /** Rows to learn from and rows to choose by. */
  readonly splits: Pick<DataSplits, "train" | "validation">;
  /** Names the random streams: the same seed gives the same bits. */
  readonly seed: number | string;
  /** Runs what is compiled. */
  readonly engine: Engine;
  /** Go on from here. */
  readonly from?: FitState;
  /** Begin with these weights and their statistics, instead of drawing parameters; the optimiser starts afresh. */
  readonly start?: FitWeights;
  /** Called, in their order and awaited, while the fit goes on; each may log metrics, and ends it by returning false. */
  readonly callbacks?: readonly FitCallback[];
  /** Short for a last callback that has `onIteration` alone. */
  onEpoch?(report: EpochReport, context: CallbackContext): CallbackAnswer;
  /** Called after each minibatch. */
  onBatch?(report: BatchReport): void;
  /** Called, and awaited, with a copy of the state after each epoch, and within it every `checkpointBatches` minibatches. */
  onCheckpoint?(state: FitState): void | Promise<void>;
  /** Default 1000. */
  readonly checkpointBatches?: number;
  /** Ends the fit after the present minibatch when aborted; the state is then amid its epoch. */
  readonly signal?: AbortSignal;
  /** What is done to inputs and parameters amid an update. */
  readonly hooks?: FitHooks;
  /** Takes what is to be noticed, line by line; default `console.warn`. */
  readonly say?: (line: string) => void;
  /** Clock in milliseconds, for the time metrics only; default `performance.now`. */
  readonly clock?: () => number;
}

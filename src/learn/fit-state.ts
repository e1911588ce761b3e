// Where a fit stands: everything that decides how it goes on, as plain data, and what it ends with.
import type { RandomState } from "../math/random.js";
import type { RunningStatisticsState } from "../math/running-statistics.js";
import type { CallbackAnswer, CallbackContext } from "./callbacks.js";
import type { OptimizerState } from "./optimizer.js";
import type { FitSettings } from "./predictor.js";
import type { PredictorReport } from "./predictor-report.js";

/** Why a fit ended. */
export type FitEnd = "epochs" | "patience" | "callback" | "signal";

/** Numbers that a model runs by, the statistics of its inputs included. */
export interface FitWeights {
  /** [layout.total] */
  readonly parameters: Float32Array;
  /** What inputs are standardised by, by the input's name. */
  readonly normalizers: Readonly<Record<string, RunningStatisticsState>>;
}

/** What is kept of an epoch. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Minibatches learned from so far. */
  readonly updates: number;
  /** `train/loss`, `train/learning_rate`, `eval/loss` and the metrics of the validation, and what callbacks logged. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The best epoch by validation. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** At its end. [layout.total] */
  readonly parameters: Float32Array;
  /** What it was chosen by: the metric of the name `select`, or "loss". */
  readonly value: number;
  /** Of its validation. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Everything that decides how a fit goes on, as plain data; the same bits as had it never stopped. */
export interface FitState {
  /** Epochs done, their validation included. */
  readonly epoch: number;
  /** Minibatches done of the epoch under way; all of them where its validation is still to be made. */
  readonly batch: number;
  /** Sums over those minibatches, of what the epoch reports means of. */
  readonly sums: Readonly<Record<string, number>>;
  /** Parameters, and what Adam keeps of them. */
  readonly optimizer: OptimizerState;
  /** What inputs are standardised by, by the input's name. */
  readonly normalizers: Readonly<Record<string, RunningStatisticsState>>;
  /** Random streams by what they draw; that of the order as it was before the epoch under way. */
  readonly random: Readonly<Record<"order" | "dropout" | "augment" | "noise", RandomState>>;
  /** What is remembered of the minibatch before, for "streams". [batchSize * memory size] */
  readonly memory?: Float32Array;
  /** null before the first validation. */
  readonly best: BestEpoch | null;
  /** Epoch by epoch. */
  readonly history: readonly EpochRecord[];
  /** Those in force. */
  readonly settings: FitSettings;
  /** Rows to learn from. */
  readonly rows: number;
  /** Wall-clock time spent; decides nothing. */
  readonly minutes: number;
  /** Whether nothing is left to do: all epochs are done, or patience has run out. */
  readonly finished: boolean;
}

/** What is reported after each epoch. */
export interface EpochReport extends EpochRecord {
  /** Epochs that the fit ends at, at the latest. */
  readonly epochs: number;
  /** Minibatches of all epochs. */
  readonly totalUpdates: number;
  /** Wall-clock time so far. */
  readonly minutes: number;
  /** What the rows to choose by came to. */
  readonly validation: PredictorReport;
  /** Whether this is the best epoch so far. */
  readonly improved: boolean;
  /** Whether the fit ends here. */
  readonly last: boolean;
  /** Why it is the last, where it is not a callback's or the signal's doing. */
  readonly endedBy?: FitEnd;
}

/** What is reported after each minibatch. */
export interface BatchReport {
  /** Of the epoch under way, counted from 1. */
  readonly epoch: number;
  /** Minibatches done of it. */
  readonly batch: number;
  /** Minibatches of an epoch. */
  readonly numBatches: number;
  /** Of this minibatch, before the update. */
  readonly loss: number;
}

/** What a fit ends with. */
export interface FitResult {
  /** The best epoch's by validation; the last where none was validated. */
  readonly best: FitWeights;
  /** Of the last update. */
  readonly last: FitWeights;
  /** Which epoch is the best, counted from 1; 0: none was validated. */
  readonly bestEpoch: number;
  /** Epochs done. */
  readonly epochs: number;
  /** Epoch by epoch. */
  readonly history: readonly EpochRecord[];
  /** Why it ended. */
  readonly endedBy: FitEnd;
  /** What to go on from. */
  readonly state: FitState;
}

/** Something to do while a model learns from data: all methods are optional, may be async, and are waited for. */
export interface FitCallback {
  /** Called before the first epoch. */
  onTrainingStart?(context: CallbackContext): CallbackAnswer;
  /** Called after each validation. */
  onEvaluation?(
    evaluation: Pick<EpochReport, "validation" | "improved">,
    context: CallbackContext,
  ): CallbackAnswer;
  /** Called after each epoch, when all has been learnt and logged; the fit ends where it returns false. */
  onIteration?(report: EpochReport, context: CallbackContext): CallbackAnswer;
  /** Called when the fit is over, however it ended, but not where it threw. */
  onTrainingEnd?(result: FitResult, context: CallbackContext): CallbackAnswer;
}

// What training reports: iterations, rollouts, evaluations, checkpoints, and its result.
import type { EpisodeResult } from "../env/vec-env.js";
import type { EvaluationSummary } from "./evaluate.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import type { Distributions } from "./training-distributions.js";
import type { TrainedPolicy, TrainingState } from "./training-state.js";

/** Why training ended: `totalSteps`, `stopAtSuccess`, or validations that have settled (`settledSuccess`). */
export type TrainingEnd = "steps" | "solved" | "settled";

/** What is reported after each iteration. */
export interface IterationReport {
  /** Counted from 1. */
  readonly iteration: number;
  /** Environment steps so far. */
  readonly steps: number;
  /** Environment steps that training ends at. */
  readonly totalSteps: number;
  /** Wall-clock time so far. */
  readonly minutes: number;
  /** By the tags that dashboards know: rollout/, train/, time/, reward/, eval/; with what callbacks have logged. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where this iteration was validated. */
  readonly validation?: EvaluationSummary;
  /** Whether this validation made a new best policy. */
  readonly improved: boolean;
  /** Those that ended in this iteration. */
  readonly episodes: readonly EpisodeResult[];
  /** Whether training ends here. */
  readonly last: boolean;
  /** Why it is the last, where it is not the signal's doing. */
  readonly endedBy?: TrainingEnd;
  /** Copy the state to continue from. */
  state(): Promise<TrainingState>;
  /** Gather what its numbers and the parameters are like, for histograms; valid until the next iteration. */
  distributions(): Distributions;
}

/** What a callback gets of a rollout. */
export interface RolloutReport {
  /** Episodes that ended in it, also those that the NaN guard dropped (`dropped`); a teacher's own are not among them. */
  readonly episodes: readonly EpisodeResult[];
}

/** What a callback gets of a validation. */
export interface EvaluationReport {
  /** What the episodes came to. */
  readonly validation: EvaluationSummary;
  /** Whether it made a new best policy. */
  readonly improved: boolean;
}

/** What a callback gets of a checkpoint. */
export interface CheckpointReport {
  /** Folder of the run whose checkpoint was written. */
  readonly run: string;
  /** Environment steps that training continues from. */
  readonly steps: number;
  /** Whether it holds a new best policy. */
  readonly improved: boolean;
}

/** What training ends with. */
export interface TrainResult {
  /** All that were in force. */
  readonly settings: PpoSettings;
  /** What to continue from. */
  readonly state: TrainingState;
  /** The best policy by validation, else the last. */
  readonly policy: TrainedPolicy;
  /** Why nothing is left to train; absent where it was stopped. */
  readonly endedBy?: TrainingEnd;
}

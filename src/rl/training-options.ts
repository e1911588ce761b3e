// What training is told, and what it tells.
import type { EngineName } from "../compile/engines/engine.js";
import type { EnvFactory } from "../env/env.js";
import type { EpisodeResult } from "../env/vec-env.js";
import type { EvaluationSummary } from "./evaluate.js";
import type { Demonstrations } from "./imitation/demonstrations.js";
import type { TeacherDefinition } from "./imitation/teacher.js";
import type { AgentDefinition } from "./policy.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import type { PretrainedEncoder } from "./pretraining/pretrained-encoder.js";
import type { RolloutPlan, RolloutPool } from "./rollout/rollout-host.js";
import type { TrainedPolicy, TrainingState } from "./training-state.js";

/** Why training ended: `totalSteps`, `stopAtSuccess`, or validations that have settled (`settledSuccess`). */
export type TrainingEnd = "steps" | "solved" | "settled";

/** What is told after each iteration. */
export interface IterationReport {
  /** Counted from 1. */
  readonly iteration: number;
  /** Environment steps so far. */
  readonly steps: number;
  /** Environment steps that training ends at. */
  readonly totalSteps: number;
  /** Wall-clock time so far. */
  readonly minutes: number;
  /** By the tags that dashboards know: rollout/, train/, time/, reward/, eval/. */
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
  /** Copy the state to go on from. */
  state(): Promise<TrainingState>;
}

/** How to train. */
export interface TrainOptions {
  /** What to learn. */
  readonly env: EnvFactory;
  /** What learns it. */
  readonly agent: AgentDefinition;
  /** Default 1. */
  readonly seed?: number | string;
  /** Overrides of the agent's settings (its tuning for the environment included). */
  readonly settings?: Partial<PpoSettings>;
  /** Overrides of the environment's config. */
  readonly envConfig?: Readonly<Record<string, unknown>>;
  /** The same where it is trained; default: the agent's tuning for the environment, and above that `envConfig`. */
  readonly trainEnv?: Readonly<Record<string, unknown>>;
  /** Default "native". */
  readonly engine?: EngineName;
  /** Makes the pool that rolls out; default: in the calling thread. */
  readonly createPool?: (plan: RolloutPlan) => Promise<RolloutPool>;
  /** Called, and awaited, after each iteration; training ends where it returns "stop". */
  readonly onIteration?: (report: IterationReport) => unknown;
  /**
   * Ends training after the present iteration when aborted; a validation is not waited for, the state is then that before
   * its iteration, which comes again when training goes on. Nor is the cloning of demonstrations: give them again then.
   */
  readonly signal?: AbortSignal;
  /**
   * Go on from here. What changed in `settings` is followed: a constant learning rate, `stopAtSuccess`, `settledSuccess`; a rate
   * that falls until `totalSteps` is refused where that has changed, one that follows the KL divergence goes on from its last.
   */
  readonly resume?: TrainingState;
  /** Start from this policy, of the same agent, with its observation statistics; the optimiser starts afresh. */
  readonly start?: TrainedPolicy;
  /** Start with this image encoder, made by `pretrainEncoder` for the same cameras. */
  readonly encoder?: PretrainedEncoder;
  /** Start as a clone of these. */
  readonly demonstrations?: Demonstrations;
  /** Imitate this teacher instead of learning from rewards; `createPool`, where given, must know it as well. */
  readonly teacher?: TeacherDefinition;
  /** Clock in milliseconds, for the time metrics only; default `performance.now`. */
  readonly clock?: () => number;
}

/** What training ends with. */
export interface TrainResult {
  /** All that were in force. */
  readonly settings: PpoSettings;
  /** What to go on from. */
  readonly state: TrainingState;
  /** The best policy by validation, else the last. */
  readonly policy: TrainedPolicy;
  /** Why nothing is left to train; absent where it was stopped. */
  readonly endedBy?: TrainingEnd;
}

// What training takes.
import type { EngineName } from "../compile/engines/engine.js";
import type { EnvFactory } from "../env/env.js";
import type { CallbackContext } from "../learn/callbacks.js";
import type { Demonstrations } from "./imitation/demonstrations.js";
import type { TeacherDefinition } from "./imitation/teacher.js";
import type { AgentDefinition } from "./policy.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import type { PretrainedEncoder } from "./pretraining/pretrained-encoder.js";
import type { RolloutPlan, RolloutPool } from "./rollout/rollout-host.js";
import type { TrainingCallback } from "./training-callback.js";
import type { CheckpointReport, IterationReport } from "./training-report.js";
import type { TrainedPolicy, TrainingState } from "./training-state.js";

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
  /** Called, in their order and awaited, while training goes on; each may log metrics, and ends training by returning false. */
  readonly callbacks?: readonly TrainingCallback[];
  /** Short for a last callback that has this method alone; "stop", as false, ends training. */
  readonly onIteration?: (report: IterationReport, context: CallbackContext) => unknown;
  /**
   * Called last in each iteration, and awaited: keeps what it brought, with what callbacks have logged, and returns the checkpoint
   * that it wrote, where one was due, for their `onCheckpoint`.
   */
  readonly keep?: (report: IterationReport) => Promise<CheckpointReport | undefined>;
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

// The state of training as plain data: policies, optimiser, random streams, environments.
import type { EpisodeResult } from "../env/vec-env.js";
import type { RunningStatisticsState } from "../math/running-statistics.js";
import type { MemoryPart } from "../model/model.js";
import type { ParameterPart } from "../model/model-tensors.js";
import type { LearnerState } from "./learner.js";
import type { RolloutGroupSnapshot } from "./rollout/rollout-group.js";

/** A policy as it is kept: parameters and the statistics that normalise its observations. */
export interface TrainedPolicy {
  /** All of the network, as its layout says. [layout.total] */
  readonly parameters: Float32Array;
  /** What normalises its observations. */
  readonly statistics: RunningStatisticsState;
  /** What the policy remembers; absent where it has no memory. */
  readonly memory?: readonly MemoryPart[];
  /** Names and shapes of the parameters, one after another; absent in what was trained before 0.2.0. */
  readonly parts?: readonly ParameterPart[];
}

/** The best policy so far by validation. */
export interface BestPolicy extends TrainedPolicy {
  readonly steps: number;
  /** Share of all validation episodes; those that the NaN guard dropped did not succeed. */
  readonly successRate: number;
  readonly meanReturn: number;
}

/** Everything that decides how training continues, as plain data. */
export interface TrainingState extends TrainedPolicy, LearnerState {
  /** Iterations done. */
  readonly iteration: number;
  /** Environment steps done. */
  readonly steps: number;
  /** Wall-clock time spent; decides nothing. */
  readonly minutes: number;
  /** Each group of environments amid its episodes. */
  readonly groups: readonly RolloutGroupSnapshot[];
  /** null before the first validation. */
  readonly best: BestPolicy | null;
  /** Shares of success of the last validations, oldest first. */
  readonly validated: readonly number[];
  /** What `totalSteps` was; absent in states of before that was kept. */
  readonly totalSteps?: number;
  /** The last episodes, which the rollout/ metrics are means of. */
  readonly recent: readonly EpisodeResult[];
  /** Of a training that started from a trained policy: what that one did in validation. */
  readonly start?: StartReport;
  /** Whether nothing is left to train: `totalSteps` is reached, or validation decided so. */
  readonly finished: boolean;
}

/** How the policy did that a training started from. */
export interface StartReport {
  /** In validation. */
  readonly successRate: number;
}

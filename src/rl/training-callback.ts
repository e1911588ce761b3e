// Callbacks of the training of policies.
import type { EpisodeResult } from "../env/vec-env.js";
import {
  type Callback,
  type CallbackAnswer,
  type CallbackContext,
  CallbackList,
  namedCallbacks,
  type TrainingProgress,
} from "../learn/callbacks.js";
import { isBuiltInMetric } from "./training-metrics.js";
import type {
  CheckpointReport,
  EvaluationReport,
  IterationReport,
  RolloutReport,
  TrainResult,
} from "./training-report.js";

/**
 * Something to do while a policy is trained: all methods are optional, may be async, and are waited for. An iteration calls
 * onRolloutStart, onEpisodeEnd for each episode, onRolloutEnd, onEvaluation where it is validated, onIteration, and onCheckpoint
 * where the run is saved. Training ends after the iteration in which one returns false; the results are the same bits
 * with callbacks as without.
 *
 * @throws UsageError from `train` that names the callback and the place in it, where one throws.
 * @example
 * const countSuccesses: TrainingCallback = {
 *   onRolloutEnd: ({ episodes }, { log }) => log("custom/successes", episodes.filter(({ success }) => success).length),
 *   onEvaluation: ({ validation }) => validation.successRate < 0.9,
 * };
 * await train({ env, agent, callbacks: [countSuccesses] });
 */
export interface TrainingCallback extends Callback<IterationReport, EvaluationReport, TrainResult> {
  /** Called before each rollout. */
  onRolloutStart?(context: CallbackContext): CallbackAnswer;
  /** Called for each episode that ended, after its rollout: group after group, in the same order whoever did the work. */
  onEpisodeEnd?(episode: EpisodeResult, context: CallbackContext): CallbackAnswer;
  /** Called after each rollout, before it is learnt from. */
  onRolloutEnd?(rollout: RolloutReport, context: CallbackContext): CallbackAnswer;
  /** Called after a checkpoint was written; `train` alone writes none. */
  onCheckpoint?(checkpoint: CheckpointReport, context: CallbackContext): CallbackAnswer;
}

/** List the callbacks that `train` is given, the short form of one last. */
export function trainingCallbacks(
  {
    callbacks = [],
    onIteration,
  }: {
    readonly callbacks?: readonly TrainingCallback[];
    readonly onIteration?: (report: IterationReport, context: CallbackContext) => unknown;
  },
  progress: () => TrainingProgress,
): CallbackList<TrainingCallback> {
  const named = namedCallbacks(callbacks);
  if (onIteration) {
    const callback: TrainingCallback = {
      onIteration: async (report, context) => {
        const answer = await onIteration(report, context);
        return answer !== "stop" && answer !== false;
      },
    };
    named.push({ name: "options", callback });
  }
  return new CallbackList(named, progress, isBuiltInMetric);
}

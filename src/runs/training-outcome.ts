// The outcome of a training.
import type { EvaluationSummary } from "../rl/evaluate.js";
import type { UnvariedEntry } from "../rl/observation-floor.js";
import type { TrainingState } from "../rl/training-state.js";
import type { RunFolder } from "./run-folder.js";

/** The outcome of a training; `armgym train --json` prints it. */
export interface TrainingOutcome extends EvaluationSummary {
  readonly env: string;
  readonly agent: string;
  readonly seed: number | string;
  readonly steps: number;
  readonly minutes: number;
  readonly stepsPerSecond: number;
  readonly run: string;
  /** Of a training that started from an earlier run: success in validation of its policy and of the best one since. */
  readonly from?: { readonly run: string; readonly before: number; readonly after: number };
  /** Entries of the observation that never varied while training; absent where all did. */
  readonly unvaried?: readonly UnvariedEntry[];
}

/** Return the outcome of a run: what it is, how long it was trained, and what its best policy achieves. */
export function outcomeOf(
  { config: { env, agent, seed }, path }: RunFolder,
  { steps, minutes }: TrainingState,
  summary: EvaluationSummary,
): TrainingOutcome {
  const stepsPerSecond = steps / (60 * minutes);
  return { env, agent, seed, ...summary, steps, minutes, stepsPerSecond, run: path };
}

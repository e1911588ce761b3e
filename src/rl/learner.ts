// What a training loop learns by: PPO, or DAgger where there is a teacher.
import type { DivergenceContext } from "../learn/divergence.js";
import type { Optimizer, OptimizerState } from "../learn/optimizer.js";
import type { RandomState } from "../math/random.js";
import type { RunningStatistics, RunningStatisticsState } from "../math/running-statistics.js";
import type { ModelWeights } from "../model/model-runner.js";
import { normalizerOf } from "../model/normalizer.js";
import type { ReturnNormalizerState } from "./rollout/return-normalizer.js";
import { keptObservations } from "./rollout/rollout-batch.js";
import type { RolloutBuffer } from "./rollout/rollout-buffer.js";
import type { Collection } from "./rollout/strategies/strategy.js";

/** Where an iteration stands in the whole of training. */
export interface Progress {
  /** Counted from 0. */
  readonly iteration: number;
  /** Share of training that was done before it, 0 to 1. */
  readonly share: number;
}

/** Owns what is trained, and learns from one iteration's rollouts after another. */
export interface Learner {
  /** Owns the policy's parameters. */
  readonly optimizer: Optimizer;
  /** Of the observations: what normalises them, when acting and when learning. */
  readonly statistics: RunningStatistics;
  /** Whether the learning rate falls until `totalSteps`, so that training cannot be continued to another end. */
  readonly rateFallsToEnd: boolean;
  /** Settings that may make it diverge, and what to try then. */
  readonly suspects: Omit<DivergenceContext, "where">;
  /** Say by what strategy the rollouts of an iteration are collected. */
  collection(progress: Progress): Collection;
  /** Learn from the rollouts of all groups; returns what to log, undefined where they hold nothing to learn from. */
  learn(rollouts: readonly RolloutBuffer[], progress: Progress): Promise<Metrics | undefined>;
  /** Copy the state to continue from. */
  state(): LearnerState;
  /** Continue from a state returned by `state`. */
  restore(state: LearnerState): void;
}

/** What is logged, by the tags that dashboards know: "train/value_loss". */
export type Metrics = Readonly<Record<string, number>>;

/** How a learner is made, besides its policy and settings. */
export interface LearnerOptions {
  /** Seed of the run, which the first parameters and the order of minibatches are drawn from. */
  readonly seed: number | string;
  /** What runs its updates. */
  readonly engine: string;
  /** Least spread of each observation entry, as `observationFloors` gives it; default 1e-4 each. */
  readonly floor?: readonly number[];
}

/** State of a learner as plain data. */
export interface LearnerState extends OptimizerState {
  /** Of the stream that minibatches are drawn from. */
  readonly shuffle: RandomState;
  /** What normalises the observations. */
  readonly statistics: RunningStatisticsState;
  /** What scales the rewards. */
  readonly returnNormalizer: ReturnNormalizerState;
}

/** Return what the policy acts by now: its parameters and its normaliser. */
export function actingWeights({
  optimizer,
  statistics,
}: Pick<Learner, "optimizer" | "statistics">): ModelWeights {
  return { parameters: optimizer.parameters, normalizers: { observation: normalizerOf(statistics) } };
}

/** Take the observations of rollouts into `statistics`, but those of episodes that the NaN guard dropped. */
export function observeRollouts(statistics: RunningStatistics, rollouts: readonly RolloutBuffer[]): void {
  for (const { observations, excluded } of rollouts) {
    const { rows, count } = keptObservations(observations, excluded);
    if (count > 0) statistics.update(rows, count);
  }
}

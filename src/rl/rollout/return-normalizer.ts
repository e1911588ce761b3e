// Divide rewards by the spread of the discounted return, so that value errors have the same size in every task.
import { RunningStatistics, type RunningStatisticsState } from "../../math/running-statistics.js";

/** Scaled rewards are clipped to this many standard deviations of the return. */
export const REWARD_CLIP = 10;

/** State of a normaliser as plain data. */
export interface ReturnNormalizerState {
  readonly statistics: RunningStatisticsState;
  /** Discounted return so far of each environment's episode. [numEnvs] */
  readonly returns: Float32Array;
}

/** A rollout of some neighbouring environments; index `t * numEnvs + i`. */
export interface RewardRows {
  /** Index of the first environment in the run. */
  readonly firstEnv: number;
  readonly numEnvs: number;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** 1 where a step is not to be learnt from. */
  readonly excluded: Uint8Array;
}

/**
 * Tracks the discounted return of each environment and scales rewards by 1 / √(variance + 1e-8) of all of them, clipped
 * to ±10 (Engstrom et al., "Implementation Matters in Deep Policy Gradients", 2020).
 */
export class ReturnNormalizer {
  private readonly gamma: number;
  private readonly statistics = new RunningStatistics(1);
  private readonly returns: Float32Array;

  constructor(numEnvs: number, gamma: number) {
    this.gamma = gamma;
    this.returns = new Float32Array(numEnvs);
  }

  /** Take in a rollout. */
  observe({ firstEnv, numEnvs, rewards, terminated, truncated, excluded }: RewardRows): void {
    const seen = new Float32Array(rewards.length);
    let count = 0;
    for (let row = 0; row < rewards.length; row++) {
      const env = firstEnv + (row % numEnvs);
      const value = this.gamma * this.returns[env]! + rewards[row]!;
      if (excluded[row] === 0) seen[count++] = value;
      this.returns[env] = terminated[row] === 1 || truncated[row] === 1 ? 0 : value;
    }
    if (count > 0) this.statistics.update(seen, count);
  }

  /** Return scaled copies of `rewards`. */
  scale(rewards: Float32Array): Float32Array {
    const factor = this.statistics.scale(0);
    return rewards.map((reward) => Math.max(-REWARD_CLIP, Math.min(REWARD_CLIP, factor * reward)));
  }

  state(): ReturnNormalizerState {
    return { statistics: this.statistics.state(), returns: this.returns.slice() };
  }

  /** Continue from a state returned by `state`. */
  restore(state: ReturnNormalizerState): void {
    this.statistics.restore(state.statistics);
    this.returns.set(state.returns);
  }
}

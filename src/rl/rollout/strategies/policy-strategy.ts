// The policy acts by samples of its distribution; values are kept for advantages, with bootstrap where an episode is cut.
import type { Arrays } from "../../../compile/engines/engine.js";
import type { VecEnv } from "../../../env/vec-env.js";
import type { Random } from "../../../math/random.js";
import type { RolloutBuffer } from "../rollout-buffer.js";
import type { CollectionStrategy } from "./strategy.js";

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Samples actions, and keeps their log-probabilities and what PPO bootstraps from. */
export class PolicyStrategy implements CollectionStrategy {
  private readonly envs: VecEnv;
  private readonly random: Random;
  private readonly valuesOf: (
    states: Float32Array,
    privileged: Float32Array,
    images: Uint8Array,
  ) => Promise<Float32Array>;

  /** `valuesOf` returns the value of an observation of each environment, and remembers nothing of it. */
  constructor(envs: VecEnv, random: Random, valuesOf: PolicyStrategy["valuesOf"]) {
    this.envs = envs;
    this.random = random;
    this.valuesOf = valuesOf;
  }

  act({ actions: all, logProbs }: RolloutBuffer, t: number, { mean, logStd }: Arrays): Float32Array {
    const { numEnvs, actionSize } = this.envs;
    const row = t * numEnvs;
    const actions = all.subarray(row * actionSize, (row + numEnvs) * actionSize);
    for (let i = 0; i < numEnvs; i++) {
      let logProb = 0;
      for (let k = 0; k < actionSize; k++) {
        const noise = this.random.normal();
        const spread = logStd![k]!;
        actions[i * actionSize + k] = mean![i * actionSize + k]! + Math.exp(spread) * noise;
        logProb -= 0.5 * noise * noise + spread + LOG_TWO_PI / 2;
      }
      logProbs[row + i] = logProb;
    }
    return actions;
  }

  async stepped({ finalValues }: RolloutBuffer, t: number): Promise<void> {
    const { truncated, numEnvs, finalObservations, finalPrivileged, finalImages } = this.envs;
    if (!truncated.includes(1)) return;
    finalValues.set(await this.valuesOf(finalObservations, finalPrivileged, finalImages), t * numEnvs);
  }

  async finish({ lastValues }: RolloutBuffer): Promise<void> {
    const { observations, privileged, images } = this.envs;
    lastValues.set(await this.valuesOf(observations, privileged, images));
  }

  counts(): boolean {
    return true;
  }
}

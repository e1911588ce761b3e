// Generalised advantage estimation.

/** Steps of N environments, one after another: index `t * N + i`. */
export interface AdvantageInputs {
  readonly numSteps: number;
  readonly numEnvs: number;
  readonly rewards: Float32Array;
  /** Value of each observation acted on. */
  readonly values: Float32Array;
  /** 1 where the task ended the episode: nothing follows. */
  readonly terminated: Uint8Array;
  /** 1 where the time limit ended it: `finalValues` follows. */
  readonly truncated: Uint8Array;
  /** Value of the observation that a truncated episode ended with; read only there. */
  readonly finalValues: Float32Array;
  /** Value of the observation after the last step. [N] */
  readonly lastValues: Float32Array;
  readonly gamma: number;
  readonly lambda: number;
}

/** Return advantages and returns (advantage + value); Schulman et al., 2016, with bootstrap at truncation. */
export function computeAdvantages(inputs: AdvantageInputs): {
  advantages: Float32Array;
  returns: Float32Array;
} {
  const {
    numSteps,
    numEnvs,
    rewards,
    values,
    terminated,
    truncated,
    finalValues,
    lastValues,
    gamma,
    lambda,
  } = inputs;
  const advantages = new Float32Array(numSteps * numEnvs);
  const returns = new Float32Array(numSteps * numEnvs);
  for (let i = 0; i < numEnvs; i++) {
    let following = 0;
    let nextValue = lastValues[i]!;
    for (let t = numSteps - 1; t >= 0; t--) {
      const k = t * numEnvs + i;
      const ended = terminated[k] === 1 || truncated[k] === 1;
      const bootstrap = terminated[k] === 1 ? 0 : truncated[k] === 1 ? finalValues[k]! : nextValue;
      const error = rewards[k]! + gamma * bootstrap - values[k]!;
      following = error + (ended ? 0 : gamma * lambda * following);
      advantages[k] = following;
      returns[k] = following + values[k]!;
      nextValue = values[k]!;
    }
  }
  return { advantages, returns };
}

// What a critic is measured against: discounted returns and advantages of a recorded episode.
import type { RecordedFrame } from "../../src/recording/recording.js";

type Valued = Pick<RecordedFrame, "reward" | "value" | "terminated">;

/**
 * Return the discounted sum of the rewards after each frame.
 *
 * A frame holds the reward of the step that led to it. After the last one the critic's value follows, unless the task
 * had ended there; without a critic nothing follows.
 */
export function returnsToGo(frames: readonly Valued[], gamma: number): number[] {
  const last = frames.at(-1);
  const returns = new Array<number>(frames.length);
  let sum = last?.terminated ? 0 : (last?.value ?? 0);
  for (let k = frames.length - 1; k >= 0; k--) {
    returns[k] = sum;
    sum = frames[k]!.reward + gamma * sum;
  }
  return returns;
}

/** Return the generalised advantage estimates (Schulman et al. 2016) of each step; null where a value is missing. */
export function advantages(
  frames: readonly Valued[],
  gamma: number,
  gaeLambda: number,
): readonly (number | null)[] {
  const found = new Array<number | null>(frames.length).fill(null);
  let sum = 0;
  for (let k = frames.length - 2; k >= 0; k--) {
    const next = frames[k + 1]!;
    const value = frames[k]!.value;
    const following = next.terminated ? 0 : next.value;
    if (value === null || following === null) return found.fill(null);
    sum = next.reward + gamma * following - value + gamma * gaeLambda * sum;
    found[k] = sum;
  }
  return found;
}

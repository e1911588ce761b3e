// The sparse reward of a goal-conditioned environment, for one goal or many.
import { UsageError } from "../math/usage-error.js";
import type { ComputeReward } from "./env.js";

/**
 * Return the sparse reward of environment `id`: 0 where the achieved goal lies within `threshold` of the desired one, else -1.
 *
 * Of one goal it is a number; of a list of goals, or of N goals one after another in one array, a Float32Array [N]
 * (Gymnasium-Robotics' `compute_reward`). Throws a UsageError for goals of another length, not finite, or not as many of both.
 */
export function goalReward(
  id: string,
  { size, threshold }: { readonly size: number; readonly threshold: number },
): ComputeReward {
  return ((achieved: Goals, desired: Goals) => {
    const [reached, wanted] = [read(id, "achieved", achieved, size), read(id, "desired", desired, size)];
    if (reached.length !== wanted.length) {
      throw new UsageError(
        `${id}: computeReward() got ${reached.length / size} achieved and ${wanted.length / size} desired goals, expected as many of both.`,
      );
    }
    const rewards = Float32Array.from({ length: reached.length / size }, (_, row) => {
      const from = size * row;
      return goalDistance(reached, wanted, from, size) < threshold ? 0 : -1;
    });
    return isList(achieved) || rewards.length > 1 ? rewards : rewards[0]!;
  }) as ComputeReward;
}

/** Return how far `size` numbers from `from` on are apart. */
export function goalDistance(
  achieved: ArrayLike<number>,
  desired: ArrayLike<number>,
  from: number,
  size: number,
): number {
  let sum = 0;
  for (let k = from; k < from + size; k++) sum += (achieved[k]! - desired[k]!) ** 2;
  return Math.sqrt(sum);
}

type Goals = ArrayLike<number> | readonly ArrayLike<number>[];

/** All numbers of goals, one after another. */
function read(id: string, which: string, goals: Goals, size: number): ArrayLike<number> {
  const refuse = (got: string, expected: string) =>
    new UsageError(`${id}: computeReward() got ${got}, expected ${expected}.`);
  if (isList(goals)) {
    const wrong = goals.findIndex((goal) => goal?.length !== size);
    if (wrong >= 0)
      throw refuse(`${goals[wrong]?.length ?? "no"} numbers as ${which} goal ${wrong}`, `${size}`);
  } else if (!(goals?.length > 0) || goals.length % size !== 0) {
    throw refuse(
      `${goals?.length ?? "no"} numbers as the ${which} goal`,
      `${size}, or a multiple of that for several goals`,
    );
  }
  const numbers = isList(goals) ? goals.flatMap((goal) => Array.from(goal)) : goals;
  for (let k = 0; k < numbers.length; k++) {
    if (Number.isFinite(numbers[k])) continue;
    const value = String(numbers[k]);
    throw refuse(`${value} as entry ${k % size} of ${which} goal ${Math.floor(k / size)}`, "a finite number");
  }
  return numbers;
}

function isList(goals: Goals): goals is readonly ArrayLike<number>[] {
  return Array.isArray(goals) && typeof goals[0] === "object";
}

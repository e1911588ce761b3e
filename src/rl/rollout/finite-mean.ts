// Checks that a policy returns finite numbers: else an environment would report the action as wrong.
import type { EnvInfo } from "../../env/env.js";
import { firstNotFinite } from "../../learn/divergence.js";
import { UsageError } from "../../math/usage-error.js";

/** Throw a UsageError where one of the first `rows` mean actions [rows * A] of a policy is not finite. */
export function requireFiniteMean(mean: Float32Array, { id, action }: EnvInfo, rows: number): void {
  const bad = firstNotFinite(mean.subarray(0, rows * action.length));
  if (bad < 0) return;
  throw new UsageError(
    `The policy for ${id} gives ${mean[bad]} as the mean of action entry "${action[bad % action.length]!.name}": its parameters, or what it ` +
      "computes from this observation, are not finite. Take an earlier checkpoint, or train again with a lower learningRate.",
  );
}

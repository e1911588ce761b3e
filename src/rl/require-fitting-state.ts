// Checks that a state to resume from belongs to the training.
import { UsageError } from "../math/usage-error.js";
import type { Policy } from "./policy.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import type { TrainingState } from "./training-state.js";

/** Throw a UsageError where a part of `state` has another size than `policy` and `settings` make it. */
export function requireFittingState(state: TrainingState, policy: Policy, settings: PpoSettings): void {
  const { layout, observationSize } = policy;
  const { numEnvs, envsPerGroup } = settings;
  const groups = numEnvs / envsPerGroup;
  const sizes: [string, number, number][] = [
    ["parameters", state.parameters.length, layout.total],
    ["first moments", state.firstMoment.length, layout.total],
    ["second moments", state.secondMoment.length, layout.total],
    ["observation statistics", state.statistics.mean.length, observationSize],
    ["returns", state.returnNormalizer.returns.length, numEnvs],
    ["statistics of returns", state.returnNormalizer.statistics.mean.length, 1],
    ["groups", state.groups.length, groups],
    ...(state.best
      ? ([
          ["parameters of the best policy", state.best.parameters.length, layout.total],
          ["observation statistics of the best policy", state.best.statistics.mean.length, observationSize],
        ] satisfies [string, number, number][])
      : []),
  ];
  const wrong = sizes.find(([, got, expected]) => got !== expected);
  if (wrong)
    throw new UsageError(
      `The state to resume from has ${wrong[1]} ${wrong[0]}, this training ${wrong[2]}. Resume from a checkpoint of the same run.`,
    );
}

/** Restore by `restore`; an error within the state becomes a UsageError. */
export async function restoring(restore: () => Promise<void>): Promise<void> {
  try {
    await restore();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The state to resume from does not fit this training: ${cause}. Resume from a checkpoint of the same run.`,
    );
  }
}

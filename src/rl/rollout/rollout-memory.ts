// How much memory a rollout takes, checked before it is allocated.
import type { EnvInfo } from "../../env/env.js";
import { UsageError } from "../../math/usage-error.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";

const GIGABYTE = 1e9;
/** For the steps of all environments between two updates. */
const LARGEST = 16 * GIGABYTE;

/** Throw a UsageError where a rollout in environments of this spec would not fit into memory: pictures are large. */
export function requireRolloutMemory(
  { id, observation, privileged = [], action, image }: EnvInfo,
  { numEnvs, numSteps }: Pick<PpoSettings, "numEnvs" | "numSteps">,
): void {
  const pixels = image ? image.height * image.width * image.channels : 0;
  // besides them: reward, value, final value and log-probability
  const bytes = 4 * (observation.length + privileged.length + action.length + 4) + pixels;
  const total = numEnvs * numSteps * bytes;
  if (total <= LARGEST) return;
  const means = image ? "of either, or smaller pictures" : "of either";
  throw new UsageError(
    `Setting "numSteps" is ${numSteps}, which with numEnvs ${numEnvs} takes ${Math.round(total / GIGABYTE)} GB of memory for a rollout of ${id}, ` +
      `expected at most ${LARGEST / GIGABYTE}. Choose fewer ${means}.`,
  );
}

// Training that starts from a trained policy: by which settings, and from which parameters.
import { partNamed } from "../nn/parameters.js";
import type { AgentDefinition, Policy } from "./policy.js";
import { FINE_TUNING_DEFAULTS, type PpoSettings } from "./ppo/ppo-settings.js";

/** Return the settings by which `agent` fine-tunes a trained policy in the environment `envId`. */
export function settingsFromPolicy(agent: AgentDefinition, envId: string): Partial<PpoSettings> {
  const tuned = agent.tuned[envId];
  return {
    ...FINE_TUNING_DEFAULTS,
    ...(agent.fromPolicy ?? agent.fromDemonstrations),
    ...(tuned?.fromPolicy ?? tuned?.fromDemonstrations),
  };
}

/** Copy `parameters` of `policy`; actions start with the spread of `initialLogStd`, whatever the spread ended with. */
export function startingParameters(
  { layout }: Pick<Policy, "layout">,
  parameters: Float32Array,
  initialLogStd: number,
): Float32Array {
  const copy = parameters.slice();
  partNamed(copy, layout, "log_std")?.fill(initialLogStd);
  return copy;
}

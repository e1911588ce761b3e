// The policy of an earlier run to start from, checked against what is to be trained.
import type { EnvInfo } from "../env/env.js";
import { optionText, UsageError } from "../math/usage-error.js";
import { type AgentDefinition, policyFor } from "../rl/policy.js";
import type { PpoSettings } from "../rl/ppo/ppo-settings.js";
import { requireSamePolicy } from "../rl/require-same-policy.js";
import type { TrainedPolicy } from "../rl/training-state.js";
import { actionsDifference, camerasDifference, namesDifference } from "./layout-difference.js";
import { relocate } from "./packaged-modules.js";
import { RunFolder } from "./run-folder.js";
import { settingsInForce, settingsOfRun } from "./settings/run-settings.js";

/** Settings that make the network what it is. */
const NETWORK = ["memory", "encoder", "hiddenSize"] as const;

/** Return the settings that a policy must share with that of the run in folder `from`, where `agent` made that, too. */
export function networkOfRun(from: string, agent: AgentDefinition): Partial<PpoSettings> {
  const { config } = RunFolder.open(from);
  if (config.agent !== agent.id) return {};
  const theirs = settingsOfRun(config, agent);
  return Object.fromEntries(NETWORK.filter((name) => name in theirs).map((name) => [name, theirs[name]]));
}

/** What is to be trained. */
export interface TrainingTarget {
  readonly agent: AgentDefinition;
  readonly spec: EnvInfo;
  readonly settings: PpoSettings;
}

/**
 * Load the best policy of the run in folder `from`, by validation; `modules` of the user's own may hold its environment.
 *
 * Throws a UsageError where it is of another agent, another network, or reads or moves other things.
 */
export async function loadStart(
  from: string,
  { agent, spec, settings }: TrainingTarget,
  modules: readonly string[] = [],
): Promise<TrainedPolicy> {
  const run = RunFolder.open(from, modules);
  const { config } = run;
  const wrong = (what: string, got: string, expected: string, way: string) =>
    new UsageError(`${from} has the ${what} "${got}"; training is set to "${expected}". ${way}`);
  if (config.agent !== agent.id)
    throw wrong(
      "agent",
      config.agent,
      agent.id,
      `Add ${optionText("agent", config.agent)}, or give another run.`,
    );
  const { env } = await relocate(run);
  const { settings: theirs, spec: seen } = settingsInForce(run, env.thing, agent);
  for (const name of NETWORK) {
    const [got, expected] = [theirs[name], settings[name]].map((value) => String(value ?? "none"));
    if (got !== expected)
      throw wrong(`setting ${name}`, got!, expected!, `Set ${name}=${got}, or give another run.`);
  }
  const difference =
    camerasDifference(seen.image, spec.image) ??
    namesDifference("observation", seen.observation, spec.observation) ??
    namesDifference("privileged observation", seen.privileged ?? [], spec.privileged ?? []) ??
    actionsDifference(seen.action, spec.action);
  if (difference) {
    const way = "Give a run that observes and acts as this one is to.";
    throw wrong(difference.what, difference.theirs, difference.ours, way);
  }
  const state = await run.loadCheckpoint();
  const policy = state.best ?? state;
  requireSamePolicy(policy, policyFor(agent, spec, settings), agent.id);
  return policy;
}

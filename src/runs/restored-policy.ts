// A run's policy as it was trained: its weights, its network, and the environment that it is for.
import type { EnvFactory, EnvInfo } from "../env/env.js";
import { type AgentDefinition, type Policy, policyFor } from "../rl/policy.js";
import type { PpoSettings } from "../rl/ppo/ppo-settings.js";
import { requireSamePolicy } from "../rl/require-same-policy.js";
import type { TrainedPolicy } from "../rl/training-state.js";
import { sayOtherVersions } from "./python-versions.js";
import type { RunFolder } from "./run-folder.js";
import { runInForce } from "./run-in-force.js";
import { printChanges } from "./settings/run-settings.js";

/** Which of a run's policies: the best by validation (the last where there was none), or the last. */
export type PolicyChoice = "best" | "last";

/** A policy of a run, restored from its checkpoint and config. */
export interface RestoredPolicy {
  readonly trained: TrainedPolicy;
  /** Environment steps that it was trained for. */
  readonly steps: number;
  /** Share of the validation episodes that it solved; null where it is the last one, or never was validated. */
  readonly successRate: number | null;
  readonly network: Policy;
  readonly agent: AgentDefinition;
  readonly env: EnvFactory;
  readonly spec: EnvInfo;
  readonly settings: PpoSettings;
  /** Of the environment that it is evaluated in. */
  readonly envConfig: Readonly<Record<string, unknown>>;
}

/**
 * Load a policy of a run; `say` gets a line for a damaged checkpoint, and where today's defaults are not the run's.
 *
 * Throws a UsageError where there is no checkpoint yet, where it is not of the run's agent, and where the run names a module that
 * may not be loaded.
 */
export async function restorePolicy(
  folder: RunFolder,
  choice: PolicyChoice = "best",
  say?: (line: string) => void,
): Promise<RestoredPolicy> {
  const state = await folder.loadCheckpoint(say);
  const best = choice === "best" ? state.best : null;
  const trained = best ?? state;
  const { env, agent, settings, envConfig, spec, changes } = await runInForce(folder);
  if (say) {
    printChanges(folder, changes, say);
    sayOtherVersions(folder, env.thing, envConfig, say);
  }
  const network = policyFor(agent.thing, spec, settings);
  requireSamePolicy(trained, network, folder.config.agent);
  return {
    trained,
    steps: trained.steps,
    successRate: best?.successRate ?? null,
    network,
    agent: agent.thing,
    env: env.thing,
    spec,
    settings,
    envConfig,
  };
}

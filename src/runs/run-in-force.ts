// A run's environment and agent, found again, and the settings that it was made by.
import type { EnvFactory } from "../env/env.js";
import type { AgentDefinition } from "../rl/policy.js";
import { type Located, relocate } from "./packaged-modules.js";
import type { RunFolder } from "./run-folder.js";
import { type SettingsInForce, settingsInForce } from "./settings/run-settings.js";

/** What a run is trained, resumed, evaluated and exported in, and by. */
export interface RunInForce extends SettingsInForce {
  readonly env: Located<EnvFactory>;
  readonly agent: Located<AgentDefinition>;
}

/**
 * Load the environment and the agent of a run and return them with its settings; `way` says what to do where the environment
 * has changed since.
 *
 * Throws a UsageError there, and where the run's config names a module that may not be loaded.
 */
export async function runInForce(run: RunFolder, way?: string): Promise<RunInForce> {
  const { env, agent } = await relocate(run);
  return { env, agent, ...settingsInForce(run, env.thing, agent.thing, way) };
}

// What an agent trains an environment by: its own settings, its tuning, and above them the user's.
import type { EnvFactory, EnvSpec } from "../env/env.js";
import { mergeConfig } from "../env/merge-config.js";
import type { AgentDefinition } from "./policy.js";
import { type PpoSettings, TEACHER_DEFAULTS } from "./ppo-settings.js";
import { validateSettings } from "./validate-settings.js";

/** Return the settings that `agent` trains `env` by, with `overrides`. */
export function resolveSettings(
  agent: AgentDefinition,
  envId: string,
  overrides: Readonly<Record<string, unknown>> = {},
): PpoSettings {
  const tuned = { ...agent.settings, ...agent.tuned[envId]?.settings };
  const settings = mergeConfig(tuned, overrides, agent.id);
  validateSettings(settings);
  return settings;
}

/** Return the settings by which `agent` differs in an environment of this spec that randomises its episodes. */
export function settingsFromRandomization(agent: AgentDefinition, spec: EnvSpec): Partial<PpoSettings> {
  const { randomization = "none" } = spec.config;
  return randomization === "none" ? {} : (agent.tuned[spec.id]?.randomized ?? {});
}

/** Return the settings by which `agent` differs where it imitates a teacher in the environment `envId`. */
export function settingsFromTeacher(agent: AgentDefinition, envId: string): Partial<PpoSettings> {
  return { ...TEACHER_DEFAULTS, ...agent.fromTeacher, ...agent.tuned[envId]?.fromTeacher };
}

/** Return the config that `env` is trained with: the agent's tuning for it, and above that the user's own overrides. */
export function resolveTrainEnv(
  agent: AgentDefinition,
  env: EnvFactory,
  overrides: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const tuned = mergeConfig(env.defaults, agent.tuned[env.id]?.trainEnv ?? {}, env.id);
  return mergeConfig(tuned, overrides, env.id);
}

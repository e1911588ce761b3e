// What an agent trains an environment by: its own settings, its tuning, and above them the user's.
import type { EnvFactory, EnvSpec } from "../env/env.js";
import { mergeConfig } from "../env/settings/merge-config.js";
import type { AgentDefinition } from "./policy.js";
import { type PpoSettings, TEACHER_DEFAULTS } from "./ppo/ppo-settings.js";
import { validateSettings } from "./validate-settings.js";

/**
 * Return the settings that `agent` trains `env` by, with `overrides`.
 *
 * A spread of actions cannot start below its floor: an `initialLogStd` under `minLogStd` is raised to it.
 */
export function resolveSettings(
  agent: AgentDefinition,
  envId: string,
  overrides: Readonly<Record<string, unknown>> = {},
): PpoSettings {
  const settings = mergedSettings(agent, envId, overrides);
  return { ...settings, initialLogStd: Math.max(settings.initialLogStd, settings.minLogStd) };
}

/** Say that the spread of actions starts at its floor instead of at what `overrides` come to; undefined where it does not. */
export function raisedSpread(
  agent: AgentDefinition,
  envId: string,
  overrides: Readonly<Record<string, unknown>>,
): string | undefined {
  const { initialLogStd, minLogStd } = mergedSettings(agent, envId, overrides);
  if (initialLogStd >= minLogStd) return undefined;
  const [asked, floor] = [initialLogStd, minLogStd].map((value) => Math.exp(value).toPrecision(3));
  return (
    `Actions start with a standard deviation of ${floor}, the floor that minLogStd ${minLogStd} sets, not ${asked} ` +
    `(initialLogStd ${Number(initialLogStd.toFixed(3))}). For less, lower minLogStd.`
  );
}

function mergedSettings(
  agent: AgentDefinition,
  envId: string,
  overrides: Readonly<Record<string, unknown>>,
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

// The settings of a run, in force again: its own, where today's defaults differ.
import type { EnvFactory, EnvInfo } from "../../env/env.js";
import { mergeConfig, WHOLE } from "../../env/settings/merge-config.js";
import { UsageError } from "../../math/usage-error.js";
import { currentEntryName } from "../../recording/entry-names.js";
import type { AgentDefinition } from "../../rl/policy.js";
import type { PpoSettings } from "../../rl/ppo/ppo-settings.js";
import { resolveSettings, resolveTrainEnv } from "../../rl/resolve-settings.js";
import type { RunFolder } from "../run-folder.js";

type Plain = Readonly<Record<string, unknown>>;

/** What a run is trained, resumed, evaluated and exported by. */
export interface SettingsInForce {
  readonly settings: PpoSettings;
  /** Of the environment that is evaluated on. */
  readonly envConfig: Plain;
  /** Of the environment that is trained on. */
  readonly trainEnv: Plain;
  /** Of the environment that is evaluated on. */
  readonly spec: EnvInfo;
  /** Where the run's own settings differ from today's defaults, a line each. */
  readonly changes: readonly string[];
}

/** What a run's config keeps of the spec, besides its config: what an environment's module decides. */
export function keptSpec({ config: _, description: __, ...spec }: EnvInfo): Record<string, unknown> {
  return JSON.parse(JSON.stringify(spec)) as Record<string, unknown>;
}

/**
 * Return the settings that were resolved when the run was made, whatever the defaults of today are.
 *
 * Settings that did not exist then have today's default. Throws a UsageError where the environment itself has changed since:
 * its entries, rates or the length of its episodes; `way` says what to do then.
 */
export function settingsInForce(
  { path, config }: Pick<RunFolder, "path" | "config">,
  env: EnvFactory,
  agent: AgentDefinition,
  way = "Restore its module, or train again.",
): SettingsInForce {
  const { resolved } = config;
  const today = settingsToday(config, env, agent);
  const envConfig = { ...config.envConfig, ...known(env.defaults, resolved.envConfig) };
  const { spec } = env.create(envConfig);
  const [different] = resolved.spec ? differences(comparable(resolved.spec), comparable(keptSpec(spec))) : [];
  if (different)
    throw new UsageError(
      `${path} was trained on another ${env.id}: ${different.path} was ${text(different.was)}, is ${text(different.is)} now. ${way}`,
    );
  const settings = settingsOfRun(config, agent);
  const tuned = resolveTrainEnv(agent, env, envConfig);
  const trainEnv = mergeConfig(tuned, known(env.defaults, resolved.trainEnv), env.id);
  const changes = [
    ...changesBetween(resolved.envConfig, today.envConfig),
    ...changesBetween(resolved.settings, today.settings).map((line) => `${line} (agent ${agent.id})`),
  ];
  return { settings, envConfig, trainEnv, spec, changes };
}

/**
 * Replace the former names of observation entries, which a run of an earlier version has in its spec, and leave out what only those
 * who relabel goals read of them, which such a run lacks.
 */
function comparable(spec: Plain): Plain {
  const current = (entries: unknown) => (Array.isArray(entries) ? entries.map(currentEntry) : entries);
  const lists = ["observation", "privileged"].filter((list) => Object.hasOwn(spec, list));
  return { ...spec, ...Object.fromEntries(lists.map((list) => [list, current(spec[list])])) };
}

function currentEntry(entry: unknown): unknown {
  if (!isObject(entry) || typeof entry.name !== "string") return entry;
  const { dependsOnGoal: _, ...rest } = entry;
  return { ...rest, name: currentEntryName(entry.name) };
}

/** Return what a run that is asked for in the same words would be set by today. */
export function settingsToday(
  { settings, envConfig }: Pick<RunFolder["config"], "settings" | "envConfig">,
  env: EnvFactory,
  agent: AgentDefinition,
): { readonly settings: Plain; readonly envConfig: Plain; readonly trainEnv: Plain } {
  const given = known(env.defaults, envConfig);
  return {
    settings: { ...resolveSettings(agent, env.id, known(agent.settings, settings)) },
    envConfig: env.create(given).spec.config,
    trainEnv: resolveTrainEnv(agent, env, given),
  };
}

/** Return the agent's settings that were resolved when the run was made. */
export function settingsOfRun(
  { env, settings, resolved }: RunFolder["config"],
  agent: AgentDefinition,
): PpoSettings {
  return resolveSettings(agent, env, { ...settings, ...known(agent.settings, resolved.settings) });
}

/** Print where the run's own settings differ from today's defaults. */
export function printChanges(
  { config }: Pick<RunFolder, "config">,
  changes: readonly string[],
  say: (line: string) => void,
): void {
  if (changes.length === 0) return;
  const what = `Defaults have changed since this run of ${config.env} was made; its own settings are used:`;
  say([what, ...changes.map((change) => `  ${change}`)].join("\n"));
}

/** The settings of `resolved` that `defaults` still know, at every depth that defaults have. */
function known(defaults: object, resolved: Plain): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(resolved)) {
    if (!Object.hasOwn(defaults, key)) continue;
    const old = (defaults as Plain)[key];
    kept[key] = isPlain(old) && isPlain(value) && !WHOLE.includes(key) ? known(old, value) : value;
  }
  return kept;
}

function changesBetween(was: Plain, is: Plain): string[] {
  // a config written by hand may lack them
  if (Object.keys(was).length === 0) return [];
  const all = differences(was, JSON.parse(JSON.stringify(is)) as Plain);
  // a setting that came later has today's default in the run, too
  const changed = all.filter((different) => different.was !== undefined);
  return changed.map(
    (different) => `${different.path}: ${text(different.was)} in the run, ${text(different.is)} today`,
  );
}

interface Difference {
  readonly path: string;
  readonly was: unknown;
  readonly is: unknown;
}

/** Compare plain data key by key. */
function differences(was: unknown, is: unknown, path = ""): Difference[] {
  if (isObject(was) && isObject(is) && Array.isArray(was) === Array.isArray(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return keys.flatMap((key) => differences(was[key], is[key], path ? `${path}.${key}` : key));
  }
  return Object.is(was, is) ? [] : [{ path, was, is }];
}

function text(value: unknown): string {
  if (value === undefined) return "not there";
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value);
}

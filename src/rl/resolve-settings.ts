// What a training is set by, in layers: defaults, the agent's tuning, how training begins, a settings file, the user.
import type { EnvFactory, EnvInfo } from "../env/env.js";
import { mergeLayers, type Origins, originsOf, overlay, type SettingsLayer } from "../env/settings/layers.js";
import { mergeConfig } from "../env/settings/merge-config.js";
import { type Demonstrations, settingsFromDemonstrations } from "./imitation/demonstrations.js";
import type { AgentDefinition } from "./policy.js";
import { type PpoSettings, TEACHER_DEFAULTS } from "./ppo/ppo-settings.js";
import { withPresentNames } from "./ppo/renamed-settings.js";
import { settingsFromPolicy } from "./start-policy.js";
import { validateSettings } from "./validate-settings.js";

type Plain = Readonly<Record<string, unknown>>;

/**
 * Where a setting's value comes from, each replacing those before it: the agent's or environment's default, the agent's tuning for
 * the environment, how training begins (demonstrations, a teacher, an earlier policy), a settings file, the user.
 */
export const SETTING_ORIGINS = ["default", "tuning", "route", "file", "user"] as const;
/** One of SETTING_ORIGINS. */
export type SettingOrigin = (typeof SETTING_ORIGINS)[number];

/** Origins by a setting's path; what has none is a default. */
export type SettingOrigins = Origins<SettingOrigin>;

/** Settings of one source. */
export interface SettingOverrides {
  /** Of the agent. */
  readonly settings?: Plain;
  /** Of the environment, trained and evaluated on. */
  readonly envConfig?: Plain;
  /** Of the environment that is trained on, above `envConfig`. */
  readonly trainEnv?: Plain;
}

/** How training begins, as far as settings depend on it. */
export interface TrainingRoute {
  /** Demonstrations that the policy starts as a clone of. */
  readonly demonstrations?: Pick<Demonstrations, "noise">;
  /** The policy that is started from: settings that it was made with and that must stay. */
  readonly start?: Partial<PpoSettings>;
  /** Whether a teacher is imitated. */
  readonly teacher?: boolean;
}

/** What a training is set by. */
export interface ResolvedTraining {
  readonly settings: PpoSettings;
  /** The whole config of the environment that is trained on. */
  readonly trainEnv: Plain;
  /** Spec of the environment that is evaluated on; its config is there, too. */
  readonly spec: EnvInfo;
  /** What differs from defaults and tuning by name: route, file and user together. */
  readonly overrides: { readonly settings: Plain; readonly envConfig: Plain };
  readonly origins: {
    readonly settings: SettingOrigins;
    readonly envConfig: SettingOrigins;
    readonly trainEnv: SettingOrigins;
  };
  /** Says that actions start with more spread than was asked for, in a line; undefined where they do not. */
  readonly raised: string | undefined;
}

/** What is to be resolved. */
export interface TrainingToResolve {
  readonly env: EnvFactory;
  readonly agent: AgentDefinition;
  /** From the spec of the environment: what demonstrations and policies say is read against it. */
  readonly route?: TrainingRoute | ((spec: EnvInfo) => Promise<TrainingRoute>);
  readonly file?: SettingOverrides;
  readonly user?: SettingOverrides;
}

/**
 * Resolve all settings of a training, each with its origin: the one place where layers are put over each other.
 *
 * Throws a UsageError for a setting that there is not, one of another type or out of its range, and for settings that do not
 * fit together.
 */
export async function resolveTraining(request: TrainingToResolve): Promise<ResolvedTraining> {
  const { env, agent, route = {}, file = {}, user = {} } = request;
  const envConfig = overlay(file.envConfig, user.envConfig);
  const { spec } = env.create(envConfig);
  const begun = typeof route === "function" ? await route(spec) : route;
  const tuned = agent.tuned[env.id] ?? {};
  const layers: SettingsLayer<SettingOrigin>[] = [
    { origin: "tuning", values: settingsFromRandomization(agent, spec) },
    { origin: "route", values: settingsFromRoute(agent, env.id, begun) },
    { origin: "file", values: withPresentNames(file.settings ?? {}) },
    { origin: "user", values: withPresentNames(user.settings ?? {}) },
  ];
  const { values, origins } = mergeLayers(tunedSettings(agent, env.id), layers, agent.id);
  validateSettings(values);
  const evaluated: SettingsLayer<SettingOrigin>[] = [
    { origin: "file", values: file.envConfig ?? {} },
    { origin: "user", values: user.envConfig ?? {} },
  ];
  const trained: SettingsLayer<SettingOrigin>[] = [
    { origin: "tuning", values: tuned.trainEnv ?? {} },
    { origin: "file", values: overlay(file.envConfig, file.trainEnv) },
    { origin: "user", values: overlay(user.envConfig, user.trainEnv) },
  ];
  const defaults = defaultsWith(env, envConfig);
  const trainEnv = mergeLayers(defaults, trained, env.id);
  return {
    settings: withSpread(values),
    trainEnv: trainEnv.values,
    spec,
    overrides: {
      settings: layers.reduce((lower, { values: upper }) => overlay(lower, upper), {}),
      envConfig,
    },
    origins: {
      settings: { ...originsOf(tuned.settings ?? {}, "tuning"), ...origins },
      envConfig: mergeLayers(defaults, evaluated, env.id).origins,
      trainEnv: trainEnv.origins,
    },
    raised: raisedSpread(values),
  };
}

/** Return the settings by which `agent` differs where training of the environment `envId` begins by `route`. */
export function settingsFromRoute(
  agent: AgentDefinition,
  envId: string,
  { demonstrations, start, teacher }: TrainingRoute,
): Partial<PpoSettings> {
  return {
    ...(start ? { ...settingsFromPolicy(agent, envId), ...start } : {}),
    ...(demonstrations ? settingsFromDemonstrations(agent, envId, demonstrations) : {}),
    ...(teacher ? settingsFromTeacher(agent, envId) : {}),
  };
}

/**
 * Return the settings that `agent` trains `env` by, with `overrides` of defaults and tuning.
 *
 * A spread of actions cannot start below its floor: an `initialLogStd` under `minLogStd` is raised to it.
 */
export function resolveSettings(agent: AgentDefinition, envId: string, overrides: Plain = {}): PpoSettings {
  const settings = mergeConfig(tunedSettings(agent, envId), withPresentNames(overrides), agent.id);
  validateSettings(settings);
  return withSpread(settings);
}

/** Return the config that `env` is trained with: the agent's tuning for it, and above that the user's own overrides. */
export function resolveTrainEnv(agent: AgentDefinition, env: EnvFactory, overrides: Plain = {}): Plain {
  const tuned = mergeConfig(defaultsWith(env, overrides), agent.tuned[env.id]?.trainEnv ?? {}, env.id);
  return mergeConfig(tuned, overrides, env.id);
}

/** Return the defaults of `env` where `envConfig` holds. */
function defaultsWith(env: EnvFactory, envConfig: Plain): Plain {
  return env.defaultsWith?.(envConfig) ?? env.defaults;
}

function tunedSettings(agent: AgentDefinition, envId: string): PpoSettings {
  return { ...agent.settings, ...agent.tuned[envId]?.settings };
}

function withSpread(settings: PpoSettings): PpoSettings {
  return { ...settings, initialLogStd: Math.max(settings.initialLogStd, settings.minLogStd) };
}

/** Say that the spread of actions starts at its floor instead of at what was asked for; undefined where it does not. */
function raisedSpread({ initialLogStd, minLogStd }: PpoSettings): string | undefined {
  if (initialLogStd >= minLogStd) return undefined;
  const [asked, floor] = [initialLogStd, minLogStd].map((value) => Math.exp(value).toPrecision(3));
  return (
    `Actions start with a standard deviation of ${floor}, the floor that minLogStd ${minLogStd} sets, not ${asked} ` +
    `(initialLogStd ${Number(initialLogStd.toFixed(3))}). For less, lower minLogStd.`
  );
}

/** Return the settings by which `agent` differs in an environment of this spec that randomises its episodes. */
export function settingsFromRandomization(
  agent: AgentDefinition,
  spec: Pick<EnvInfo, "id" | "config">,
): Partial<PpoSettings> {
  const { randomization = "none" } = spec.config;
  return randomization === "none" ? {} : (agent.tuned[spec.id]?.randomized ?? {});
}

/** Return the settings by which `agent` differs where it imitates a teacher in the environment `envId`. */
function settingsFromTeacher(agent: AgentDefinition, envId: string): Partial<PpoSettings> {
  return { ...TEACHER_DEFAULTS, ...agent.fromTeacher, ...agent.tuned[envId]?.fromTeacher };
}

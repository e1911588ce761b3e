// A run's settings as resolved, one row each: value, unit, where it comes from, and what it would be today.
import { cellUnit } from "../../cell/cell-options.js";
import type { EnvFactory } from "../../env/env.js";
import { fromLeaves, originsOf, settingLeaves } from "../../env/settings/layers.js";
import { rangeUnit } from "../../env/settings/setting-range.js";
import type { AgentDefinition } from "../../rl/policy.js";
import {
  resolveSettings,
  resolveTrainEnv,
  type SettingOrigin,
  type SettingOrigins,
  settingsFromRandomization,
  settingsFromRoute,
} from "../../rl/resolve-settings.js";
import { settingUnit } from "../../rl/validate-settings.js";
import type { RunConfig } from "../run-folder.js";

type Plain = Readonly<Record<string, unknown>>;

/** One setting of a run. */
export interface SettingRow {
  /** For example "solver.iterations". */
  readonly path: string;
  readonly value: unknown;
  /** Where one is known. */
  readonly unit?: string;
  readonly origin: SettingOrigin;
  /** Today's default, tuning and route included; absent where that is the same. Its value is undefined for a setting that is no more. */
  readonly today?: { readonly value: unknown };
}

/** The settings of a run, in the sections of a settings file. */
export interface SettingSections {
  /** Of the agent. */
  readonly settings: readonly SettingRow[];
  /** Of the environment that is evaluated on. */
  readonly envConfig: readonly SettingRow[];
  /** Where the environment that is trained on differs from that. */
  readonly trainEnv: readonly SettingRow[];
}

/** What a run's environment and agent are today; absent where their module is not at hand. */
export interface Definitions {
  readonly env: EnvFactory;
  readonly agent: AgentDefinition;
}

/** List the settings that were resolved when the run was made. */
export function settingSections(config: RunConfig, definitions?: Definitions): SettingSections {
  const { resolved } = config;
  const origins = resolved.origins ?? reconstructedOrigins(config, definitions);
  const today = definitions && defaultsToday(config, origins.settings, definitions);
  const rows = (
    values: Plain,
    from: SettingOrigins,
    now: Plain | undefined,
    unit: (path: string) => string | undefined,
  ) => {
    const current = now && new Map(settingLeaves(now).map(([path, value]) => [path, value]));
    return settingLeaves(values).map(([path, value]): SettingRow => {
      const named = unit(path);
      const differs = current && !isSame(current.get(path), value);
      return {
        path,
        value,
        ...(named === undefined ? {} : { unit: named }),
        origin: from[path] ?? "default",
        ...(differs ? { today: { value: current.get(path) } } : {}),
      };
    });
  };
  const envUnit = (path: string) => unitOf(definitions?.env, path);
  const evaluated = new Map(settingLeaves(resolved.envConfig));
  return {
    settings: rows(resolved.settings, origins.settings, today?.settings, settingUnit),
    envConfig: rows(resolved.envConfig, origins.envConfig, today?.envConfig, envUnit),
    trainEnv: rows(resolved.trainEnv, origins.trainEnv, today?.trainEnv, envUnit).filter(
      ({ path, value }) => !isSame(value, evaluated.get(path)),
    ),
  };
}

/** Today's settings without the user's: defaults, tuning, and the route by which training was initialized. */
function defaultsToday(
  { settings }: RunConfig,
  from: SettingOrigins,
  { env, agent }: Definitions,
): Pick<RunConfig["resolved"], "settings" | "envConfig" | "trainEnv"> {
  const unasked = settingLeaves(settings).filter(
    ([path]) =>
      from[path] !== "user" && from[path] !== "file" && Object.hasOwn(agent.settings, path.split(".")[0]!),
  );
  return {
    settings: { ...resolveSettings(agent, env.id, fromLeaves(unasked)) },
    envConfig: env.defaults,
    trainEnv: resolveTrainEnv(agent, env),
  };
}

/** The origins of a run of before they were kept: by what it was given, and by what is tuning and route today. */
function reconstructedOrigins(
  { env, settings, envConfig, resolved, demos, from, teacher }: RunConfig,
  definitions: Definitions | undefined,
): NonNullable<RunConfig["resolved"]["origins"]> {
  const { agent } = definitions ?? {};
  const tuned = agent?.tuned[env];
  const route = agent
    ? settingsFromRoute(agent, env, {
        ...(demos === undefined ? {} : { demonstrations: {} }),
        ...(from === undefined ? {} : { start: {} }),
        teacher: teacher !== undefined,
      })
    : {};
  const randomized = agent ? settingsFromRandomization(agent, { id: env, config: resolved.envConfig }) : {};
  // all of these stand among the overrides of such a run
  const known = [
    ["route", new Map(settingLeaves(route))],
    ["tuning", new Map(settingLeaves(randomized))],
  ] as const;
  const given = settingLeaves(settings).map(([path, value]): [string, SettingOrigin] => {
    const [origin = "user"] =
      known.find(([, values]) => values.has(path) && isSame(values.get(path), value)) ?? [];
    return [path, origin];
  });
  const user = originsOf<SettingOrigin>(envConfig, "user");
  return {
    settings: { ...originsOf(tuned?.settings ?? {}, "tuning"), ...Object.fromEntries(given) },
    envConfig: user,
    trainEnv: { ...originsOf(tuned?.trainEnv ?? {}, "tuning"), ...user },
  };
}

function unitOf(env: EnvFactory | undefined, path: string): string | undefined {
  if (!env) return undefined;
  const isCell = ["controlRate", "physicsRate", "solver"].every((name) => Object.hasOwn(env.defaults, name));
  return rangeUnit(env.ranges ?? {}, path) ?? (isCell ? cellUnit(path) : undefined);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

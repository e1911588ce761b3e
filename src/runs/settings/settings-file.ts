// A settings file, YAML or JSON: what is to be trained, how it begins and by which settings; data from anywhere, checked whole.
import type { EnvFactory } from "../../env/env.js";
import { fromLeaves, settingLeaves } from "../../env/settings/layers.js";
import { mergeConfig } from "../../env/settings/merge-config.js";
import { requireInRange } from "../../env/settings/setting-range.js";
import { UsageError } from "../../math/usage-error.js";
import type { AgentDefinition } from "../../rl/policy.js";
import { withPresentNames } from "../../rl/ppo/renamed-settings.js";
import type { SettingOverrides } from "../../rl/resolve-settings.js";
import { requireSettingRanges } from "../../rl/validate-settings.js";
import { readEntries } from "./read-entries.js";

type Plain = Readonly<Record<string, unknown>>;

/** What a settings file says; anything in it may be left out. */
export interface SettingsFile extends SettingOverrides {
  /** Its path, as the user gave it. */
  readonly file: string;
  readonly env?: string;
  readonly agent?: string;
  readonly seed?: number | string;
  readonly engine?: string;
  readonly demos?: string;
  readonly encoder?: string;
  readonly from?: string;
  readonly teacher?: string;
  /** Line of what stands at a path, for example "settings.gamma"; 1 is the first. */
  readonly lines: ReadonlyMap<string, number>;
}

/** What each entry of a settings file is. */
const ENTRIES = {
  armgym: "a version",
  env: "a name",
  agent: "a name",
  seed: "a seed",
  engine: "a name",
  demos: "a path",
  encoder: "a path",
  from: "a path",
  teacher: "a path",
  settings: "settings by name",
  envConfig: "settings by name",
  trainEnv: "settings by name",
} as const;

const PLACES =
  'Settings of the agent stand below "settings", those of the environment below "envConfig", and what differs while training below "trainEnv".';

/** Read `file`; throws a UsageError that names the file and the line where it is no settings file. */
export function readSettingsFile(file: string): SettingsFile {
  const { data, lines } = readEntries(file, ENTRIES, PLACES);
  return { ...data, file, lines };
}

/**
 * Throw a UsageError that names file and line where the file sets what `agent` or `env` have not, by another type, or out of
 * its range.
 */
export function requireKnownSettings(
  { file, lines, settings = {}, envConfig = {}, trainEnv = {} }: SettingsFile,
  env: EnvFactory,
  agent: AgentDefinition,
): void {
  const check = (section: string, values: Plain, accept: (one: Plain) => void) => {
    for (const [path, value] of settingLeaves(values)) {
      try {
        accept(fromLeaves([[path, value]]));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new UsageError(`${file}:${lineOf(lines, `${section}.${path}`)}: ${error.message}`);
      }
    }
  };
  check("settings", settings, (one) => {
    const present = withPresentNames(one);
    mergeConfig({ ...agent.settings, ...agent.tuned[env.id]?.settings }, present, agent.id);
    requireSettingRanges(present);
  });
  for (const [section, values] of Object.entries({ envConfig, trainEnv }))
    check(section, values, (one) => {
      mergeConfig(env.defaults, one, env.id);
      requireInRange(one, env.ranges ?? {}, (path) => `Setting "${path}" of ${env.id}`);
    });
}

/** Find the line of the setting that a message is about, by the name before " is "; undefined where the file does not set it. */
export function lineOfMistake(
  { lines, settings = {}, envConfig = {}, trainEnv = {} }: SettingsFile,
  message: string,
): number | undefined {
  const name = /(?:^|")([\w.]+)"?(?: of \S+)? is /.exec(message)?.[1];
  if (name === undefined) return undefined;
  for (const [section, values] of Object.entries({ settings, trainEnv, envConfig })) {
    const found = settingLeaves(values).find(([path]) => path === name);
    if (found) return lineOf(lines, `${section}.${name}`);
  }
  return undefined;
}

/** The line of a setting, or of the closest group around it. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  const line = lines.get(path);
  return line ?? lineOf(lines, path.slice(0, path.lastIndexOf(".")));
}

// A run's settings as a text that says where each comes from, and that `readSettingsFile` reads.
import { fromLeaves } from "../../env/settings/layers.js";
import { SETTING_GROUPS, settingGroup } from "../../rl/validate-settings.js";
import { VERSION } from "../../version.js";
import type { RunConfig } from "../run-folder.js";
import type { SettingRow, SettingSections } from "./setting-rows.js";

/** What a file is that trains as the run was trained; those entries that say how come first. */
type Head = readonly (readonly [name: string, value: unknown])[];

const ORIGIN_WORDS = {
  default: "default",
  tuning: "tuning",
  route: "route",
  file: "settings file",
  user: "user",
} as const;

/** Write the settings of the run at `path` as YAML, with unit and origin behind each value; `notes` stand above, a line each. */
export function settingsAsYaml(
  path: string,
  config: RunConfig,
  sections: SettingSections,
  notes: readonly string[] = [],
): string {
  const lines = [
    `Settings of ${path}`,
    "Behind each value: its unit, where it comes from (default, tuning, route, settings file, user), and today's default where that differs.",
    ...notes,
  ].map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
  for (const [name, value] of headOf(config)) lines.push(`${name}: ${JSON.stringify(value)}`);
  for (const [section, rows] of Object.entries(sections) as [string, readonly SettingRow[]][]) {
    if (rows.length === 0) continue;
    lines.push(`${section}: # ${MEANINGS[section as keyof SettingSections]}`);
    if (section === "settings") lines.push(...groupedLines(rows));
    else lines.push(...rowLines(rows));
  }
  return `${lines.join("\n")}\n`;
}

/** The agent's settings under the headings of their groups. */
function groupedLines(rows: readonly SettingRow[]): string[] {
  return SETTING_GROUPS.flatMap((group) => {
    const own = rows.filter(({ path }) => settingGroup(path) === group);
    return own.length === 0 ? [] : [`${indent(0)}# ${group}`, ...rowLines(own)];
  });
}

/** Write settings as lines of YAML, those of a group below its name. */
export function rowLines(rows: readonly SettingRow[]): string[] {
  const lines: string[] = [];
  let above: readonly string[] = [];
  for (const row of rows) {
    const keys = row.path.split(".");
    const groups = keys.slice(0, -1);
    const shared = groups.findIndex((key, k) => key !== above[k]);
    for (let k = shared < 0 ? groups.length : shared; k < groups.length; k++)
      lines.push(`${indent(k)}${nameOf(groups[k]!)}:`);
    above = groups;
    const text = `${indent(groups.length)}${nameOf(keys.at(-1)!)}: ${JSON.stringify(row.value)}`;
    lines.push(`${text.padEnd(REMARKS)} # ${remarkOf(row)}`);
  }
  return lines;
}

/** Return the same settings as plain data, without remarks. */
export function settingsAsData(config: RunConfig, sections: SettingSections): Record<string, unknown> {
  const filled = (Object.entries(sections) as [string, readonly SettingRow[]][]).filter(
    ([, rows]) => rows.length,
  );
  return {
    ...Object.fromEntries(headOf(config)),
    ...Object.fromEntries(
      filled.map(([section, rows]) => [section, fromLeaves(rows.map(({ path, value }) => [path, value]))]),
    ),
  };
}

/** Remarks stand in one column where values are short. */
const REMARKS = 34;

const MEANINGS: Readonly<Record<keyof SettingSections, string>> = {
  settings: "of the agent",
  envConfig: "of the environment",
  trainEnv: "where the environment that is trained on differs",
};

function headOf({ env, agent, seed, engine, demos, encoder, from, teacher }: RunConfig): Head {
  const all = { armgym: VERSION, env, agent, seed, engine, demos, encoder, from, teacher };
  return Object.entries(all).filter(([, value]) => value !== undefined);
}

function remarkOf({ unit, origin, today }: SettingRow): string {
  return [
    ...(unit === undefined ? [] : [unit]),
    ORIGIN_WORDS[origin],
    ...(today
      ? [today.value === undefined ? "not there today" : `today's default ${JSON.stringify(today.value)}`]
      : []),
  ].join(", ");
}

/** A name of YAML's that is nothing else there, or the name in quotes. */
function nameOf(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) && !/^(true|false|null)$/i.test(key) ? key : JSON.stringify(key);
}

function indent(depth: number): string {
  return "  ".repeat(depth + 1);
}

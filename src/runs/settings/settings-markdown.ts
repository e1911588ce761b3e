// A run's settings as Markdown, for dashboards.
import type { RunConfig } from "../run-folder.js";
import { type SettingRow, settingSections } from "./setting-rows.js";

const TITLES = {
  settings: "Agent",
  envConfig: "Environment",
  trainEnv: "Environment that is trained on, where it differs",
} as const;

/** Write what a run was started with as tables: its settings with units, and where each comes from. */
export function settingsAsMarkdown(config: RunConfig): string {
  const { env, agent, seed, engine, version } = config;
  const sections = settingSections(config);
  const tables = (Object.keys(TITLES) as (keyof typeof TITLES)[]).flatMap((section) => {
    const rows = sections[section];
    if (rows.length === 0) return [];
    const lines = rows.map(({ path, value, unit = "", origin }: SettingRow) =>
      tableRow([path, code(value), unit, origin]),
    );
    const head = [tableRow(["setting", "value", "unit", "from"]), "| --- | --- | --- | --- |"];
    return [`### ${TITLES[section]}\n\n${[...head, ...lines].join("\n")}`];
  });
  const start = `**${env}** by **${agent}**, seed ${seed}, engine ${engine}, armgym ${version}`;
  return `${[start, ...tables].join("\n\n")}\n`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** A bar would end its cell, also within code. */
function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
}

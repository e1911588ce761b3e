// A fit's settings as rows with origins, as a settings file, and as Markdown for dashboards.
import { fromLeaves, settingLeaves } from "../../env/settings/layers.js";
import type { PredictorDefinition } from "../../learn/predictor.js";
import { UsageError } from "../../math/usage-error.js";
import { VERSION } from "../../version.js";
import type { SettingRow } from "../settings/setting-rows.js";
import { rowLines } from "../settings/settings-text.js";
import type { FitConfig } from "./fit-config.js";
import { type FitModules, predictorOfFit } from "./fit-modules.js";

/** A fit's settings in the three forms that are asked for. */
export interface DescribedFitSettings {
  readonly rows: { readonly settings: readonly SettingRow[]; readonly dataSettings: readonly SettingRow[] };
  /** A settings file, each value with its origin behind it. */
  readonly yaml: string;
  /** The same settings file as plain data. */
  readonly data: Readonly<Record<string, unknown>>;
}

type Sections = DescribedFitSettings["rows"];

const MEANINGS: Readonly<Record<keyof Sections, string>> = {
  settings: "of the predictor",
  dataSettings: "of the data",
};

/** Describe the settings of a fit; where its predictor cannot be loaded, today's defaults are left out, and a remark is added. */
export async function describeFitSettings(
  fit: FitModules & { readonly config: FitConfig },
): Promise<DescribedFitSettings> {
  const notes: string[] = [];
  let definition: PredictorDefinition | undefined;
  try {
    definition = await predictorOfFit(fit);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    notes.push(`Today's defaults are left out: ${error.message}`);
  }
  const rows = fitSettingRows(fit.config, definition);
  return { rows, yaml: asYaml(fit, rows, notes), data: asData(fit.config, rows) };
}

/** List the settings that were resolved when the fit was made. */
export function fitSettingRows({ resolved, data }: FitConfig, definition?: PredictorDefinition): Sections {
  const { origins } = resolved;
  const today = definition && { ...definition.settings, ...definition.tuned?.[data] };
  const rowsOf = (section: keyof Sections, now?: Readonly<Record<string, unknown>>) =>
    settingLeaves(resolved[section]).map(([path, value]): SettingRow => {
      const differs = now && JSON.stringify(now[path]) !== JSON.stringify(value);
      return {
        path,
        value,
        origin: origins[section][path] ?? "default",
        ...(differs ? { today: { value: now[path] } } : {}),
      };
    });
  return { settings: rowsOf("settings", today), dataSettings: rowsOf("dataSettings") };
}

/** Write what a fit was started with as tables. */
export function fitSettingsAsMarkdown(config: FitConfig): string {
  const { predictor, seed, engine, version, dataset } = config;
  const rows = fitSettingRows(config);
  const tables = (Object.keys(MEANINGS) as (keyof Sections)[]).flatMap((section) => {
    if (rows[section].length === 0) return [];
    const lines = rows[section].map(
      ({ path, value, origin }) => `| ${path} | \`${cell(value)}\` | ${origin} |`,
    );
    return [
      `### Settings ${MEANINGS[section]}\n\n| setting | value | from |\n| --- | --- | --- |\n${lines.join("\n")}`,
    ];
  });
  const { name } = dataset.provenance;
  const start = `**${predictor}** fitted to **${name}**, seed ${seed}, engine ${engine}, armgym ${version}`;
  return `${[start, ...tables].join("\n\n")}\n`;
}

/** A bar would end its cell, also within code. */
function cell(value: unknown): string {
  return JSON.stringify(value).replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

function asYaml(
  { path, config }: FitModules & { readonly config: FitConfig },
  rows: Sections,
  notes: readonly string[],
): string {
  const { provenance, rows: sizes, fields } = config.dataset;
  const lines = [
    `Settings of ${path}`,
    `Fitted to ${provenance.name} (${provenance.source}${provenance.licence ? `; ${provenance.licence}` : ""}): ${sizes.train} rows to learn from, ${sizes.validation} to choose by.`,
    ...Object.entries(fields).map(([name, { shape, dtype = "float32", unit, classes }]) => {
      const what = classes ? `, classes ${shortList(classes)}` : unit ? `, ${unit}` : "";
      return `  ${name}: [${shape.join(", ")}] ${dtype}${what}`;
    }),
    ...Object.entries(provenance.files ?? {}).map(([file, hash]) => `  ${file}: SHA-256 ${hash}`),
    "Behind each value: where it comes from (default, tuning, settings file, user), and today's default where that differs.",
    ...notes,
  ].map((line) => `# ${line.replaceAll(/[\r\n]+/g, " ")}`);
  for (const [name, value] of headOf(config)) lines.push(`${name}: ${JSON.stringify(value)}`);
  for (const section of Object.keys(MEANINGS) as (keyof Sections)[]) {
    if (rows[section].length === 0) continue;
    lines.push(`${section}: # ${MEANINGS[section]}`, ...rowLines(rows[section]));
  }
  return `${lines.join("\n")}\n`;
}

function asData(config: FitConfig, rows: Sections): Record<string, unknown> {
  const filled = Object.entries(rows).filter(([, section]) => section.length > 0);
  return {
    ...Object.fromEntries(headOf(config)),
    ...Object.fromEntries(
      filled.map(([name, section]) => [
        name,
        fromLeaves(section.map(({ path, value }: SettingRow) => [path, value] as const)),
      ]),
    ),
  };
}

function headOf({ predictor, data, seed, engine }: FitConfig): readonly (readonly [string, unknown])[] {
  return Object.entries({ armgym: VERSION, predictor, data, seed, engine });
}

/** Names, the middle left out of a long list. */
function shortList(names: readonly string[]): string {
  const shown = names.map((name) => JSON.stringify(name));
  return shown.length <= 12
    ? shown.join(", ")
    : `${shown.slice(0, 10).join(", ")}, ... ${shown.at(-1)} (${shown.length})`;
}

// All that is to be said of a run's settings: rows with origins, a settings file as YAML, and the same as data.
import { UsageError } from "../../math/usage-error.js";
import { relocate } from "../packaged-modules.js";
import type { RunFolder } from "../run-folder.js";
import { type Definitions, type SettingSections, settingSections } from "./setting-rows.js";
import { settingsAsData, settingsAsYaml } from "./settings-text.js";

/** A run's settings in the three forms that are asked for. */
export interface DescribedSettings {
  readonly rows: SettingSections;
  /** A settings file, each value with unit and origin behind it. */
  readonly yaml: string;
  /** The same settings file as plain data. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Describe the settings of a run; where its environment cannot be loaded, units and today's defaults are left out, and a remark is added. */
export async function describeSettings(run: RunFolder): Promise<DescribedSettings> {
  const { config, path } = run;
  let rows: SettingSections;
  const notes: string[] = [];
  try {
    rows = settingSections(config, await definitionsOf(run));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    notes.push(`Units and today's defaults are left out: ${error.message}`);
    rows = settingSections(config);
  }
  if (!config.resolved.origins)
    notes.push("This run was made before origins were kept: they are reconstructed from what it was given.");
  return { rows, yaml: settingsAsYaml(path, config, rows, notes), data: settingsAsData(config, rows) };
}

async function definitionsOf(run: RunFolder): Promise<Definitions> {
  const { env, agent } = await relocate(run);
  return { env: env.thing, agent: agent.thing };
}

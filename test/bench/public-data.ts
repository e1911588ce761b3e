// Public data sets for benchmarks, from the folder of ARMGYM_DATA or beside the checkout.
import { resolve } from "node:path";
import type { DataSplits } from "../../src/data/dataset.js";
import { findSource, loadSource } from "../../src/data/load-source.js";
import { openDataFolder } from "../../src/runs/data-folder.js";

/** Load a source from that folder, with overrides of its settings. */
export function loadPublic(
  id: string,
  overrides: Readonly<Record<string, unknown>>,
  seed: string,
): Promise<DataSplits> {
  const folder = process.env.ARMGYM_DATA ?? resolve("../shared/data");
  return loadSource(findSource(id), openDataFolder(folder), overrides, seed);
}

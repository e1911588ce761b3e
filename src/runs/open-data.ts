// Data by what a user calls it: the id of a source, or a path.
import { existsSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { DataFiles, DataSource } from "../data/data-source.js";
import { findSource } from "../data/load-source.js";
import { ownData } from "../data/own-data.js";
import { dataSources } from "../data/sources/data-sources.js";
import { openDataFolder } from "./data-folder.js";

/** A source, and the files that it reads. */
export interface OpenedData {
  readonly source: DataSource;
  readonly files: DataFiles;
}

/** Return the folder that public sets lie in where the user names none: that of the variable ARMGYM_DATA, or "data". */
export function defaultDataFolder(): string {
  return process.env.ARMGYM_DATA || "data";
}

/**
 * Open data by the id of a source, whose files lie in `folder`, or by the path of a folder or a file of the user's own.
 *
 * An id comes before a path of the same name; "./digits" is always a path.
 *
 * @throws UsageError where there is neither, or the files are of no kind that is known.
 * @example
 * const { source, files } = await openData("parts/", defaultDataFolder());
 * const splits = await loadSource(source, files, { size: 64 }, "0");
 */
export async function openData(name: string, folder: string): Promise<OpenedData> {
  if (Object.hasOwn(dataSources, name)) return { source: dataSources[name]!, files: openDataFolder(folder) };
  // says which ids there are
  if (!existsSync(name)) return { source: findSource(name), files: openDataFolder(folder) };
  if (statSync(name).isDirectory()) {
    const files = openDataFolder(name);
    return { source: await ownData(files), files };
  }
  const files = openDataFolder(dirname(name));
  return { source: await ownData(files, basename(name)), files };
}

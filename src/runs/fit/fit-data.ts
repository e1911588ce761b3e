// The data of a fit: where they are found, and that they are still what they were.
import { resolve } from "node:path";
import type { DataFiles, DataSource, PlainSettings } from "../../data/data-source.js";
import type { DataField, DataSplits } from "../../data/dataset.js";
import { loadSource } from "../../data/load-source.js";
import { dataSources } from "../../data/sources/data-sources.js";
import { UsageError } from "../../math/usage-error.js";
import { openDataFolder } from "../data-folder.js";
import { defaultDataFolder, openData } from "../open-data.js";
import { PACKAGED } from "../own-modules.js";
import { locateOwn, ownThing } from "../packaged-modules.js";
import type { FitConfig } from "./fit-config.js";
import { type FitModules, isDataSource } from "./fit-modules.js";

/** Data as the user named them. */
export interface LocatedData {
  readonly source: DataSource;
  /** What config.json calls them: a source's id, or an absolute path. */
  readonly name: string;
  /** File URL of a module of the user's own, or "armgym". */
  readonly module: string;
  readonly files: DataFiles;
}

/**
 * All parts of data by the same seed, whatever the seed of the fit is: what one seed learns from or chooses by must not be what
 * another one reports on.
 */
const SPLIT_SEED = "0";
/** Ends of modules that may export a source. */
const MODULE = /\.[cm]?[jt]s(#.+)?$/;

/** Find data by the id of a source, by a path, or in a module that exports a source; throws a UsageError where there are none. */
export async function locateData(name: string, dataFolder: string): Promise<LocatedData> {
  if (MODULE.test(name)) {
    const { thing, source } = await locateOwn(name, isDataSource, "data source", "Export a DataSource.");
    return { source: thing, name: thing.id, module: source.module, files: openDataFolder(dataFolder) };
  }
  const isId = Object.hasOwn(dataSources, name);
  return { ...(await openData(name, dataFolder)), name: isId ? name : resolve(name), module: PACKAGED };
}

/** Find the data of a fit again; throws a UsageError where its config names a module that may not be loaded. */
export async function dataOfFit(fit: FitModules & { readonly config: FitConfig }): Promise<LocatedData> {
  const { data, dataModule, dataFolder } = fit.config;
  if (dataModule === PACKAGED) return locateData(data, dataFolder ?? defaultDataFolder());
  const own = { module: dataModule, id: data };
  const { thing, source } = await ownThing(fit, own, isDataSource, "data source");
  const files = openDataFolder(dataFolder ?? defaultDataFolder());
  return { source: thing, name: data, module: source.module, files };
}

/** Load the parts of the data; those to report on are loaded when they are asked for. */
export function loadSplits({ source, files }: LocatedData, settings: PlainSettings): Promise<DataSplits> {
  return loadSource(source, files, settings, SPLIT_SEED);
}

/**
 * Throw a UsageError where data are not what the fit in `path` learned from: files of another SHA-256, other fields, or another number of
 * rows.
 */
export function requireSameData(
  path: string,
  { provenance, fields, rows }: FitConfig["dataset"],
  { train, validation }: DataSplits,
): void {
  const refuse = (what: string) =>
    new UsageError(
      `The data of ${path} have changed since it was fitted: ${what}. Bring back what it learned from, or fit again.`,
    );
  const files = train.provenance.files ?? {};
  for (const [file, hash] of Object.entries(provenance.files ?? {})) {
    if (files[file] === undefined) throw refuse(`${file} is no longer read`);
    if (files[file] !== hash)
      throw refuse(`the SHA-256 of ${file} was ${hash.slice(0, 12)}..., is ${files[file].slice(0, 12)}...`);
  }
  const difference = differentField(fields, train.fields);
  if (difference !== undefined) throw refuse(difference);
  for (const [name, was, is] of [
    ["train", rows.train, train.size],
    ["validation", rows.validation, validation.size],
  ] as const)
    if (was !== is) throw refuse(`the part "${name}" had ${was} rows, has ${is}`);
}

/** Say which field differs; undefined where none does. */
function differentField(was: Fields, is: Fields): string | undefined {
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [before, after] = [was[name], is[name]].map((field) =>
      field ? describeField(field) : "not there",
    );
    if (before !== after) return `the field "${name}" was ${before}, is ${after}`;
  }
  return undefined;
}

type Fields = Readonly<Record<string, DataField>>;

/** Describe a field in few words: `[28, 28, 1] uint8`. */
export function describeField({ shape, dtype = "float32", classes }: DataField): string {
  return `[${shape.join(", ")}] ${dtype}${classes ? `, classes ${classes.join(", ")}` : ""}`;
}

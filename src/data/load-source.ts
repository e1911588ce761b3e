// A source of data by what a user calls it, with what the user set.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { DataFiles, DataSource } from "./data-source.js";
import type { DataSplits } from "./dataset.js";
import { sourceSettings } from "./source-settings.js";
import { dataSources } from "./sources/data-sources.js";

/**
 * Return the source with this id.
 *
 * @throws UsageError where there is none.
 * @example
 * const { description, licence } = findSource("mnist");
 */
export function findSource(id: string): DataSource {
  const known = Object.keys(dataSources);
  if (Object.hasOwn(dataSources, id)) return dataSources[id]!;
  throw new UsageError(
    `There is no data "${id}". ${didYouMean(id, known)}Known are: ${known.join(", ")}; or a path of your own.`,
  );
}

/**
 * Load the rows of a source with its defaults and, over them, `overrides`.
 *
 * @throws UsageError where there is no such setting, or a file is missing or not what it should be; where files are missing it says where they
 * are downloaded from, and which generated source has the same fields.
 * @example
 * const { train, validation, test } = await loadSource(findSource("digits"), openDataFolder("data"), { rows: 1000 }, "0");
 */
export async function loadSource(
  source: DataSource,
  files: DataFiles,
  overrides: Readonly<Record<string, unknown>>,
  seed: string,
): Promise<DataSplits> {
  const settings = sourceSettings(source, overrides);
  try {
    return await source.load(files, settings, seed);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const there = new Set(await files.list());
    const missing = source.files.filter(({ path }) => !there.has(path));
    const isNamed = missing.some(({ path }) => error.message.includes(path));
    if (!isNamed) throw error;
    throw new UsageError(`${error.message} ${wayOut(source)}`);
  }
}

function wayOut({ id, files, standIn }: DataSource): string {
  const addresses = [...new Set(files.map(({ url }) => url))];
  const from = addresses.length > 1 ? new URL(".", addresses[0]).href : addresses[0];
  const instead =
    standIn === undefined ? "" : ` Or take "${standIn}", which is generated and has the same fields.`;
  return `The files of "${id}" are downloaded from ${from}.${instead}`;
}

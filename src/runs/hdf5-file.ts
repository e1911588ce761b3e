// HDF5 files by h5wasm, which is loaded only when one is written or read.
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Dataset, Group } from "h5wasm/node";
import { optionText, UsageError } from "../math/usage-error.js";
import type { Hdf5Dataset, Hdf5Group } from "../recording/robomimic.js";
import { explainWriteError } from "./atomic-write.js";
import { makeFolders } from "./make-folders.js";

type Library = typeof import("h5wasm/node");

/** Load h5wasm; throws a UsageError with the way to install it where it is missing. `option` is what asked for it. */
export async function loadHdf5(option: "robomimic" | "minari" | "demos"): Promise<Library> {
  try {
    const library = await import("h5wasm/node");
    // a fault is thrown, and not printed
    (await library.ready).activate_throwing_error_handler();
    return library;
  } catch {
    throw new UsageError(
      `An HDF5 file needs h5wasm, which is not installed. Run "npm install h5wasm", or leave ${optionText(option)} out.`,
    );
  }
}

/** Write `root` to `file`; it appears there only when it is whole. `option` is what the user named the file by. */
export function writeHdf5(
  { File }: Library,
  file: string,
  root: Hdf5Group,
  option: "robomimic" | "minari",
): void {
  const draft = `${file}.draft`;
  try {
    makeFolders(dirname(file));
    const handle = new File(draft, "w");
    try {
      fill(handle, root);
    } finally {
      handle.close();
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw explainWriteError(file, error, option);
  }
}

/**
 * Read the groups of `file` with their attributes, and those data sets of floating-point numbers whose path is wanted, as
 * "data/demo_0/actions".
 *
 * Throws a UsageError where it is no HDF5 file, or damaged.
 */
export function readHdf5({ File }: Library, file: string, isWanted: (path: string) => boolean): Hdf5Group {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  if (!statSync(file).isFile()) throw new UsageError(`${file} is no plain file.`);
  let handle: InstanceType<typeof File> | undefined;
  try {
    handle = new File(file, "r");
    return readGroup(handle, "", isWanted);
  } catch (error) {
    throw new UsageError(`${file} is no whole HDF5 file: ${reasonOf(error)}. Copy it again.`);
  } finally {
    handle?.close();
  }
}

/** What went wrong, without the calls that led there: HDF5 names the innermost last. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return [...text.matchAll(/ in \w+\(\): (.+)/g)].at(-1)?.[1] ?? text;
}

/** Number of groups within groups that a file may have: links can lead in circles. */
const DEEPEST = 8;

function readGroup(group: Group, path: string, isWanted: (path: string) => boolean, depth = 0): Hdf5Group {
  const groups: Record<string, Hdf5Group> = {};
  const datasets: Record<string, Hdf5Dataset> = {};
  for (const name of depth < DEEPEST ? group.keys() : []) {
    const [entity, full] = [group.get(name), path === "" ? name : `${path}/${name}`];
    if (!entity || !("type" in entity)) continue;
    if (entity.type === "Group") groups[name] = readGroup(entity as Group, full, isWanted, depth + 1);
    else if (entity.type === "Dataset" && isWanted(full)) {
      const { value, shape } = entity as Dataset;
      if (shape && (value instanceof Float32Array || value instanceof Float64Array))
        datasets[name] = { shape, values: value };
    }
  }
  return { attributes: attributesOf(group), groups, datasets };
}

function attributesOf(group: Group): Record<string, string | number> {
  const found = Object.entries(group.attrs).map(([name, { value }]) => [
    name,
    typeof value === "bigint" ? Number(value) : value,
  ]);
  return Object.fromEntries(
    found.filter(([, value]) => typeof value === "string" || typeof value === "number"),
  ) as Record<string, string | number>;
}

function fill(group: Group, { attributes, groups, datasets }: Hdf5Group): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") group.create_attribute(name, value);
    else group.create_attribute(name, value, null, "<q");
  }
  for (const [name, { shape, values }] of Object.entries(datasets))
    group.create_dataset({ name, data: values, shape: [...shape] });
  for (const [name, content] of Object.entries(groups)) fill(group.create_group(name), content);
}

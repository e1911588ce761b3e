// A folder on disk as what data is read from: nothing outside of it, and no more than asked for.
import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { DataFiles } from "../data/data-source.js";
import { UsageError } from "../math/usage-error.js";
import { readWholeFile } from "./read-file.js";

/** Most bytes of a file that are read where nothing else is said. */
const LARGEST = 2 ** 30;
/** Most files of a folder; a disk with more was hardly meant. */
const MOST_FILES = 1_000_000;

/**
 * Open a folder as the files that data sets are read from.
 *
 * Hidden files, and what a symbolic link outside of the folder leads to, are no part of it. A folder that does not exist has no files.
 *
 * @throws UsageError where it is no folder.
 * @example
 * const splits = await dataSources.mnist!.load(openDataFolder("data"), dataSources.mnist!.settings, "0");
 */
export function openDataFolder(folder: string): DataFiles {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new UsageError(`${folder} is a file, expected a folder of data.`);
  const root = resolve(folder);
  return {
    folder,
    list: () => Promise.resolve(existsSync(root) ? filesOf(folder, realpathSync(root)) : []),
    // async: what is wrong is always a rejection
    async read(path, largest = LARGEST) {
      return plainBytes(readWholeFile(locate(folder, root, path), largest));
    },
  };
}

/** A Buffer is one as well, but its `slice` does not copy. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function locate(folder: string, root: string, path: string): string {
  const shown = join(folder, path);
  const wanted = resolve(root, path);
  if (isAbsolute(path) || !isInside(wanted, root))
    throw new UsageError(`${path} lies outside of the data folder ${folder}, and nothing there is read.`);
  if (!existsSync(wanted)) throw new UsageError(`${shown} cannot be read: there is no such file.`);
  if (!isInside(realpathSync(wanted), realpathSync(root)))
    throw new UsageError(
      `${shown} is a link out of the data folder ${folder}, which is not followed. Copy the file, or name the folder that it lies in.`,
    );
  return shown;
}

function filesOf(folder: string, root: string): readonly string[] {
  const found: string[] = [];
  const visit = (inside: string) => {
    for (const entry of entriesOf(join(root, inside))) {
      if (entry.name.startsWith(".")) continue;
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(join(root, path), root)))
        found.push(path);
      if (found.length > MOST_FILES)
        throw new UsageError(
          `${folder} holds more than ${MOST_FILES} files. Name the folder of one data set.`,
        );
    }
  };
  visit("");
  return found.sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(`${folder} cannot be read: ${(error as Error).message}.`);
  }
}

function leadsToFile(link: string, root: string): boolean {
  try {
    const real = realpathSync(link);
    return isInside(real, root) && statSync(real).isFile();
  } catch {
    return false;
  }
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

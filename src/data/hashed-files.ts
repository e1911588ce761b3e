// Files of a data folder with their SHA-256, which stand in the run.
import { sha256 } from "../math/sha256.js";
import type { DataFiles } from "./data-source.js";

/** Files, and the hashes of those that were read. */
export interface HashedFiles extends DataFiles {
  /** SHA-256 in hexadecimal, by path. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Return the same files, whose hashes are kept as they are read. */
export function hashedFiles(files: DataFiles): HashedFiles {
  const hashes: Record<string, string> = {};
  return {
    folder: files.folder,
    hashes,
    list: () => files.list(),
    async read(path, largest) {
      const bytes = await files.read(path, largest);
      hashes[path] = await sha256(bytes);
      return bytes;
    },
  };
}

/** Return how messages call a file. */
export function shownPath({ folder }: DataFiles, path: string): string {
  return folder === "." ? path : `${folder}/${path}`;
}

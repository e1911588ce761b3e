// The folder of a data set on disk: plain files below it, nothing beside it.
import { existsSync, readdirSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { UsageError } from "../math/usage-error.js";
import { type DatasetFolder, isLeRobotFolder } from "../recording/lerobot-read.js";
import type { ParquetFile } from "../recording/parquet-read.js";
import { LARGEST, readWholeFile } from "./read-file.js";

/** Return the files of the data set in `path`; none is opened yet. */
export function datasetFolder(path: string): DatasetFolder {
  return {
    name: path,
    list(folder) {
      const full = inside(path, folder);
      return existsSync(full) && statSync(full).isDirectory() ? readdirSync(full).sort() : [];
    },
    read(file) {
      const full = inside(path, file);
      return existsSync(full) ? readWholeFile(full, LARGEST.json).toString("utf8") : undefined;
    },
    open: (file) => openTable(path, file),
  };
}

/** Tell whether `path` is the folder of a LeRobot data set. */
export function isDataset(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory() && isLeRobotFolder(datasetFolder(path));
}

/** A file is opened anew for each piece that is read of it: there are few, and nothing has to be closed. */
async function openTable(folder: string, file: string): Promise<ParquetFile> {
  const full = inside(folder, file);
  if (!existsSync(full))
    throw new UsageError(`${folder} is not a whole data set: ${file} is missing. Copy it again, all of it.`);
  const status = statSync(full);
  if (!status.isFile()) throw new UsageError(`${full} is no plain file.`);
  return {
    byteLength: status.size,
    async slice(start, end = status.size) {
      const handle = await open(full);
      try {
        return await readPiece(handle, start, Math.min(end, status.size));
      } finally {
        await handle.close();
      }
    },
  };
}

async function readPiece(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(Math.max(0, end - start));
  const { bytesRead } = await handle.read(new Uint8Array(buffer), 0, buffer.byteLength, start);
  return bytesRead === buffer.byteLength ? buffer : buffer.slice(0, bytesRead);
}

/** The path of a file in the folder; what a data set names elsewhere is refused. */
function inside(folder: string, file: string): string {
  const path = normalize(file);
  if (isAbsolute(path) || /^\.\.([/\\]|$)/.test(path))
    throw new UsageError(`${folder} names a file outside of itself: ${file}. Nothing of it is read.`);
  return join(folder, path);
}

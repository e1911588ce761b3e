// Write a file so that there is always a whole one: to a temporary name, then renamed.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../math/usage-error.js";

/** Write `data` to `path`; where that fails the old file stays, and a UsageError names the path and the cause. */
export function atomicWrite(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, "w");
    try {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // where its folder is none, there is no temporary file either
    }
    throw explainWriteError(path, error);
  }
}

/** Turn an error of the file system into one that says what to do; other errors come back as they are. */
export function explainWriteError(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new UsageError(`Cannot write ${path}: ${CAUSES[code] ?? (error as Error).message}`);
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Free some space; what was saved before is untouched.",
  EACCES: "permission denied. Choose another folder with --out; what was saved before is untouched.",
  EROFS: "the disk is read-only. Choose another folder with --out; what was saved before is untouched.",
  EISDIR: "there is a folder of that name. Choose another folder with --out.",
  EEXIST: "there is a file where a folder is needed. Choose another folder with --out.",
  ENOTDIR: "a part of the path is a file, not a folder. Choose another folder with --out.",
};

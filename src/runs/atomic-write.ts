// Write a file so that there is always a whole one: to a temporary name, then renamed.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { optionText, UsageError } from "../math/usage-error.js";
import { makeFolders } from "./make-folders.js";

/** Temporary names that this version and earlier ones gave. */
const TEMPORARY = /\.([0-9a-f]{12}|\d+)\.tmp$/;

/** How a file is written. */
interface AtomicWriteOptions {
  readonly makeFolder?: boolean;
  readonly option?: string | null;
}

/**
 * Write `data` to `path`; where that fails the old file stays, and a UsageError names the path and the cause.
 *
 * The temporary file gets an unpredictable name, and renaming replaces a link instead of following it.
 * Its folder is made where it is missing, unless `makeFolder` is false. `option` is what the user named the path by; null: by an argument.
 */
export function atomicWrite(path: string, data: string | Uint8Array, options: AtomicWriteOptions = {}): void {
  let draft: Draft | undefined;
  try {
    draft = openDraft(path, options.makeFolder);
    draft.write(typeof data === "string" ? new TextEncoder().encode(data) : data);
    draft.finish();
  } catch (error) {
    draft?.discard();
    throw explainWriteError(path, error, options.option);
  }
}

/** Do the same with what `fill` writes part by part; returns the file's size, bytes. */
export async function atomicWriteParts(
  path: string,
  fill: (write: (part: Uint8Array) => void) => Promise<void>,
): Promise<number> {
  let draft: Draft | undefined;
  let size = 0;
  try {
    const opened = openDraft(path);
    draft = opened;
    await fill((part) => {
      opened.write(part);
      size += part.length;
    });
    draft.finish();
  } catch (error) {
    draft?.discard();
    throw explainWriteError(path, error);
  }
  return size;
}

/** A file under its temporary name. */
interface Draft {
  write(bytes: Uint8Array): void;
  /** Close it and give it its own name. */
  finish(): void;
  /** Close and remove it. */
  discard(): void;
}

function openDraft(path: string, makeFolder = true): Draft {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  if (makeFolder) makeFolders(dirname(path));
  let file: number | undefined = openSync(temporary, "wx");
  const close = () => {
    process.off("exit", discard);
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  const discard = () => {
    close();
    rmSync(temporary, { force: true });
  };
  // a second Ctrl-C while it is written
  process.once("exit", discard);
  return {
    write(bytes) {
      for (let written = 0; written < bytes.length; ) written += writeSync(file!, bytes, written);
    },
    finish() {
      flush(file!);
      close();
      renameSync(temporary, path);
    },
    discard,
  };
}

/** Wait until the disk has the file; Node's permission model denies that, and some file systems lack it. */
function flush(file: number): void {
  try {
    fsyncSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_ACCESS_DENIED" && code !== "EINVAL" && code !== "ENOTSUP") throw error;
  }
}

/** Remove temporary files that a process which was killed while writing left in `folder`. */
export function clearTemporaryFiles(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (TEMPORARY.test(name) && lstatSync(file).isFile()) rmSync(file, { force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw explainWriteError(folder, error);
  }
}

/** Turn an error of the file system into one that says what to do; other errors come back as they are. */
export function explainWriteError(path: string, error: unknown, option: string | null = "out"): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "ERR_ACCESS_DENIED")
    return new UsageError(
      `Cannot write ${path}: Node's permission model denies it. Start node with --allow-fs-write for that folder, or without --permission.`,
    );
  if (code === undefined || syscall === undefined) return error;
  const way = option === null ? "" : ` with ${optionText(option)}`;
  const cause = CAUSES[code]?.replace(" with OPTION", way) ?? (error as Error).message;
  return new UsageError(`Cannot write ${path}: ${cause}`);
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Free some space; what was saved before is untouched.",
  EDQUOT: "your quota of the disk is used up. Free some space; what was saved before is untouched.",
  EACCES: "permission denied. Choose another folder with OPTION; what was saved before is untouched.",
  EPERM: "permission denied. Choose another folder with OPTION; what was saved before is untouched.",
  EROFS: "the disk is read-only. Choose another folder with OPTION; what was saved before is untouched.",
  EISDIR: "there is a folder of that name. Choose another folder with OPTION.",
  EEXIST: "there is a file where a folder is needed. Choose another folder with OPTION.",
  ENOTDIR: "a part of the path is a file, not a folder. Choose another folder with OPTION.",
  ENOENT: "its folder is gone. It was moved or deleted.",
  ELOOP: "it is a link, which is not followed. Replace it by a file.",
  EMFILE: "too many files are open. Raise the limit (ulimit -n).",
  ENAMETOOLONG: "the name is too long. Choose a shorter one.",
};

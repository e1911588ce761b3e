// A folder that one process at a time writes into: made under a name of its own, locked, and written whole file by whole file.
import { existsSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { firstIssue } from "../math/first-issue.js";
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import { isReadableVersion, VERSION } from "../version.js";
import { atomicWrite, clearTemporaryFiles, explainWriteError } from "./atomic-write.js";
import { makeFolders } from "./make-folders.js";
import { LARGEST, readWholeFile } from "./read-file.js";
import { lockRun, type RunLock } from "./run-lock.js";

/** A folder on disk, and this process's hold on it. */
export class OwnedFolder {
  readonly path: string;
  private held: RunLock | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Take the folder for this process, until `unlock`; throws a UsageError where another one has it. Clears what a killed process left in it and in `parts`. */
  lock(parts: readonly string[]): void {
    this.held = lockRun(this.path);
    for (const part of ["", ...parts]) clearTemporaryFiles(join(this.path, part));
  }

  /** Let other processes have it. */
  unlock(): void {
    this.held?.release();
    this.held = undefined;
  }

  /** Throw a UsageError where the folder is no more, or another process has taken it: nothing may be written then. */
  requireOwnership(): void {
    if (!isRunFolder(this.path))
      throw new UsageError(
        `The run's folder ${this.path} is gone: it was moved or deleted while it was in use. Nothing is written to its old place. ` +
          "Where it was moved, resume it at its new place.",
      );
    if (this.held && !this.held.isHeld())
      throw new UsageError(
        `${this.path} was taken over by another process, or its lock.json was removed. Nothing more is written by this one.`,
      );
    this.held?.refresh();
  }

  /** Write the file `name` in a part of the folder, "" for itself. */
  write(part: string, name: string, data: string | Uint8Array): void {
    this.requireOwnership();
    atomicWrite(join(this.own(part), name), data, { makeFolder: false });
  }

  /** Return a part of the folder, made where it is missing; throws a UsageError where it is a link: what is written would go to another place. */
  own(part: string): string {
    const folder = join(this.path, part);
    if (part === "") return folder;
    try {
      if (!existsSync(folder)) mkdirSync(folder);
      else if (lstatSync(folder).isSymbolicLink())
        throw new UsageError(
          `${folder} is a link. armgym writes into a run's own folder only: replace the link by a folder.`,
        );
    } catch (error) {
      throw explainWriteError(folder, error);
    }
    return folder;
  }
}

/** Do `act` while this process has the folder. */
export async function whileLocked<Result>(
  folder: Pick<OwnedFolder, "unlock"> & { lock(): void },
  act: () => Promise<Result>,
): Promise<Result> {
  folder.lock();
  const unlock = () => folder.unlock();
  // a second Ctrl-C, or a module that ends the process
  process.on("exit", unlock);
  try {
    return await act();
  } finally {
    process.off("exit", unlock);
    unlock();
  }
}

/** Make a new folder below `parent`, named by `words` and the time, with its config.json and empty `parts`. */
export function createFolder(
  parent: string,
  words: readonly string[],
  { config, parts, now }: { readonly config: object; readonly parts: readonly string[]; readonly now: Date },
): OwnedFolder {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const folder = new OwnedFolder(makeNewFolder(resolve(parent), [...words, time].map(fileName).join("__")));
  atomicWrite(join(folder.path, "config.json"), configText(config), { makeFolder: false });
  for (const part of parts) folder.own(part);
  return folder;
}

/** Write a config as config.json holds it. */
export function configText(config: object): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Make a folder `name` that was not there, or the next of that name with a number. */
function makeNewFolder(parent: string, name: string): string {
  try {
    makeFolders(parent);
    for (let copy = 1; ; copy++) {
      const path = join(parent, copy === 1 ? name : `${name}-${copy}`);
      try {
        mkdirSync(path);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  } catch (error) {
    throw explainWriteError(join(parent, name), error);
  }
}

/** Make a part of a file's name of what a module or a file says: no separators, no leading dots, not too long. */
export function fileName(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N}._+-]+/gu, "-")
    .replace(/^\.+/, "")
    .slice(0, 80);
}

/** Return whether a folder is a run's, of a policy or of a fit. */
export function isRunFolder(path: string): boolean {
  return existsSync(join(path, "config.json")) && statSync(path).isDirectory();
}

/** What a folder of a run holds: a policy that acts in an environment, or a predictor that was fitted to data. */
export type RunKind = "policy" | "fit";

/** Return what the run in `path` holds; undefined where it is no run, or its config cannot be read. */
export function runKind(path: string): RunKind | undefined {
  if (!isRunFolder(path)) return undefined;
  try {
    const text = readWholeFile(join(path, "config.json"), LARGEST.json).toString("utf8");
    const config = JSON.parse(text) as { readonly kind?: unknown } | null;
    return config?.kind === "fit" ? "fit" : "policy";
  } catch {
    return undefined;
  }
}

/** Return the absolute path of the run in `path`, whose config is of a version that is read; throws a UsageError where it is missing or none. */
export function requireRunFolder(path: string, maker: string): string {
  const folder = resolve(path);
  if (!existsSync(folder)) {
    const parent = dirname(folder);
    const others = existsSync(parent)
      ? readdirSync(parent).filter((name) => isRunFolder(join(parent, name)))
      : [];
    const known = others.length > 0 ? ` Runs there: ${others.slice(-5).join(", ")}.` : "";
    throw new UsageError(
      `There is no run folder ${path}. ${didYouMean(basename(folder), others)}${known}`.trim(),
    );
  }
  if (!isRunFolder(folder)) {
    throw new UsageError(
      `${path} is no run folder: it has no config.json. Give a folder that "${maker}" made.`,
    );
  }
  // another version's config may look different altogether, so this comes first
  const { version } = readJson(join(folder, "config.json"), z.looseObject({ version: z.string() }));
  if (isReadableVersion(version)) return folder;
  throw new UsageError(
    `${path} was made by armgym ${version}, this is ${VERSION}. Run "npx armgym@${version}" or train again.`,
  );
}

/** Read a file of a run as `schema` says; throws a UsageError that names it where it is damaged. */
export function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const text = readWholeFile(file, LARGEST.json).toString("utf8");
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is damaged: ${(error as Error).message}. ${MENDING}`);
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new UsageError(`${file} is damaged: ${firstIssue(parsed.error)}. ${MENDING}`);
  return parsed.data;
}

const MENDING = "Mend it, or take another run.";

// A run's folder: config, metrics, checkpoints, evaluation, episodes.
import { existsSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { ENGINE_NAMES } from "../compile/engines/engine.js";
import { firstIssue } from "../math/first-issue.js";
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { ModelFiles } from "../model/trained-model.js";
import { withPresentNames } from "../rl/ppo/renamed-settings.js";
import { SETTING_ORIGINS, type SettingOrigin } from "../rl/resolve-settings.js";
import type { TrainingState } from "../rl/training-state.js";
import { isReadableVersion, VERSION } from "../version.js";
import { atomicWrite, clearTemporaryFiles, explainWriteError } from "./atomic-write.js";
import { encodeState, hasCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint-files.js";
import { makeFolders } from "./make-folders.js";
import { keepMeshFiles } from "./mesh-files.js";
import { LARGEST, readWholeFile } from "./read-file.js";
import { lockRun, type RunLock } from "./run-lock.js";

/** As it stands in the file, so that what is no setting ("__proto__") is refused as one, and not left out without a word. */
const record = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected settings by name",
);

/** Of agents, under names of earlier versions, too. */
const agentSettings = record.transform(withPresentNames<unknown>);

const origins = z.record(z.string(), z.enum(SETTING_ORIGINS));

const runConfigSchema = z.object({
  version: z.string(),
  env: z.string(),
  agent: z.string(),
  /** "armgym", or a path of the user's own from the project's folder; see own-modules.ts for what is loaded. */
  envModule: z.string(),
  agentModule: z.string(),
  seed: z.union([z.number(), z.string()]),
  engine: z.enum(ENGINE_NAMES),
  workers: z.number().int().positive(),
  /** Overrides as given. */
  envConfig: record,
  settings: agentSettings,
  /** File of demonstrations that the policy started from. */
  demos: z.string().optional(),
  /** File of the image encoder that the policy started with. */
  encoder: z.string().optional(),
  /** Folder of the run whose policy was started from. */
  from: z.string().optional(),
  /** Who was imitated: "expert", or a run's folder. */
  teacher: z.string().optional(),
  /** Of an environment of Gymnasium: versions of Python, gymnasium, numpy and the packages that it is from. */
  versions: z.record(z.string(), z.string()).optional(),
  /** Everything that was in force, defaults and tuning included. */
  resolved: z.object({
    settings: agentSettings,
    envConfig: record,
    trainEnv: record,
    /** What the environment's module decided: entries, rates, length of an episode. */
    spec: record.optional(),
    /** Where values come from, by path; those without are defaults. Runs of before this was kept have none. */
    origins: z
      .object({
        settings: origins.transform(withPresentNames<SettingOrigin>),
        envConfig: origins,
        trainEnv: origins,
      })
      .optional(),
  }),
});

/** What a run was started with. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** A folder of one run on disk. */
export class RunFolder {
  readonly path: string;
  /** Modules that the user named on the command line: code comes from there, never from the folder. */
  readonly modules: readonly string[];
  private held: RunLock | undefined;
  private settled: RunConfig;

  private constructor(path: string, config: RunConfig, modules: readonly string[]) {
    this.path = path;
    this.settled = config;
    this.modules = modules;
  }

  /** Make a new folder below `parent`, named by environment, agent, seed and time. */
  static create(
    parent: string,
    config: RunConfig,
    now = new Date(),
    modules: readonly string[] = [],
  ): RunFolder {
    const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
    const name = [config.env, config.agent, String(config.seed), time].map(fileName).join("__");
    const path = makeNewFolder(resolve(parent), name);
    const folder = new RunFolder(path, config, modules);
    atomicWrite(join(path, "config.json"), `${JSON.stringify(config, null, 2)}\n`, { makeFolder: false });
    for (const part of ["checkpoints", "episodes"]) folder.ownFolder(part);
    keepMeshFiles(config.resolved?.envConfig.robot, path);
    return folder;
  }

  /** Open an existing folder; throws a UsageError where it is missing, half-written or of another version. */
  static open(path: string, modules: readonly string[] = []): RunFolder {
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
        `${path} is no run folder: it has no config.json. Give a folder that "armgym train" made.`,
      );
    }
    const file = join(folder, "config.json");
    // another version's config may look different altogether, so this comes first
    const { version } = parseJson(file, z.looseObject({ version: z.string() }));
    if (!isReadableVersion(version)) {
      throw new UsageError(
        `${path} was made by armgym ${version}, this is ${VERSION}. Run "npx armgym@${version}" or train again.`,
      );
    }
    const config = parseJson(file, runConfigSchema);
    return new RunFolder(folder, config, modules);
  }

  /** Take the run for this process, until `unlock`; throws a UsageError where another one trains it. Clears what a killed process left. */
  lock(): void {
    this.held = lockRun(this.path);
    for (const part of ["", "checkpoints", "episodes"]) clearTemporaryFiles(join(this.path, part));
  }

  /** Let other processes train the run. */
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

  /** What the run was started with; how it is computed may have changed since. */
  get config(): RunConfig {
    return this.settled;
  }

  /** Write to config.json how the run is computed from now on, and the version that its next files are of. */
  updateConfig(changes: Partial<Pick<RunConfig, "engine" | "workers">> = {}): void {
    if (Object.keys(changes).length === 0 && this.settled.version === VERSION) return;
    this.settled = { ...this.settled, ...changes, version: VERSION };
    this.write("", "config.json", `${JSON.stringify(this.settled, null, 2)}\n`);
  }

  /** Save the state to resume from, beside the one before it; `isBest` says that its best policy is new. */
  async saveCheckpoint(state: TrainingState, isBest = false): Promise<void> {
    const bytes = await encodeState(state);
    this.requireOwnership();
    writeCheckpoint(this.ownFolder("checkpoints"), bytes, isBest);
  }

  /** Return whether a state of training was saved. */
  hasCheckpoint(): boolean {
    return hasCheckpoint(this.path);
  }

  /** Load the last state saved, for its best policy; `say` gets a line where that is not in the newest file. */
  async loadCheckpoint(say: (line: string) => void = sayOnStderr): Promise<TrainingState> {
    return readCheckpoint(this.path, "act", say);
  }

  /** Load the last state saved, to train on from; `say` gets a line where that is not in the newest file. */
  async loadStateToResume(say: (line: string) => void): Promise<TrainingState> {
    return readCheckpoint(this.path, "resume", say);
  }

  /** Write evaluation.json. */
  saveEvaluation(evaluation: object): void {
    this.write("", "evaluation.json", `${JSON.stringify(evaluation, null, 2)}\n`);
  }

  /** Write the best policy's model.safetensors and model.json; the latter has the hash of the former. */
  saveModel({ weights, description }: ModelFiles): void {
    this.write("", "model.safetensors", weights);
    this.write("", "model.json", description);
  }

  /** Write a recorded episode and return its file's name. */
  saveEpisode(name: string, bytes: Uint8Array): string {
    const safe = fileName(name);
    this.write("episodes", safe, bytes);
    return safe;
  }

  private write(part: string, name: string, data: string | Uint8Array): void {
    this.requireOwnership();
    atomicWrite(join(this.ownFolder(part), name), data, { makeFolder: false });
  }

  /** A folder of the run itself: a link would lead what is written to another place. */
  private ownFolder(part: string): string {
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
function fileName(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N}._+-]+/gu, "-")
    .replace(/^\.+/, "")
    .slice(0, 80);
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Return whether a folder is a run's. */
export function isRunFolder(path: string): boolean {
  return existsSync(join(path, "config.json")) && statSync(path).isDirectory();
}

function parseJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
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

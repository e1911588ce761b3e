// A run's folder: config, metrics, checkpoints, evaluation, episodes.
import { join } from "node:path";
import { z } from "zod";
import { ENGINE_NAMES } from "../compile/engines/engine.js";
import { UsageError } from "../math/usage-error.js";
import type { ModelFiles } from "../model/trained-model.js";
import { withPresentNames } from "../rl/ppo/renamed-settings.js";
import { SETTING_ORIGINS, type SettingOrigin } from "../rl/resolve-settings.js";
import type { TrainingState } from "../rl/training-state.js";
import { VERSION } from "../version.js";
import { encodeState, hasCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint-files.js";
import { keepMeshFiles } from "./mesh-files.js";
import {
  configText,
  createFolder,
  fileName,
  OwnedFolder,
  readJson,
  requireRunFolder,
} from "./owned-folder.js";

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

/** Folders in a run's folder. */
const PARTS = ["checkpoints", "episodes"];

/** A folder of one run on disk. */
export class RunFolder {
  /** Modules that the user named on the command line: code comes from there, never from the folder. */
  readonly modules: readonly string[];
  private readonly folder: OwnedFolder;
  private settled: RunConfig;

  private constructor(folder: OwnedFolder, config: RunConfig, modules: readonly string[]) {
    this.folder = folder;
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
    const words = [config.env, config.agent, String(config.seed)];
    const folder = createFolder(parent, words, { config, parts: PARTS, now });
    keepMeshFiles(config.resolved?.envConfig.robot, folder.path);
    return new RunFolder(folder, config, modules);
  }

  /** Open an existing folder; throws a UsageError where it is missing, half-written, of another version, or no policy's. */
  static open(path: string, modules: readonly string[] = []): RunFolder {
    const folder = requireRunFolder(path, "armgym train");
    const file = join(folder, "config.json");
    requirePolicy(path, readJson(file, z.looseObject({})));
    return new RunFolder(new OwnedFolder(folder), readJson(file, runConfigSchema), modules);
  }

  /** Absolute. */
  get path(): string {
    return this.folder.path;
  }

  /** Take the run for this process, until `unlock`; throws a UsageError where another one trains it. Clears what a killed process left. */
  lock(): void {
    this.folder.lock(PARTS);
  }

  /** Let other processes train the run. */
  unlock(): void {
    this.folder.unlock();
  }

  /** Throw a UsageError where the folder is no more, or another process has taken it: nothing may be written then. */
  requireOwnership(): void {
    this.folder.requireOwnership();
  }

  /** What the run was started with; how it is computed may have changed since. */
  get config(): RunConfig {
    return this.settled;
  }

  /** Write to config.json how the run is computed from now on, and the version that its next files are of. */
  updateConfig(changes: Partial<Pick<RunConfig, "engine" | "workers">> = {}): void {
    if (Object.keys(changes).length === 0 && this.settled.version === VERSION) return;
    this.settled = { ...this.settled, ...changes, version: VERSION };
    this.folder.write("", "config.json", configText(this.settled));
  }

  /** Save the state to resume from, beside the one before it; `isBest` says that its best policy is new. */
  async saveCheckpoint(state: TrainingState, isBest = false): Promise<void> {
    const bytes = await encodeState(state);
    this.requireOwnership();
    writeCheckpoint(this.folder.own("checkpoints"), bytes, isBest);
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
    this.folder.write("", "evaluation.json", configText(evaluation));
  }

  /** Write the best policy's model.safetensors and model.json; the latter has the hash of the former. */
  saveModel({ weights, description }: ModelFiles): void {
    this.folder.write("", "model.safetensors", weights);
    this.folder.write("", "model.json", description);
  }

  /** Write a recorded episode and return its file's name. */
  saveEpisode(name: string, bytes: Uint8Array): string {
    const safe = fileName(name);
    this.folder.write("episodes", safe, bytes);
    return safe;
  }
}

/** Throw a UsageError that says what the run is where it holds no policy. */
function requirePolicy(path: string, config: Readonly<Record<string, unknown>>): void {
  if (config.kind !== "fit") return;
  const { predictor, data } = config;
  throw new UsageError(
    `${path} holds a predictor, ${String(predictor)} fitted to ${String(data)}, and no policy that acts in an environment. ` +
      `Commands that take it: fit (which resumes it), eval, explain, attack, show, export, view. In a program open it with openFit().`,
  );
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

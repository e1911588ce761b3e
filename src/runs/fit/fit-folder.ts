// A fit's folder: config, metrics, checkpoints, the best model, what the test split showed.
import { join, resolve } from "node:path";
import { z } from "zod";
import type { FitState } from "../../learn/fit-state.js";
import { UsageError } from "../../math/usage-error.js";
import type { ParameterPart } from "../../model/model-tensors.js";
import type { ModelFiles } from "../../model/trained-model.js";
import { VERSION } from "../../version.js";
import { hasCheckpoint, readNewestState, writeCheckpoint } from "../checkpoint-files.js";
import { resumeFolderCommand } from "../command-names.js";
import { configText, createFolder, OwnedFolder, readJson, requireRunFolder } from "../owned-folder.js";
import { decodeFitState, encodeFitState } from "./fit-checkpoint.js";
import { type FitConfig, fitConfigSchema } from "./fit-config.js";

/** Folders in a fit's folder. */
const PARTS = ["checkpoints"];

/** A folder of one fit on disk. */
export class FitFolder {
  /** Modules that the user named: code comes from there, never from the folder. */
  readonly modules: readonly string[];
  private readonly folder: OwnedFolder;
  private settled: FitConfig;

  private constructor(folder: OwnedFolder, config: FitConfig, modules: readonly string[]) {
    this.folder = folder;
    this.settled = config;
    this.modules = modules;
  }

  /** Make a new folder below `parent`, named by data, predictor, seed and time. */
  static create(parent: string, config: FitConfig, modules: readonly string[], now = new Date()): FitFolder {
    const words = [config.dataset.provenance.name, config.predictor, String(config.seed)];
    return new FitFolder(createFolder(parent, words, { config, parts: PARTS, now }), config, modules);
  }

  /** Open an existing folder, whose data are now in `dataFolder`; throws a UsageError where it is missing, half-written, of another version, or a policy's. */
  static open(path: string, modules: readonly string[] = [], dataFolder?: string): FitFolder {
    const folder = requireRunFolder(path, "armgym fit");
    const file = join(folder, "config.json");
    requireFit(path, folder, readJson(file, z.looseObject({})));
    const config = readJson(file, fitConfigSchema) as FitConfig;
    const moved = dataFolder === undefined ? {} : { dataFolder: resolve(dataFolder) };
    return new FitFolder(new OwnedFolder(folder), { ...config, ...moved }, modules);
  }

  /** Absolute. */
  get path(): string {
    return this.folder.path;
  }

  /** What the fit was started with; the engine may have changed since, and the place of the data. */
  get config(): FitConfig {
    return this.settled;
  }

  /** Take the fit for this process, until `unlock`; throws a UsageError where another one has it. Clears what a killed process left. */
  lock(): void {
    this.folder.lock(PARTS);
  }

  /** Let other processes have it. */
  unlock(): void {
    this.folder.unlock();
  }

  /** Throw a UsageError where the folder is no more, or another process has taken it: nothing may be written then. */
  requireOwnership(): void {
    this.folder.requireOwnership();
  }

  /** Write to config.json what changed of how the fit is computed, and the version that its next files are of. */
  updateConfig(changes: Partial<Pick<FitConfig, "engine">>): void {
    if (Object.keys(changes).length === 0 && this.settled.version === VERSION) return;
    this.settled = { ...this.settled, ...changes, version: VERSION };
    this.folder.write("", "config.json", configText(this.settled));
  }

  /** Save the state to resume from, beside the one before it; `isBest` says that its best model is new. */
  async saveCheckpoint(state: FitState, parts: readonly ParameterPart[], isBest: boolean): Promise<void> {
    const bytes = await encodeFitState(state, parts);
    this.requireOwnership();
    writeCheckpoint(this.folder.own("checkpoints"), bytes, isBest);
  }

  /** Return whether a state was saved. */
  hasCheckpoint(): boolean {
    return hasCheckpoint(this.path);
  }

  /** Load the last state saved, to go on from, or for its best model; `say` gets a line where that is not in the newest file. */
  loadState(to: "resume" | "act", say: (line: string) => void): Promise<FitState> {
    return readNewestState(this.path, to, say, {
      decode: decodeFitState,
      at: ({ epoch }) => `epoch ${epoch}`,
    });
  }

  /** Write the best model's model.safetensors and model.json; the latter has the hash of the former. */
  saveModel({ weights, description }: ModelFiles): void {
    this.folder.write("", "model.safetensors", weights);
    this.folder.write("", "model.json", description);
  }

  /** Write a file of JSON in the folder itself. */
  saveJson(name: "validation.json" | "evaluation.json", data: object): void {
    this.folder.write("", name, configText(data));
  }
}

/** Throw a UsageError that says what the run is where it holds no predictor. */
function requireFit(path: string, folder: string, config: Readonly<Record<string, unknown>>): void {
  if (config.kind === "fit") return;
  const { env, agent } = config;
  throw new UsageError(
    `${path} holds a policy, ${String(agent)} trained on ${String(env)}, and no predictor that was fitted to data. ` +
      `Resume it with: ${resumeFolderCommand(folder)}. In a program open it with openRun().`,
  );
}

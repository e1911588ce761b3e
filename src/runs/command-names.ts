// Commands as a user types them.
import { isFoundAgain } from "./own-modules.js";
import type { RunConfig } from "./run-folder.js";

/** A run, as far as commands name it. */
interface NamedRun {
  readonly path: string;
  readonly config: Pick<RunConfig, "envModule" | "agentModule">;
  readonly modules: readonly string[];
}

/** A fit, as far as commands name it. */
interface NamedFit {
  readonly path: string;
  readonly config: { readonly predictorModule: string; readonly dataModule: string };
  readonly modules: readonly string[];
}

/** Write a command of armgym so that it can be copied into a shell. */
export function shellCommand(...words: readonly string[]): string {
  return ["npx", "armgym", ...words.map(quoted)].join(" ");
}

/** The command that records demonstrations into `file`. */
export function demoCommand(env: string, file: string, episodes?: number): string {
  const count = episodes === undefined ? [] : ["--episodes", String(episodes)];
  return shellCommand("demo", env, ...count, "--out", file);
}

/** The command that trains an image encoder into `file`. */
export function pretrainCommand(file: string): string {
  return shellCommand("pretrain", "PickPlace-v1", "--out", file);
}

/** The command that turns a robot description into a module. */
export function importCommand(file: string): string {
  return shellCommand("import", file, "--out", file.replace(/\.\w+$/, ".ts"));
}

/** The command that writes a run's settings into `file`. */
export function showCommand(file: string): string {
  return shellCommand("show", "RUN", "--settings", file);
}

/** The command that trains `env` with one option. */
export function trainCommand(env: string, option: "teacher" | "demos" | "settings", value: string): string {
  return shellCommand("train", env, `--${option}`, value);
}

/** The command that starts from the best policy of the run in `path`, by another learning rate. */
export function startFromCommand(env: string, path: string): string {
  return shellCommand("train", env, "--from", path, "--set", "learningRate=...");
}

/** The command that resumes a run; it names the module of an environment that is not found without. */
export function resumeCommand(run: NamedRun): string {
  return shellCommand("train", "--resume", run.path, ...moduleOptions(run));
}

/** The command that resumes the run in a folder, where nothing more is known of it. */
export function resumeFolderCommand(path: string): string {
  return shellCommand("train", "--resume", path);
}

/** The command that resumes a fit. */
export function fitResumeCommand(fit: NamedFit): string {
  return shellCommand("fit", "--resume", fit.path, ...fitModuleOptions(fit));
}

/** What a command needs besides a run's folder to find the run's environment. */
export function moduleOptions({ path, config, modules }: NamedRun): string[] {
  return optionsFor(path, [config.envModule, config.agentModule], modules);
}

/** What a command needs besides a fit's folder to find its predictor and its data. */
export function fitModuleOptions({ path, config, modules }: NamedFit): string[] {
  return optionsFor(path, [config.predictorModule, config.dataModule], modules);
}

function optionsFor(run: string, named: readonly string[], modules: readonly string[]): string[] {
  const isFound = named.every((module) => isFoundAgain({ module, run }));
  return isFound ? [] : modules.flatMap((module) => ["--env", module]);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

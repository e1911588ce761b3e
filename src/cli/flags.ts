// Flags that several commands have, and how their values are read.
import { Option } from "commander";
import { ENGINE_NAMES, requireEngineName } from "../compile/engines/engine.js";
import { OBSERVATION_MODES } from "../env/camera-observation.js";
import { parseSettings } from "../env/settings/merge-config.js";
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import { locateRobot } from "../runs/locate-robot.js";

/** Most episodes that a command plays. */
export const MOST_EPISODES = 1_000_000;

/** Return a parser of `--option`: a whole number from `least` to `most`; throws a UsageError at any other text. */
export function wholeNumber(option: string, least = 0, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    const isWhole = /^\d+$/.test(text);
    if (isWhole && value >= least && value <= most) return value;
    const isOpen = most === Number.MAX_SAFE_INTEGER && !(isWhole && value > most);
    const range = isOpen ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`--${option} is "${text}", expected a whole number ${range}.`);
  };
}

/** Parse `--port`. */
export const port = wholeNumber("port", 0, 65_535);

/** Parse the first of seeds that are counted up from it, so that each episode still has one of its own. */
export const firstSeed = wholeNumber("seed", 0, Number.MAX_SAFE_INTEGER - MOST_EPISODES);

/** Collect the values of a flag that may be given several times. */
export function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}

/** Make `--set <path=value>`; `what` says whose settings. */
export function setOption(what: string): Option {
  return new Option("--set <path=value>", `set ${what}; may be given several times`)
    .argParser(collect)
    .default([]);
}

/** Make `--engine <name>`. */
export function engineOption(): Option {
  return new Option("--engine <name>", `what runs the networks: ${ENGINE_NAMES.join(", ")}`)
    .argParser(requireEngineName)
    .default("native");
}

/** Make `--obs <mode>`. */
export function obsOption(): Option {
  return new Option("--obs <mode>", `what is observed: ${OBSERVATION_MODES.join(", ")}`).argParser(
    observationMode,
  );
}

function observationMode(name: string): string {
  if ((OBSERVATION_MODES as readonly string[]).includes(name)) return name;
  const known = OBSERVATION_MODES.join(", ");
  throw new UsageError(
    `--obs is "${name}", expected one of: ${known}. ${didYouMean(name, OBSERVATION_MODES)}`.trimEnd(),
  );
}

/** Make `--robot <name>`. */
export function robotOption(): Option {
  return new Option(
    "--robot <name>",
    "robot that does the task: ur5e, or a module that exports one: ./mine.ts",
  );
}

/** Make `--env <file>`: modules of the user's own. */
export function envOption(): Option {
  return new Option(
    "--env <file>",
    "where code of your own is that a run needs: ./my-env.ts, gym:my_envs:Mine-v0; may be given several times",
  )
    .argParser(collect)
    .default([], "those inside this folder are found by themselves");
}

/** Make `--python <program>`, which is what the variable PYTHON is otherwise. */
export function pythonOption(): Option {
  return new Option(
    "--python <program>",
    "Python that environments of Gymnasium run in, gym:...; default: the variable PYTHON, else python3",
  ).argParser((program: string) => {
    process.env.PYTHON = program;
    return program;
  });
}

/** Make `--data-folder <folder>`. */
export function dataFolderOption(): Option {
  return new Option(
    "--data-folder <folder>",
    "folder that files of known sets lie in; default: the variable ARMGYM_DATA, else data",
  );
}

/** Make `--json`. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON object and nothing else");
}

/** Make `--randomize`. */
export function randomizeOption(): Option {
  return new Option("--randomize", "randomise episodes by the preset; short for --set randomization=default");
}

/** Settings that flags stand for. */
export interface SettingFlags {
  readonly set?: readonly string[];
  readonly randomize?: boolean;
  readonly robot?: string;
  readonly obs?: string;
}

/** Return the overrides that `--set`, `--randomize`, `--robot` and `--obs` stand for; throws a UsageError where they do not go together. */
export async function overridesOf({
  set = [],
  randomize = false,
  robot,
  obs,
}: SettingFlags): Promise<Record<string, unknown>> {
  return {
    ...setAndRandomized(set, randomize),
    ...(robot === undefined ? {} : { robot: await locateRobot(robot) }),
    ...(obs === undefined ? {} : { observationMode: obs }),
  };
}

function setAndRandomized(set: readonly string[], randomize: boolean): Record<string, unknown> {
  const settings = parseSettings(set);
  if (!randomize) return settings;
  if (settings.randomization === undefined) return { ...settings, randomization: "default" };
  throw new UsageError(
    "--randomize stands for --set randomization=default and does not go with another --set randomization. Leave one out.",
  );
}

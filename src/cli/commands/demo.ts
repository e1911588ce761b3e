// armgym demo
import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import { experts } from "../../../agents/index.js";
import { demonstrationNoise, expertPolicy, type ScriptedExpert } from "../../../agents/scripted-expert.js";
import { DEMONSTRATION_SEED, recordDemonstration } from "../../episodes/demonstrate.js";
import { recordedPictures } from "../../episodes/recorded-pictures.js";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { writeRecordingTo } from "../../recording/mcap-write.js";
import { type EpisodeRecording, joinEpisodes, summarizeRecording } from "../../recording/recording.js";
import { atomicWriteParts } from "../../runs/atomic-write.js";
import { locateEnv } from "../../runs/packaged-modules.js";
import { interruptSignal } from "../end-signals.js";
import {
  firstSeed,
  jsonOption,
  MOST_EPISODES,
  obsOption,
  overridesOf,
  randomizeOption,
  robotOption,
  type SettingFlags,
  setOption,
  wholeNumber,
} from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { type DatasetTargets, prepareDatasets, writeDatasets } from "../write-datasets.js";

interface DemoOptions extends DatasetTargets {
  /** Solved episodes to record. */
  readonly episodes: number;
  /** File to write. */
  readonly out: string;
  /** Whether what the cameras saw is in the file, too. */
  readonly pictures?: boolean;
  /** Of the first episode; the others follow it. */
  readonly seed?: number;
  /** Standard deviation of the noise on what is executed; default: the expert's own for the robot. */
  readonly noise?: number;
  /** Overrides of the environment's config. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** What `armgym demo --json` prints. */
interface DemoOutcome extends DatasetTargets {
  readonly env: string;
  readonly expert: string;
  readonly episodes: number;
  readonly tried: number;
  readonly steps: number;
  readonly file: string;
  readonly bytes: number;
}

/** Tries per episode asked for, before the expert is held to be of no use. */
const MAX_TRIES = 5;

/** Define `armgym demo`. */
export function define(command: Command): void {
  command
    .argument("<env>", "id of an environment")
    .option("--episodes <n>", "solved episodes to record", wholeNumber("episodes", 1, MOST_EPISODES), 200)
    .requiredOption("--out <file>", "file to write, .mcap; episodes stand in it one after another")
    .option("--seed <n>", "seed of the first episode; default: none that evaluates", firstSeed)
    .option("--lerobot <folder>", "also write the episodes as a LeRobot v3 data set into this folder")
    .option("--robomimic <file>", "also write the episodes as robomimic's HDF5, file .hdf5; needs h5wasm")
    .option("--pictures", "also keep what the cameras saw in the .mcap, as PNG, for Foxglove and Rerun")
    .option(
      "--minari <folder>",
      "also write the episodes as a Minari data set; its name ends in -v0; needs h5wasm",
    )
    .option(
      "--noise <n>",
      "noise on what is executed, 0 to 1; learned from are the actions without it, and both are recorded; default: the expert's, mostly 0.2, on so101 0.06",
      share,
    )
    .addOption(robotOption())
    .addOption(randomizeOption())
    .addOption(setOption("an environment's setting"))
    .addOption(obsOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  armgym demo PickPlace-v1 --episodes 200 --out demos.mcap\n")
    .action(demoCommand);
}

function share(text: string): number {
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new UsageError(`--noise is "${text}", expected a number from 0 to 1.`);
}

/** Record demonstrations and say what was written; interrupted, it writes the whole ones. */
async function demoCommand(
  name: string,
  flags: Omit<DemoOptions, "overrides"> & SettingFlags & { readonly json?: boolean },
): Promise<void> {
  const options = { ...flags, overrides: await overridesOf(flags) };
  const progress = new ProgressLine(process.stderr);
  const { signal, release, exitCode } = interruptSignal(progress, "Keeping what is whole");
  let outcome: DemoOutcome | undefined;
  try {
    outcome = await writeDemonstrations(name, options, progress, signal);
  } finally {
    release();
  }
  if ((outcome?.episodes ?? 0) < options.episodes) process.exitCode = exitCode();
  if (!outcome) return;
  const { episodes, steps, tried, file, bytes } = outcome;
  const megabytes = (bytes / 2 ** 20).toFixed(1);
  printAnswer(
    options.json,
    outcome,
    `Wrote ${episodes} episodes, ${steps} steps (${megabytes} MB) to ${file}; ${tried} were tried.`,
  );
}

/**
 * Record episodes that the environment's expert solves, all into one file.
 *
 * Where `signal` is aborted the episodes so far are written, unless there is none, or a file that they would take the place of;
 * undefined is returned then.
 */
export async function writeDemonstrations(
  name: string,
  options: DemoOptions,
  progress: ProgressLine,
  signal?: AbortSignal,
): Promise<DemoOutcome | undefined> {
  const { episodes, out, lerobot, robomimic, minari, pictures, seed = DEMONSTRATION_SEED } = options;
  const targets = definedOf({ lerobot, robomimic, minari });
  if (!out.endsWith(".mcap")) {
    throw new UsageError(`--out ${out} does not end in .mcap. For example: --out demos.mcap`);
  }
  const hdf5 = await prepareDatasets(targets);
  const factory = (await locateEnv(name)).thing;
  const known: Readonly<Record<string, ScriptedExpert>> = experts;
  const expert = Object.hasOwn(known, factory.id) ? known[factory.id] : undefined;
  if (!expert) {
    throw new UsageError(
      `There is no scripted expert for ${factory.id}. There is one for: ${Object.keys(known).join(", ")}.`,
    );
  }
  const env = factory.create(options.overrides ?? {});
  if (pictures && !env.spec.image) {
    throw new UsageError(
      `--pictures is set, but ${factory.id} has no cameras in observation mode "state". Add --obs camera.`,
    );
  }
  const actor = expertPolicy(expert, env.spec);
  const { noise = demonstrationNoise(expert, env.spec) } = options;
  const kept: EpisodeRecording[] = [];
  let tried = 0;
  for (; kept.length < episodes && tried < MAX_TRIES * episodes && !signal?.aborted; tried++) {
    const recording = recordDemonstration(env, actor, seed + tried, { agent: expert.id, noise });
    if (summarizeRecording(recording).success) kept.push(recording);
    progress.show(`${factory.id} ${kept.length} of ${episodes} demonstrations, ${tried + 1} tried`, false);
    // signals are heard between two episodes
    await setImmediate();
  }
  progress.end();
  if (kept.length < episodes && signal?.aborted) {
    const isKept = kept.length > 0 && !existsSync(out);
    progress.say(
      `Interrupted after ${kept.length} of ${episodes} demonstrations${isKept ? "." : `: ${whyNot(out)}`}`,
    );
    if (!isKept) return undefined;
  } else if (kept.length < episodes) {
    throw new UsageError(
      `${expert.id} solved ${kept.length} of ${tried} episodes of ${factory.id}; ${episodes} were requested. Lower --noise.`,
    );
  }
  const joined = joinEpisodes(kept);
  // each from its own recording: sizes and looks differ from episode to episode
  const picturesOf = (episode: number) => recordedPictures(kept[episode]!);
  const bytes = await atomicWriteParts(out, (write) =>
    writeRecordingTo(joined, write, pictures ? picturesOf : undefined),
  );
  writeDatasets(targets, { factory, env, episodes: kept }, hdf5);
  const steps = kept.reduce((sum, { frames }) => sum + frames.length - 1, 0);
  return {
    env: factory.id,
    expert: expert.id,
    episodes: kept.length,
    tried,
    steps,
    file: out,
    bytes,
    ...targets,
  };
}

/** Say why an interruption writes nothing to `out`. */
function whyNot(out: string): string {
  return existsSync(out) ? `${out} stays as it was before.` : `nothing was written to ${out}.`;
}

function definedOf(
  targets: {
    readonly [Name in keyof DatasetTargets]: string | undefined;
  },
): DatasetTargets {
  return Object.fromEntries(Object.entries(targets).filter(([, path]) => path !== undefined));
}

// armgym pretrain

import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import type { EngineName } from "../../compile/engines/engine.js";
import { ProgressLine, progressBar, timeLeft } from "../../log/progress-line.js";
import { createEncoder, type EncoderOutcome } from "../../runs/create-encoder.js";
import { endingAtOnce } from "../end-signals.js";
import { watchEventLoop } from "../event-loop-watch.js";
import {
  engineOption,
  jsonOption,
  overridesOf,
  robotOption,
  type SettingFlags,
  setOption,
  wholeNumber,
} from "../flags.js";
import { printAnswer } from "../print-answer.js";

/** Where there is no terminal, progress is printed so often, ms. */
const SHOWN_EVERY = 30_000;

interface PretrainArguments {
  readonly scenes: number;
  readonly out: string;
  readonly agent: string;
  readonly seed: number;
  readonly engine: EngineName;
  readonly json?: boolean;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Define `armgym pretrain`. */
export function define(command: Command): void {
  command
    .argument("<env>", "id of an environment, or a module that exports one: ./my-env.ts")
    .option(
      "--scenes <n>",
      "scenes to learn from; none is played",
      wholeNumber("scenes", 1, 10_000_000),
      40_000,
    )
    .requiredOption("--out <file>", "file to write, for example eyes.encoder")
    .option("--agent <id>", "agent whose encoder it is", "ppo-cnn-lstm")
    .option("--seed <n>", "seed of everything random", wholeNumber("seed"), 1)
    .addOption(engineOption())
    .addOption(setOption("an environment's setting, or encoder"))
    .addOption(robotOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym pretrain PickPlace-v1 --out eyes.encoder\n" +
        "  armgym train PickPlace-v1 --agent ppo-cnn-lstm --obs camera --encoder eyes.encoder\n",
    )
    .action(pretrainCommand);
}

/**
 * Train the image encoder of an agent on scenes of an environment, write it, and print how well it finds things.
 *
 * Interrupted, it writes nothing: until the learning rate has fallen there is no encoder worth having.
 */
async function pretrainCommand(
  name: string,
  flags: Omit<PretrainArguments, "overrides"> & SettingFlags,
): Promise<void> {
  const options = { ...flags, overrides: await overridesOf(flags) };
  const progress = new ProgressLine(process.stderr);
  const watch = watchEventLoop(name);
  const { scenes, out, agent, seed, engine, overrides } = options;
  const onProgress = showProgress(name, scenes, progress);
  const train = () => createEncoder({ env: name, scenes, out, agent, seed, engine, overrides, onProgress });
  let outcome: EncoderOutcome;
  try {
    outcome = await endingAtOnce(progress, () => `${options.out} was not written.`, train);
  } finally {
    await watch.stop();
  }
  progress.end();
  printAnswer(options.json, outcome, describe(outcome));
}

function showProgress(env: string, scenes: number, progress: ProgressLine) {
  const begin = performance.now();
  let shown = begin;
  return async (share: number): Promise<void> => {
    const now = performance.now();
    const isShown = share === 1 || now - shown > SHOWN_EVERY;
    if (isShown) shown = now;
    const left = share < 1 ? `  ${timeLeft(((1 / share - 1) * (now - begin)) / 60_000)}` : "";
    progress.show(`${env} ${progressBar(share)} ${Math.round(share * scenes)} scenes${left}`, isShown);
    // signals are heard between two updates, whatever the engine
    await setImmediate();
  };
}

function describe({ scenes, seconds, secondsPerThousand, heldOut, errors, file }: EncoderOutcome): string {
  const millimetres = (metres: number) => `${(1000 * metres).toFixed(1)} mm`;
  return [
    `Wrote ${file}: ${scenes} scenes in ${seconds.toFixed(1)} s, ${secondsPerThousand.toFixed(2)} s per thousand.`,
    `Error on ${heldOut} scenes it never saw (and of a guess that is always the mean):`,
    ...errors.map(({ what, error, spread }) => `  ${what}: ${millimetres(error)} (${millimetres(spread)})`),
  ].join("\n");
}

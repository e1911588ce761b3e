// armgym pretrain

import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import type { EngineName } from "../../compile/engines/engine.js";
import { ProgressLine, progressBar, timeLeft } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { type PretrainingError, pretrainEncoder } from "../../rl/pretraining/encoder-pretraining.js";
import { resolveSettings } from "../../rl/resolve-settings.js";
import { writeEncoder } from "../../runs/encoder-file.js";
import { locateAgent, locateEnv } from "../../runs/packaged-modules.js";
import { sortOverrides } from "../../runs/settings/sort-overrides.js";
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

/** Where there is no terminal, progress is told so often, ms. */
const TOLD_EVERY = 30_000;

interface PretrainArguments {
  readonly scenes: number;
  readonly out: string;
  readonly agent: string;
  readonly seed: number;
  readonly engine: EngineName;
  readonly json?: boolean;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** What was made, and how well it sees. */
interface PretrainOutcome {
  readonly env: string;
  readonly encoder: string;
  readonly scenes: number;
  readonly seconds: number;
  readonly secondsPerThousand: number;
  readonly heldOut: number;
  readonly errors: readonly PretrainingError[];
  readonly file: string;
}

/** Define `armgym pretrain`. */
export function define(command: Command): void {
  command
    .argument("<env>", "id of an environment, or a module that exports one: ./my-env.ts")
    .option(
      "--scenes <n>",
      "scenes to learn from; none is lived through",
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
 * Train the image encoder of an agent on scenes of an environment, write it, and tell how well it sees.
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
  const train = () => writePretrainedEncoder(name, options, progress);
  let outcome: PretrainOutcome;
  try {
    outcome = await endingAtOnce(progress, () => `${options.out} was not written.`, train);
  } finally {
    await watch.stop();
  }
  printAnswer(options.json, outcome, describe(outcome));
}

/** Train the image encoder of an agent on scenes of an environment, and write it to `out`. */
export async function writePretrainedEncoder(
  name: string,
  options: PretrainArguments,
  progress: ProgressLine,
): Promise<PretrainOutcome> {
  const { scenes, out, seed, engine } = options;
  const env = (await locateEnv(name)).thing;
  const agent = (await locateAgent(options.agent)).thing;
  if (!agent.readsImages)
    throw new UsageError(
      `Agent "${agent.id}" sees no images: it has no encoder to train. Leave --agent out.`,
    );
  const [settings, envConfig] = sortOverrides(
    options.overrides,
    { name: agent.id, keys: ["encoder"] },
    { name: env.id, keys: Object.keys(env.defaults) },
  );
  const { encoder: kind = "patch" } = resolveSettings(agent, env.id, settings);
  const begin = performance.now();
  let told = begin;
  const { encoder, heldOut, errors } = await pretrainEncoder({
    env,
    envConfig,
    encoder: kind,
    scenes,
    seed,
    engine,
    onProgress: async (share) => {
      const now = performance.now();
      const isTold = share === 1 || now - told > TOLD_EVERY;
      if (isTold) told = now;
      const left = share < 1 ? `  ${timeLeft(((1 / share - 1) * (now - begin)) / 60_000)}` : "";
      progress.show(`${env.id} ${progressBar(share)} ${Math.round(share * scenes)} scenes${left}`, isTold);
      // signals are heard between two updates, whatever the engine
      await setImmediate();
    },
  });
  progress.end();
  const seconds = (performance.now() - begin) / 1000;
  await writeEncoder(out, encoder);
  return {
    env: env.id,
    encoder: encoder.kind,
    scenes,
    seconds,
    secondsPerThousand: (1000 * seconds) / scenes,
    heldOut,
    errors,
    file: out,
  };
}

function describe({ scenes, seconds, secondsPerThousand, heldOut, errors, file }: PretrainOutcome): string {
  const millimetres = (metres: number) => `${(1000 * metres).toFixed(1)} mm`;
  return [
    `Wrote ${file}: ${scenes} scenes in ${seconds.toFixed(1)} s, ${secondsPerThousand.toFixed(2)} s per thousand.`,
    `Error on ${heldOut} scenes it never saw (and of a guess that is always the mean):`,
    ...errors.map(({ what, error, spread }) => `  ${what}: ${millimetres(error)} (${millimetres(spread)})`),
  ].join("\n");
}

// armgym eval
import type { Command } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import { TEST_EPISODES } from "../../rl/evaluation-seeds.js";
import { runKind } from "../../runs/owned-folder.js";
import { openRun } from "../../runs/run.js";
import type { TrainingOutcome } from "../../runs/training-outcome.js";
import { interruptSignal } from "../end-signals.js";
import { watchEventLoop } from "../event-loop-watch.js";
import { evaluateFitCommand, requireFitFlags } from "../fit-verbs.js";
import {
  dataFolderOption,
  envOption,
  firstSeed,
  jsonOption,
  MOST_EPISODES,
  overridesOf,
  pythonOption,
  randomizeOption,
  type SettingFlags,
  setOption,
  wholeNumber,
} from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { describeOutcome } from "./train.js";

interface EvalFlags extends SettingFlags {
  readonly episodes: number;
  readonly seed?: number;
  readonly env: readonly string[];
  readonly currentDefaults?: boolean;
  readonly again?: boolean;
  readonly dataFolder?: string;
  readonly json?: boolean;
}

/** Define `armgym eval`. */
export function define(command: Command): void {
  command
    .argument("<run>", "folder of a run")
    .option("--episodes <n>", "number of episodes", wholeNumber("episodes", 1, MOST_EPISODES), TEST_EPISODES)
    .option("--seed <n>", "seed of the first episode; default: the held-out seeds", firstSeed)
    .addOption(envOption())
    .addOption(pythonOption())
    .addOption(randomizeOption())
    .addOption(setOption("an environment's setting other than it was trained with"))
    .option("--current-defaults", "take the environment's defaults of today where they differ from the run's")
    .option("--again", "of a fit: open its test split once more, which is recorded, too")
    .addOption(dataFolderOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym eval runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --episodes 500\n" +
        "  armgym eval runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --randomize\n" +
        "  armgym eval runs/digits__classifier-cnn__1__20260102-030405\n",
    )
    .action(async (path: string, flags: EvalFlags) => {
      if (runKind(path) !== "fit") return evalCommand(path, flags);
      requireFitFlags(command, path, ["env", "again", "dataFolder", "json"]);
      await evaluateFitCommand(path, flags);
    });
}

/**
 * Evaluate a run's best policy, print the outcome and, where no setting is overridden, keep it in evaluation.json.
 *
 * Interrupted, it prints the statistics of the episodes played so far, and writes nothing.
 */
async function evalCommand(path: string, { env: modules, ...flags }: EvalFlags): Promise<void> {
  const options = { ...flags, overrides: await overridesOf(flags) };
  const progress = new ProgressLine(process.stderr);
  const run = await openRun(path, { modules, say: (line) => progress.say(line) });
  const { signal, release, exitCode } = interruptSignal(progress, "Ending after the episodes under way");
  const watch = watchEventLoop(run.config.env);
  let outcome: TrainingOutcome;
  try {
    outcome = await run.evaluate({
      episodes: options.episodes,
      envConfig: options.overrides,
      currentDefaults: options.currentDefaults ?? false,
      signal,
      ...(options.seed === undefined ? {} : { firstSeed: options.seed }),
    });
  } finally {
    release();
    await watch.stop();
  }
  const played = outcome.episodes + outcome.dropped;
  const isInterrupted = played < options.episodes;
  if (isInterrupted) {
    process.exitCode = exitCode();
    progress.say(
      `Interrupted after ${played} of ${options.episodes} episodes; evaluation.json is as it was before.`,
    );
    if (played === 0) return;
  }
  // first: where the run cannot be written, the figures are not lost
  printAnswer(options.json, outcome, describeOutcome(outcome));
  // the run's own evaluation is of the environment that it was trained for
  if (!isInterrupted && !options.currentDefaults && Object.keys(options.overrides).length === 0)
    run.saveEvaluation(outcome, options.seed);
}

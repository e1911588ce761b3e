// armgym explain
import type { Command } from "commander";
import { EXPLAIN_METHODS, type ExplainMethod } from "../../explain/explain-rows.js";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { type ExplainOutcome, explainRun } from "../../runs/explain-run.js";
import { endingAtOnce } from "../end-signals.js";
import { dataFolderOption, envOption, jsonOption, pythonOption, wholeNumber } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface ExplainFlags {
  readonly method?: readonly string[];
  readonly rows?: number;
  readonly row?: readonly number[];
  readonly class?: string;
  readonly out?: string;
  readonly seed: number;
  readonly env: readonly string[];
  readonly dataFolder?: string;
  readonly json?: boolean;
}

/** Define `armgym explain`. */
export function define(command: Command): void {
  command
    .argument("<run>", "folder of a run, a policy's or a fit's")
    .option(
      "--method <names>",
      `ways to explain, with commas between: ${EXPLAIN_METHODS.join(", ")}; default: those that fit the model`,
      (text) => text.split(","),
    )
    .option("--rows <n>", "how many rows, at most 256; default: 8", wholeNumber("rows", 1, 256))
    .option(
      "--row <numbers>",
      "which rows of the validation split, or steps of the episode: 3,14,15",
      rowNumbers,
    )
    .option(
      "--class <name>",
      "what is explained: predicted, true or a class; of a policy an entry of its action, or value; default: predicted",
    )
    .option("--out <folder>", "folder that is written; default: explain in the run's")
    .option("--seed <n>", "seed of noise, masks and untrained weights", wholeNumber("seed"), 0)
    .addOption(envOption())
    .addOption(pythonOption())
    .addOption(dataFolderOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action(explainCommand);
}

const EXAMPLES = `
Maps say which pixels, steps or entries speak for an output (orange) and against it (blue). Whether to believe them:
  integrated  shares that sum up to the output; its completeness error is what they leave open
  deletion    the output while what counts most is covered first: it should fall fast, a small area
  insertion   the output while it is shown first: it should rise fast, a large area
  correlation with maps of untrained weights: near 1, the method draws the picture and not what was learned
Rows are of the validation split; the test split stays closed. A policy is explained on steps of an episode.

Example:
  armgym explain runs/digits__classifier-cnn__1__20260102-030405
  armgym explain runs/digits__classifier-cnn__1__20260102-030405 --method integrated,grad-cam --row 3,14 --class true
  armgym explain runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --method integrated --class value
`;

async function explainCommand(
  run: string,
  { env: modules, json, method, ...flags }: ExplainFlags,
): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const say = (line: string) => progress.say(line);
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const outcome = await endingAtOnce(
    progress,
    () => "nothing was written.",
    // what is no method is refused there
    () =>
      explainRun(run, { ...given, modules, say, ...(method ? { method: method as ExplainMethod[] } : {}) }),
  );
  printAnswer(json, outcome, describe(outcome));
}

function describe({ methods, rows, folder, files, skipped }: ExplainOutcome): string {
  const lines = Object.entries(methods).map(([method, quality]) => {
    const { completeness, deletion, insertion, randomization, pointing, energy, area } = quality;
    const open = completeness
      ? `, completeness error ${percent(completeness.median)} (worst ${percent(completeness.worst)})`
      : "";
    const found =
      pointing === undefined
        ? ""
        : `, points inside the mask ${percent(pointing)}, energy ${percent(energy!)} of ${percent(area!)} area`;
    return `  ${method.padEnd(10)} deletion ${deletion.toFixed(3)}, insertion ${insertion.toFixed(3)}, untrained ${randomization.toFixed(2)}${open}${found}`;
  });
  return [
    `Explained ${rows.length} rows by ${Object.keys(methods).length} methods.`,
    ...lines,
    ...skipped.map(({ method, reason }) => `  ${method}: left out, because ${reason}`),
    `Wrote ${files.join(", ")} to ${folder}.`,
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function rowNumbers(text: string): readonly number[] {
  const numbers = text.split(",").map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw new UsageError(`--row takes whole numbers with commas between, for example 3,14; got "${text}".`);
}

// What eval, show and export do with a fit's folder.
import type { Command } from "commander";
import { ProgressLine } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import { metricText, shownMetric } from "../recording/fit-validation.js";
import { atomicWrite } from "../runs/atomic-write.js";
import { fitModuleOptions, shellCommand } from "../runs/command-names.js";
import type { FitEvaluation } from "../runs/fit/fit-evaluation.js";
import { type FitRun, openFit } from "../runs/fit/fit-run.js";
import { endingAtOnce, interruptSignal } from "./end-signals.js";
import { printAnswer } from "./print-answer.js";

/** Flags that these verbs share. */
interface SharedFlags {
  readonly env: readonly string[];
  readonly dataFolder?: string;
  readonly json?: boolean;
}

/** Throw a UsageError where an option was given that a fit's folder has no use for; `allowed` are by their names in code. */
export function requireFitFlags(command: Command, path: string, allowed: readonly string[]): void {
  const given = command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === "cli",
  );
  const other = given.find((option) => !allowed.includes(option.attributeName()));
  if (!other) return;
  throw new UsageError(
    `${other.long} is of a policy's run; ${path} holds a predictor that was fitted to data. Leave it out.`,
  );
}

/** `armgym eval FITRUN`: open the test split, once. */
export async function evaluateFitCommand(
  path: string,
  { env: modules, dataFolder, again = false, json }: SharedFlags & { readonly again?: boolean },
): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const say = (line: string) => progress.say(line);
  const fit = await openFit(path, { modules, say, ...(dataFolder === undefined ? {} : { dataFolder }) });
  const { signal, release, exitCode } = interruptSignal(progress, "Ending");
  let evaluation: FitEvaluation | undefined;
  try {
    evaluation = await fit.evaluate({ again, signal, say });
  } finally {
    release();
  }
  if (!evaluation) {
    say("Interrupted. That the test split was opened stands in evaluation.json, without figures.");
    process.exitCode = exitCode();
    return;
  }
  if (!evaluation.isNew) say(openedBefore(fit, evaluation));
  printAnswer(json, evaluation, describeEvaluation(evaluation));
}

function openedBefore(fit: FitRun, { date, openings, run }: FitEvaluation): string {
  const again = shellCommand("eval", run, ...fitModuleOptions(fit), "--again");
  const times = openings === 1 ? "" : ` (${openings} times so far)`;
  return `The test split of this run was opened on ${date}${times}: these are the figures recorded then. Measure once more, which is recorded, too: ${again}`;
}

function describeEvaluation(evaluation: FitEvaluation): string {
  const { predictor, data, epoch, date, figures, run, openings } = evaluation;
  const [name, value] = shownMetric(figures.metrics);
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const interval =
    name === "accuracy" && figures.accuracyInterval
      ? ` (95 % interval ${figures.accuracyInterval.map(percent).join(" to ")})`
      : "";
  const others = Object.entries(figures.metrics).filter(([other]) => other !== name);
  return [
    `${predictor} on ${data}: test ${name} ${metricText(name, value)} of ${figures.rows} rows${interval}`,
    ...others.map(([other, one]) => `  ${other} ${metricText(other, one)}`),
    `  model of epoch ${epoch}, test split opened on ${date}${openings > 1 ? `, ${openings} times in all` : ""}`,
    `  ${run}`,
  ].join("\n");
}

/** `armgym show FITRUN`: its settings, data and origins. */
export async function showFitCommand(
  path: string,
  { env: modules, settings: file, json }: SharedFlags & { readonly settings?: string },
): Promise<void> {
  const fit = await openFit(path, { modules });
  const { yaml, data, rows } = await fit.settings();
  if (file !== undefined) {
    const text = /\.json$/i.test(file) ? `${JSON.stringify(data, null, 2)}\n` : yaml;
    atomicWrite(file, text, { option: "settings" });
  }
  const { dataset } = fit.config;
  const answer = {
    run: fit.path,
    ...data,
    ...rows,
    dataset,
    openings: fit.openings(),
    ...(file === undefined ? {} : { file }),
  };
  const text = file === undefined ? yaml : `Wrote ${file}. Fit by it: armgym fit --settings ${file}`;
  printAnswer(json, answer, text);
}

/** `armgym export FITRUN`: its best model as ONNX. */
export async function exportFitCommand(
  path: string,
  { env: modules, out, json }: SharedFlags & { readonly out: string },
): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const fit = await openFit(path, { modules, say: (line) => progress.say(line) });
  const outcome = await endingAtOnce(
    progress,
    () => `nothing was written to ${out}.`,
    () => fit.export(out),
  );
  const { files, folder, vectors, difference } = outcome;
  const text = [
    `Wrote ${files.join(", ")} to ${folder}.`,
    `Checked ${vectors} rows by onnxruntime: differs from the fitted model by at most ${difference.toExponential(1)}.`,
  ].join("\n");
  printAnswer(json, outcome, text);
}

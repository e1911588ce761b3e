// armgym fit
import { dirname } from "node:path";
import type { Command } from "commander";
import type { EngineName } from "../../compile/engines/engine.js";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { metricText, shownMetric } from "../../recording/fit-validation.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { fitModuleOptions, fitResumeCommand, shellCommand } from "../../runs/command-names.js";
import type { FitOutcome } from "../../runs/fit/fit-outcome.js";
import { createFit, type FitRun, openFit } from "../../runs/fit/fit-run.js";
import { endSignal, interruptSignal } from "../end-signals.js";
import {
  dataFolderOption,
  engineOption,
  envOption,
  overridesOf,
  port,
  setOption,
  wholeNumber,
} from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { startViewServer } from "../view/view-server.js";

interface FitFlags {
  readonly data?: string;
  readonly dataFolder?: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly engine: EngineName;
  readonly set: readonly string[];
  readonly settings?: string;
  readonly out: string;
  readonly resume?: string;
  readonly env: readonly string[];
  readonly view?: boolean;
  readonly port?: number;
  readonly json?: boolean;
}

/** Define `armgym fit`. */
export function define(command: Command): void {
  command
    .argument("[predictor]", "id of a predictor (classifier-cnn), or a module that exports one: ./mine.ts")
    .option(
      "--data <data>",
      "what it learns from: the id of a known set, a folder of a folder of PNGs per class, a .csv or .txt file, or a module that exports a source; default: the predictor's",
    )
    .addOption(dataFolderOption())
    .option("--seed <n>", "seed of everything random but the parts of the data", wholeNumber("seed"), 1)
    .option(
      "--epochs <n>",
      "passes over the rows, at most; short for --set epochs=n",
      wholeNumber("epochs", 1),
    )
    .addOption(setOption("a predictor's or data's setting"))
    .option(
      "--settings <file>",
      "fit by this file, YAML or JSON, as armgym show writes it; other options go above it",
    )
    .addOption(engineOption())
    .option("--out <folder>", "folder that runs are made in", "runs")
    .option("--resume <run>", "resume an interrupted fit, to the same bits")
    .addOption(envOption())
    .option("--view", "show curves, confusion and the worst examples live in the browser")
    .option("--port <n>", "port of the viewer; default: any free one", port)
    .option("--json", "print one JSON object at the end and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (predictor: string | undefined, flags: FitFlags) => {
      const given = command.options
        .map((option) => option.attributeName())
        .filter((name) => command.getOptionValueSource(name) === "cli");
      await fitCommand(predictor, flags, given);
    });
}

const EXAMPLES = `
The model is chosen by the validation rows alone. "armgym eval" opens the test rows, once, and records it.

Example:
  armgym fit classifier-cnn --view
  armgym fit classifier-cnn --data mnist --data-folder data --seed 3
  armgym fit classifier-cnn --set batchSize=128 --set schedule=cosine --set patience=2
  armgym fit classifier-cnn --data parts/ --set size=64
  armgym fit ./my-predictor.ts --data ./my-data.ts
  armgym fit --resume runs/digits__classifier-cnn__1__20260102-030405
  armgym eval runs/digits__classifier-cnn__1__20260102-030405
`;

/** Fit, show progress on stderr, and print the outcome. */
async function fitCommand(
  predictor: string | undefined,
  flags: FitFlags,
  given: readonly string[],
): Promise<void> {
  if (predictor === undefined && flags.resume === undefined && flags.settings === undefined)
    throw new UsageError(
      'Which predictor? For example "armgym fit classifier-cnn"; "armgym list" shows all.',
    );
  const progress = new ProgressLine(process.stderr);
  const say = (line: string) => progress.say(line);
  const old =
    flags.resume === undefined
      ? undefined
      : await openToResume(flags.resume, predictor, { flags, given, say });
  const { signal, release, interrupt, exitCode } = interruptSignal(progress);
  const server = flags.view
    ? await startViewServer({
        runs: old ? dirname(old.path) : flags.out,
        stop: () => !signal.aborted && interrupt(),
        say,
        ...(flags.port === undefined ? {} : { port: flags.port }),
      })
    : undefined;
  if (server) say(`Viewer: ${server.address}`);
  const onEvent = (event: LiveEvent) => server?.broadcast(event);
  let fit: FitRun;
  let outcome: FitOutcome | undefined;
  try {
    fit = old ?? (await createFit({ ...(await requestOf(predictor, flags, given)), say }));
    onEvent({ type: "training", run: fit.path });
    const watched = { progress, signal, onEvent };
    const engine = given.includes("engine") ? { engine: flags.engine } : {};
    outcome = old ? await old.resume({ ...watched, ...engine }) : await fit.train(watched);
    if (!outcome)
      onEvent({ type: "status", text: `Stopped and saved. Resume with: ${fitResumeCommand(fit)}` });
    onEvent({ type: "training", run: null });
  } finally {
    release();
    if (!outcome) await server?.close();
  }
  if (!outcome) {
    say(`Saved. Resume with: ${fitResumeCommand(fit)}`);
    process.exitCode = exitCode();
    return;
  }
  printAnswer(flags.json, outcome, describeFit(outcome));
  if (!flags.json) {
    const words = (verb: string, ...more: string[]) =>
      shellCommand(verb, fit.path, ...fitModuleOptions(fit), ...more);
    say(`Next: ${[words("eval"), words("export", "--out", "predictor")].join("\n      ")}`);
  }
  if (!server) return;
  // before it is said: the answer may come at once
  const ended = endSignal();
  say(`The viewer stays at ${server.address} until Ctrl-C.`);
  await ended;
  await server.close();
}

async function requestOf(predictor: string | undefined, flags: FitFlags, given: readonly string[]) {
  const { data, dataFolder, seed, engine, settings: settingsFile, out, env: modules, epochs, set } = flags;
  // a default of the command line does not go above a settings file
  const asked = Object.entries({ seed, engine }).filter(([name]) => given.includes(name));
  const named = Object.entries({ predictor, data, dataFolder, settingsFile });
  return {
    ...Object.fromEntries(named.filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(asked),
    ...{ out, modules },
    overrides: await overridesOf({ set }),
    ...(epochs === undefined ? {} : { settings: { epochs } }),
  };
}

/** What decides the result belongs to the fit; only how it is computed and shown, and where the data lie, may change on the way. */
const CHANGEABLE = ["resume", "env", "engine", "dataFolder", "view", "port", "json"];

interface Resuming {
  readonly flags: FitFlags;
  readonly given: readonly string[];
  readonly say: (line: string) => void;
}

async function openToResume(
  path: string,
  predictor: string | undefined,
  { flags, given, say }: Resuming,
): Promise<FitRun> {
  const { env: modules, dataFolder } = flags;
  const fit = await openFit(path, { modules, say, ...(dataFolder === undefined ? {} : { dataFolder }) });
  if (predictor !== undefined && predictor !== fit.config.predictor)
    throw new UsageError(
      `${path} fits ${fit.config.predictor}, not ${predictor}. Leave the predictor out with --resume.`,
    );
  const fixed = given.find((name) => !CHANGEABLE.includes(name));
  if (fixed === undefined) return fit;
  throw new UsageError(
    `--${fixed} cannot change when a fit is resumed: ${path} keeps what it was started with. ` +
      "Leave it out, or start a new fit without --resume. (--engine and --data-folder may change.)",
  );
}

/** Describe the outcome of a fit in three lines. */
function describeFit(outcome: FitOutcome): string {
  const { predictor, data, validation, validationRows, bestEpoch, epochs, updates, minutes, run } = outcome;
  const [name, value] = shownMetric(validation);
  const loss = name === "loss" ? "" : `, loss ${metricText("loss", validation.loss ?? Number.NaN)}`;
  return [
    `${predictor} on ${data}: validation ${name} ${metricText(name, value)}${loss} (${validationRows} rows, epoch ${bestEpoch})`,
    `  ${epochs} epochs, ${updates} minibatches in ${(60 * minutes).toFixed(1)} s`,
    `  ${run}`,
  ].join("\n");
}

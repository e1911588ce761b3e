// armgym train

import { dirname } from "node:path";
import type { Command } from "commander";
import type { EngineName } from "../../compile/engines/engine.js";
import { isGymnasiumName } from "../../gymnasium/gymnasium-id.js";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { describeUnvaried } from "../../rl/observation-floor.js";
import { moduleOptions, resumeCommand, shellCommand } from "../../runs/command-names.js";
import { DEFAULT_WORKERS, MOST_WORKERS } from "../../runs/compute-options.js";
import { createRun } from "../../runs/create-run.js";
import { isModulePath, namesOwnCode } from "../../runs/packaged-modules.js";
import { openRun, type Run, type RunTrainOptions } from "../../runs/run.js";
import type { TrainingOutcome } from "../../runs/training-outcome.js";
import type { CreateRunOptions } from "../../runs/training-request.js";
import { endSignal, interruptSignal } from "../end-signals.js";
import {
  engineOption,
  envOption,
  obsOption,
  overridesOf,
  port,
  pythonOption,
  randomizeOption,
  robotOption,
  type SettingFlags,
  setOption,
  wholeNumber,
} from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { startViewServer } from "../view/view-server.js";

interface TrainArguments {
  readonly agent?: string;
  readonly seed?: number;
  /** A settings file. */
  readonly settings?: string;
  readonly steps?: number;
  readonly workers: number;
  readonly engine?: EngineName;
  readonly out: string;
  readonly resume?: string;
  readonly demos?: string;
  readonly teacher?: string;
  readonly from?: string;
  readonly encoder?: string;
  /** Modules of the user's own to find the environments of runs in. */
  readonly modules: readonly string[];
  readonly view?: boolean;
  readonly port?: number;
  readonly json?: boolean;
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Names of the options that were given, as opposed to left at their defaults. */
  readonly given: readonly string[];
}

type TrainFlags = Omit<TrainArguments, "overrides" | "given" | "modules"> &
  SettingFlags & { readonly env: readonly string[] };

/** Define `armgym train`. */
export function define(command: Command): void {
  command
    .argument(
      "[env]",
      "id of an environment, a module that exports one (./my-env.ts), or one of Gymnasium's (gym:Reacher-v5)",
    )
    .option("--agent <id>", "agent to train, or a module that exports one: ./my-agent.ts", "ppo-mlp")
    .option("--seed <n>", "seed of everything random", wholeNumber("seed"), 1)
    .option(
      "--settings <file>",
      "train by this file, YAML or JSON, as armgym show writes it; other options go above it",
    )
    .option(
      "--steps <n>",
      "environment steps; default: the agent's for this environment",
      wholeNumber("steps", 1),
    )
    .option(
      "--workers <n>",
      "worker threads; the result does not depend on it",
      wholeNumber("workers", 1, MOST_WORKERS),
      DEFAULT_WORKERS,
    )
    .addOption(engineOption())
    .option("--out <folder>", "folder that runs are made in", "runs")
    .option("--resume <run>", "resume an interrupted run")
    .addOption(envOption())
    .option(
      "--demos <path>",
      "start as a clone of demonstrations: a file of armgym demo, a LeRobot v3 data set (folder), or robomimic's .hdf5",
    )
    .option("--from <run>", "fine-tune the best policy of an earlier run of the same agent by PPO")
    .option("--encoder <file>", "start with this image encoder, made by armgym pretrain")
    .option(
      "--teacher <who>",
      "imitate instead of learning from rewards: expert (the scripted one), or a run trained on the state",
    )
    .addOption(setOption("an agent's or environment's setting"))
    .addOption(robotOption())
    .addOption(randomizeOption())
    .addOption(obsOption())
    .addOption(pythonOption())
    .option("--view", "show curves and episodes live in the browser")
    .option("--port <n>", "port of the viewer; default: any free one", port)
    .option("--json", "print one JSON object at the end and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (env: string | undefined, { env: modules, ...flags }: TrainFlags) => {
      const given = command.options
        .map((option) => option.attributeName())
        .filter((name) => command.getOptionValueSource(name) === "cli");
      const { agent, seed, engine, ...others } = flags;
      await trainCommand(env, {
        ...others,
        // a default of the command line does not go above a settings file
        ...Object.fromEntries(
          Object.entries({ agent, seed, engine }).filter(([name]) => given.includes(name)),
        ),
        modules,
        given,
        overrides: await overridesOf(flags),
      });
    });
}

const EXAMPLES = `
Example:
  armgym train PickPlace-v1 --seed 3 --set gamma=0.97 --set solver.iterations=20 --view
  armgym train PickPlace-v1 --randomize --set curriculum=true
  armgym train PickPlace-v1 --agent ppo-cnn-lstm --obs camera --teacher expert
  armgym train PickPlace-v1 --from runs/PickPlace-v1__ppo-mlp__1__20260102-030405
  armgym train --settings mine.yaml --set gamma=0.97
  armgym train PickPlace-v1 --set randomization.friction=[0.5,1.5] --set randomization.controlLatency=0.02
  armgym train gym:Reacher-v5 --python venv/bin/python
  armgym train gym:panda_gym:PandaReachDense-v3 --set kwargs.max_episode_steps=100
`;

/** Train, show progress on stderr, and print the outcome. */
async function trainCommand(env: string | undefined, options: TrainArguments): Promise<void> {
  const { resume } = options;
  if (env === undefined && resume === undefined && options.settings === undefined) {
    throw new UsageError('Which environment? For example "armgym train Reach-v1"; "armgym list" shows all.');
  }
  const progress = new ProgressLine(process.stderr);
  const say = (line: string) => progress.say(line);
  const old = resume === undefined ? undefined : await openToResume(resume, env, options, say);
  const modules = old?.modules ?? [
    ...[env, options.agent].filter((name) => name !== undefined).filter(namesOwnCode),
    ...options.modules,
  ];
  const runs = old ? dirname(old.path) : options.out;
  const { signal, release, interrupt, exitCode } = interruptSignal(progress);
  const server = options.view
    ? await startViewServer({
        runs,
        modules,
        stop: () => !signal.aborted && interrupt(),
        say,
        ...portOf(options),
      })
    : undefined;
  if (server) progress.say(`Viewer: ${server.address}`);
  const onEvent = (event: LiveEvent) => server?.broadcast(event);
  const watched: RunTrainOptions = { progress, signal, onEvent };
  let run: Run;
  let outcome: TrainingOutcome | undefined;
  try {
    run = old ?? (await createRun({ ...requestOf(env, options), say }));
    onEvent({ type: "training", run: run.path });
    outcome = old ? await old.resume({ ...watched, ...changesOf(options) }) : await run.train(watched);
    if (!outcome) onEvent({ type: "status", text: `Stopped and saved. Resume with: ${resumeCommand(run)}` });
    onEvent({ type: "training", run: null });
  } finally {
    release();
    if (!outcome) await server?.close();
  }
  if (!outcome) {
    progress.say(`Saved. Resume with: ${resumeCommand(run)}`);
    process.exitCode = exitCode();
    return;
  }
  printAnswer(options.json, outcome, describeOutcome(outcome));
  if (!options.json) {
    const needs = moduleOptions(run);
    const lines = [
      ["export", run.path, ...needs, "--out", "policy"],
      ...(server ? [] : [["view", run.path, ...needs]]),
    ];
    progress.say(`Next: ${lines.map((words) => shellCommand(...words)).join("\n      ")}`);
  }
  if (!server) return;
  // before it is said: the answer may come at once
  const ended = endSignal();
  progress.say(`The viewer stays at ${server.address} until Ctrl-C.`);
  await ended;
  await server.close();
}

function requestOf(
  env: string | undefined,
  { settings: settingsFile, steps: totalSteps, ...options }: TrainArguments,
): CreateRunOptions {
  const { agent, seed, engine, demos, teacher, from, encoder, workers, out, modules, overrides } = options;
  const given = { env, agent, seed, engine, demos, teacher, from, encoder, settingsFile };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...{ workers, out, modules, overrides },
    ...(totalSteps === undefined ? {} : { settings: { totalSteps } }),
  };
}

/** How a run that is resumed is computed, where that was given. */
function changesOf({ given, workers, engine }: TrainArguments): RunTrainOptions {
  return { ...(given.includes("workers") ? { workers } : {}), ...(engine === undefined ? {} : { engine }) };
}

/** What decides the result belongs to the run; only how it is computed and shown may change on the way. */
const CHANGEABLE = ["resume", "env", "workers", "engine", "python", "view", "port", "json"];

async function openToResume(
  path: string,
  env: string | undefined,
  { given, modules }: TrainArguments,
  say: (line: string) => void,
): Promise<Run> {
  const own = env !== undefined && namesOwnCode(env) ? [env] : [];
  const run = await openRun(path, { modules: [...own, ...modules], say });
  if (env !== undefined && !isModulePath(env) && env !== run.config.env) {
    throw new UsageError(`${path} trains ${run.config.env}, not ${env}. Leave the env out with --resume.`);
  }
  const fixed = given.find((name) => !CHANGEABLE.includes(name));
  if (fixed === undefined) return run;
  throw new UsageError(
    `--${fixed} cannot change when a run is resumed: ${path} keeps what it was started with. ` +
      "Leave it out, or start a new run without --resume. (--workers and --engine may change.)",
  );
}

/**
 * Describe the outcome of a training in three lines; of one that started from a policy a further line compares with that, and
 * one lists the entries of the observation that never varied.
 */
export function describeOutcome(outcome: TrainingOutcome): string {
  const { env, successRate, successInterval, episodes, steps, minutes, stepsPerSecond, run } = outcome;
  const { from, unvaried = [], dropped, meanReturn } = outcome;
  const percent = (rate: number) => `${(100 * rate).toFixed(1)} %`;
  return [
    `${env}: success ${percent(successRate)} of ${episodes} held-out episodes (95 % interval ${successInterval.map(percent).join(" to ")})`,
    // whose environments need not know success
    ...(isGymnasiumName(env) ? [`  mean return ${meanReturn.toPrecision(4)}`] : []),
    ...(dropped > 0 ? [`  ${droppedText(dropped)}`] : []),
    `  ${steps} steps in ${(60 * minutes).toFixed(1)} s, ${stepsPerSecond.toFixed(0)} steps/s`,
    `  ${run}`,
    ...(from ? [`  from ${from.run}: validation success ${gainOf(from, percent)}`] : []),
    ...(unvaried.length > 0 ? [`  ${describeUnvaried(unvaried)}`] : []),
  ].join("\n");
}

function droppedText(dropped: number): string {
  const what = dropped === 1 ? "1 more episode was" : `${dropped} more episodes were`;
  return `${what} dropped by the NaN guard, left out of all this: the environment gave what is not finite`;
}

function gainOf(
  { before, after }: NonNullable<TrainingOutcome["from"]>,
  percent: (rate: number) => string,
): string {
  return `${percent(before)} before, ${percent(after)} after${after > before ? "" : ": no better"}`;
}

function portOf({ port }: { readonly port?: number }): { port?: number } {
  return port === undefined ? {} : { port };
}

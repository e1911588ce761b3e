// Train in a run folder: progress, checkpoints, metrics, episodes, final evaluation.

import { availableParallelism } from "node:os";
import type { EngineName } from "../compile/engines/engine.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import { MetricFiles } from "../log/metric-files.js";
import { type ProgressLine, progressBar, timeLeft } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import type { LiveEvent } from "../recording/run-events.js";
import { type EvaluationSummary, summarize } from "../rl/evaluate.js";
import { TEST_SEED, VALIDATION_SEED } from "../rl/evaluation-seeds.js";
import type { Demonstrations } from "../rl/imitation/demonstrations.js";
import { type UnvariedEntry, unvariedEntries } from "../rl/observation-floor.js";
import { policyWeights } from "../rl/policy-model.js";
import { DivergenceError } from "../rl/ppo/divergence.js";
import { localPool } from "../rl/rollout/local-pool.js";
import { cancelEvaluation } from "../rl/rollout/rollout-control.js";
import type { RolloutPlan, RolloutPool } from "../rl/rollout/rollout-host.js";
import { loadTeacher } from "../rl/rollout/workers/load-teacher.js";
import { type StallWatch, watchForStalls } from "../rl/rollout/workers/stall-watch.js";
import { workerPool } from "../rl/rollout/workers/worker-pool.js";
import { type IterationReport, type TrainOptions, type TrainResult, train } from "../rl/trainer.js";
import type { TrainedPolicy, TrainingState } from "../rl/training-state.js";
import { explainWriteError } from "./atomic-write.js";
import { shellCommand } from "./command-names.js";
import { loadStart } from "./load-start.js";
import { locateTeacher } from "./locate-teacher.js";
import { saveBestModel } from "./model-files.js";
import { isFoundAgain, PACKAGED } from "./own-modules.js";
import { DumpKeeper, recordRunEpisode } from "./run-episodes.js";
import { isRunFolder, type RunFolder } from "./run-folder.js";
import { runInForce } from "./run-in-force.js";
import { sayChanges } from "./settings/run-settings.js";
import { loadDemonstrations, loadEncoder } from "./training-request.js";

/** Who listens while training goes on. */
export interface TrainingObserver {
  readonly progress: ProgressLine;
  readonly signal?: AbortSignal;
  /** Called, and awaited, after each iteration; training ends where it returns "stop". */
  readonly onIteration?: (report: IterationReport) => unknown;
  readonly broadcast?: (event: LiveEvent) => void;
}

/** How a run is trained this time; neither changes a bit of the data, but engines differ in the last bits. */
export interface TrainingMeans {
  readonly workers: number;
  readonly engine: EngineName;
}

/** What a training comes to; `armgym train --json` prints it. */
export interface TrainingOutcome extends EvaluationSummary {
  readonly env: string;
  readonly agent: string;
  readonly seed: number | string;
  readonly steps: number;
  readonly minutes: number;
  readonly stepsPerSecond: number;
  readonly run: string;
  /** Of a training that started from an earlier run: success in validation of its policy and of the best one since. */
  readonly from?: { readonly run: string; readonly before: number; readonly after: number };
  /** Entries of the observation that never varied while training; absent where all did. */
  readonly unvaried?: readonly UnvariedEntry[];
}

/** Number of worker threads by default: one per core. */
export const DEFAULT_WORKERS = availableParallelism();

const HELD_OUT_EPISODES = 200;
const CHECKPOINT_SECONDS = 20;

/** Train a new run from its beginning; returns undefined where the signal interrupted it. */
export function startTraining(
  folder: RunFolder,
  observer: TrainingObserver,
): Promise<TrainingOutcome | undefined> {
  return whileLocked(folder, () => beginTraining(folder, observer));
}

/**
 * Go on with an interrupted run from its last checkpoint; returns undefined where the signal interrupted it.
 *
 * Throws a UsageError where another process trains the run.
 */
export function resumeTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  means: Partial<TrainingMeans> = {},
): Promise<TrainingOutcome | undefined> {
  return whileLocked(folder, () => continueTraining(folder, observer, means));
}

async function whileLocked<Result>(folder: RunFolder, act: () => Promise<Result>): Promise<Result> {
  folder.lock();
  const unlock = () => folder.unlock();
  // a second Ctrl-C, or a module that ends the process
  process.on("exit", unlock);
  try {
    return await act();
  } finally {
    process.off("exit", unlock);
    unlock();
  }
}

async function beginTraining(
  folder: RunFolder,
  observer: TrainingObserver,
): Promise<TrainingOutcome | undefined> {
  const { env, agent, seed, resolved, workers, engine, teacher, from } = folder.config;
  const beginning = teacher === undefined ? from && `, from ${from}` : `, teacher ${teacher}`;
  const steps = Number(resolved.settings.totalSteps);
  observer.progress.say(
    `Training ${env} by ${agent}${beginning ?? ""}: seed ${seed}, at most ${thousands(steps)} steps, ${plural(workers, "worker")}, engine ${engine}\n  ${folder.path}`,
  );
  const { encoder } = folder.config;
  const { agent: trained, spec, settings } = await wantedBy(folder);
  const demonstrations = await demonstrationsOf(folder);
  const start = await startOf(folder);
  return runTraining(folder, observer, folder.config, {
    ...(demonstrations ? { demonstrations } : {}),
    ...(encoder === undefined ? {} : { encoder: await loadEncoder(encoder, trained, spec, settings) }),
    ...(start ? { start } : {}),
  });
}

async function wantedBy(folder: RunFolder) {
  const { agent, spec, settings } = await runInForce(folder);
  return { agent: agent.thing, spec, settings };
}

/** Load the demonstrations that a run starts from; undefined where it starts from none. */
async function demonstrationsOf(folder: RunFolder): Promise<Demonstrations | undefined> {
  const { demos } = folder.config;
  return demos === undefined ? undefined : loadDemonstrations(demos, (await wantedBy(folder)).spec);
}

/** Load the policy that a run starts from; undefined where it starts from none. */
async function startOf(folder: RunFolder): Promise<TrainedPolicy | undefined> {
  const { from } = folder.config;
  return from === undefined ? undefined : loadStart(from, await wantedBy(folder), folder.modules);
}

async function continueTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  means: Partial<TrainingMeans>,
): Promise<TrainingOutcome | undefined> {
  const state = await folder.loadStateToGoOn((line) => observer.progress.say(line));
  const { env, resolved } = folder.config;
  const total = Number(resolved.settings.totalSteps);
  observer.progress.say(
    state.finished
      ? `${folder.path} is finished after ${state.steps} steps: nothing is left to train.`
      : `Going on with ${env} at step ${state.steps} of ${total}\n  ${folder.path}`,
  );
  if (folder.config.teacher !== undefined && !state.finished)
    observer.progress.say("What the student had lived through is not in a checkpoint: it collects anew.");
  // interrupted while demonstrations were cloned, or the policy to start from was validated
  const isNew = state.iteration === 0 && !state.start;
  const start = isNew ? await startOf(folder) : undefined;
  const demonstrations = isNew ? await demonstrationsOf(folder) : undefined;
  if (means.engine !== undefined) await loadEngine(means.engine, (line) => observer.progress.say(line));
  if (Object.keys(means).length > 0) folder.changeMeans(means);
  return runTraining(folder, observer, folder.config, {
    resume: state,
    ...(demonstrations ? { demonstrations } : {}),
    ...(start ? { start } : {}),
  });
}

async function runTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  { workers, engine }: TrainingMeans,
  beginning: Pick<TrainOptions, "resume" | "start" | "encoder" | "demonstrations">,
): Promise<TrainingOutcome | undefined> {
  const { config, path } = folder;
  const { signal } = observer;
  const { resume } = beginning;
  const { env, agent, settings, envConfig, trainEnv, spec, changes } = await runInForce(folder);
  sayChanges(folder, changes, (line) => observer.progress.say(line));
  const source =
    config.teacher === undefined ? undefined : await locateTeacher(config.teacher, spec, folder.modules);
  const teacher = source && (await loadTeacher(source));
  let pool: RolloutPool | undefined;
  let watch: StallWatch | undefined;
  // a module that ends its thread, or never comes back, then leaves this one, which hears Ctrl-C
  const isThreaded = workers > 1 || config.envModule !== PACKAGED || config.agentModule !== PACKAGED;
  const createPool = async (plan: RolloutPlan) => {
    const control = plan.control!;
    watch = watchForStalls(
      config.env,
      control,
      isThreaded ? "Ctrl-C twice ends it." : `kill -9 ${process.pid} ends it.`,
    );
    signal?.addEventListener("abort", () => cancelEvaluation(control));
    pool = isThreaded
      ? await workerPool(plan, env.source, agent.source, workers, source)
      : await localPool(plan, env.thing, agent.thing, teacher);
    // closed after the last evaluation
    return { ...pool, close: async () => {} };
  };
  const keeper = new ProgressKeeper(folder, observer, resume);
  // a second Ctrl-C, or something outside of any call that throws
  const tellSaved = () => observer.progress.say(keeper.whatIsSaved());
  process.on("exit", tellSaved);
  let result: TrainResult;
  try {
    try {
      result = await train({
        env: env.thing,
        agent: agent.thing,
        seed: config.seed,
        settings,
        envConfig,
        trainEnv,
        engine,
        createPool,
        onIteration: async (report) => {
          await keeper.keep(report);
          return observer.onIteration?.(report);
        },
        ...(signal ? { signal } : {}),
        ...beginning,
        ...(teacher ? { teacher } : {}),
      });
      observer.progress.end();
      if (!keeper.hasSaved(result.state)) await folder.saveCheckpoint(result.state);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const saved = error instanceof DivergenceError ? keeper.whereToStartAnew() : keeper.whatIsSaved();
      throw new UsageError(`${error.message}\n${saved}`);
    }
    const { state, policy, endedBy } = result;
    if (signal?.aborted && !state.finished) return undefined;
    // at the last step there is nothing that it could have gone on to
    const isEarly = endedBy === "settled" && result.state.steps < result.settings.totalSteps;
    if (isEarly && !resume?.finished) observer.progress.say(settledText(result));
    observer.progress.say(`Measuring the best policy on ${HELD_OUT_EPISODES} held-out episodes.`);
    const seeds = Array.from({ length: HELD_OUT_EPISODES }, (_, k) => TEST_SEED + k);
    const episodes = await pool!.evaluate(policyWeights(policy), seeds);
    if (episodes.length < seeds.length) return undefined;
    const summary = summarize(episodes);
    const unvaried = unvariedEntries(spec.observation, policy.statistics);
    const outcome: TrainingOutcome = {
      env: config.env,
      agent: config.agent,
      seed: config.seed,
      ...summary,
      steps: state.steps,
      minutes: state.minutes,
      stepsPerSecond: state.steps / (60 * state.minutes),
      run: path,
      ...(config.from !== undefined && state.start && state.best
        ? { from: { run: config.from, before: state.start.successRate, after: state.best.successRate } }
        : {}),
      ...(unvaried.length > 0 ? { unvaried } : {}),
    };
    folder.saveEvaluation(outcome);
    // once more: a kill may have come between a checkpoint and its model, and runs of 0.1.0 have none
    if (state.best) await saveBestModel(folder, state.best);
    const bestSteps = state.best?.steps ?? state.steps;
    for (let episode = 0; episode < 4 && !signal?.aborted; episode++) {
      await recordRunEpisode(folder, policy, TEST_SEED + episode, bestSteps, observer.broadcast);
    }
    return outcome;
  } finally {
    await watch?.stop();
    await pool?.close();
    process.off("exit", tellSaved);
  }
}

/** Say that training ends before its last step because validation has nothing left to show. */
function settledText({ settings, state }: TrainResult): string {
  const shares = state.validated.map((share) => `${Number((100 * share).toFixed(1))} %`).join(", ");
  return (
    `Validation has settled (${shares}): training ends at step ${state.steps} of ${settings.totalSteps}. ` +
    "--set settledSuccess=2 trains to the end."
  );
}

/** Tells and keeps what an iteration brought. */
class ProgressKeeper {
  private readonly folder: RunFolder;
  private readonly observer: TrainingObserver;
  private readonly metrics: MetricFiles;
  private readonly dumps: DumpKeeper;
  private lastSave = Number.NEGATIVE_INFINITY;
  private saved: Pick<TrainingState, "steps" | "finished"> | undefined;

  constructor(folder: RunFolder, observer: TrainingObserver, resume: TrainingState | undefined) {
    this.folder = folder;
    this.observer = observer;
    this.saved = resume;
    const { env, agent, seed, resolved } = folder.config;
    const settings = { env, agent, seed, ...resolved.settings };
    this.metrics = this.writing(() => new MetricFiles(folder.path, resume?.steps, settings));
    this.dumps = new DumpKeeper(folder, (line) => observer.progress.say(line));
  }

  async keep(report: IterationReport): Promise<void> {
    const { folder, observer } = this;
    const { progress, signal, broadcast } = observer;
    const { path, config } = folder;
    folder.requireOurs();
    this.writing(() => this.metrics.write(report.steps, report.metrics));
    broadcast?.({ type: "metrics", run: path, values: { step: report.steps, ...report.metrics } });
    progress.show(progressText(config.env, report), report.validation !== undefined);
    const { dropped = 0, episodes: counted = 0 } = report.validation ?? {};
    if (dropped > 0)
      progress.say(
        `Validation at step ${report.steps}: the NaN guard dropped ${dropped} of ${counted + dropped} episodes; none of them is a success.`,
      );
    await this.dumps.keep(report.episodes, report.steps);
    // the first iteration is saved, too: from then on there is always something to go on from
    const due = performance.now() - this.lastSave > 1000 * CHECKPOINT_SECONDS;
    if (!(report.validation || due || report.last || signal?.aborted)) return;
    const state = await report.state();
    // before the checkpoint that counts this validation: after it, a run that is killed here would never have the episode
    if (report.improved && state.best && (!report.last || signal?.aborted)) {
      const seed = VALIDATION_SEED + (report.iteration % 8);
      await recordRunEpisode(folder, state.best, seed, report.steps, broadcast);
    }
    await folder.saveCheckpoint(state, report.improved);
    this.lastSave = performance.now();
    this.saved = { steps: state.steps, finished: state.finished };
    if (report.improved && state.best) await saveBestModel(folder, state.best);
  }

  /** Tell whether the latest checkpoint is this state: saved once more it would push the one before it out. */
  hasSaved({ steps, finished }: TrainingState): boolean {
    return this.saved?.steps === steps && this.saved.finished === finished;
  }

  whatIsSaved(): string {
    if (!this.saved) return "Nothing had been saved yet.";
    if (!isRunFolder(this.folder.path)) return `It was saved up to step ${this.saved.steps}.`;
    return `Saved up to step ${this.saved.steps}. Go on with: ${resumeCommand(this.folder)}`;
  }

  /** After a divergence, which would come again from the last checkpoint. */
  whereToStartAnew(): string {
    if (!this.saved) return "Nothing had been saved yet.";
    const { config, modules, path } = this.folder;
    const env = modules[0] ?? config.env;
    const command = shellCommand("train", env, "--from", path, "--set", "learningRate=...");
    return (
      `Saved up to step ${this.saved.steps}, before that. Going on from there by the same settings would come to the same; ` +
      `start from its best policy by others: ${command}`
    );
  }

  private writing<Result>(write: () => Result): Result {
    try {
      return write();
    } catch (error) {
      throw explainWriteError(this.folder.path, error);
    }
  }
}

/** The command that goes on with a run; it names the module of an environment that is not found without. */
export function resumeCommand(folder: RunFolder): string {
  return shellCommand("train", "--resume", folder.path, ...moduleOptions(folder));
}

/** What a command needs besides a run's folder to find the run's environment. */
export function moduleOptions({ path, config, modules }: RunFolder): string[] {
  const isFound = [config.envModule, config.agentModule].every((module) =>
    isFoundAgain({ module, run: path }),
  );
  return isFound ? [] : modules.flatMap((module) => ["--env", module]);
}

function thousands(steps: number): string {
  return steps < 10_000 ? String(steps) : `${Math.round(steps / 1000)}k`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function progressText(env: string, { steps, totalSteps, minutes, metrics }: IterationReport): string {
  const success = metrics["rollout/success_rate"];
  const left = (minutes / steps) * Math.max(0, totalSteps - steps);
  return [
    `${env} ${progressBar(steps / totalSteps)} ${thousands(steps)} of ${thousands(totalSteps)} steps`,
    success === undefined ? "" : `success ${(100 * success).toFixed(0)} %`,
    metrics["eval/success_rate"] === undefined
      ? ""
      : `validation ${(100 * metrics["eval/success_rate"]).toFixed(0)} %`,
    `${metrics["time/fps"]?.toFixed(0)} steps/s`,
    timeLeft(left),
  ]
    .filter(Boolean)
    .join("  ");
}

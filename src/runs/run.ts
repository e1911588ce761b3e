// A run as a program has it: train it, act by its policy, measure it, record, export.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Env } from "../env/env.js";
import { mergeConfig } from "../env/settings/merge-config.js";
import { readMetrics } from "../log/metric-files.js";
import { type Progress, ProgressLine } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import type { TrainedModel } from "../model/trained-model.js";
import { readRecording } from "../recording/mcap-read.js";
import { type EpisodeRecording, episodeOf, parseEpisodeName } from "../recording/recording.js";
import type { LiveEvent } from "../recording/run-events.js";
import { TEST_SEED } from "../rl/evaluation-seeds.js";
import type { TrainingCallback } from "../rl/training-callback.js";
import type { TrainOptions } from "../rl/training-options.js";
import type { ComputeOptions } from "./compute-options.js";
import { describeEpisodes, episodeFiles, type NamedEpisode } from "./episode-files.js";
import { type EvaluateRunOptions, evaluateRun } from "./evaluate-run.js";
import { type ExportOptions, type ExportOutcome, exportRun } from "./export-run.js";
import { loadBestModel } from "./model-files.js";
import type { TrainingObserver } from "./progress-keeper.js";
import { LARGEST, readWholeFile } from "./read-file.js";
import { type PolicyChoice, restorePolicy } from "./restored-policy.js";
import { playRunEpisodes, recordRunEpisode } from "./run-episodes.js";
import { type RunConfig, RunFolder } from "./run-folder.js";
import { runInForce } from "./run-in-force.js";
import { type RunPolicy, runPolicy } from "./run-policy.js";
import { type DescribedSettings, describeSettings } from "./settings/describe-settings.js";
import type { TrainingOutcome } from "./training-outcome.js";
import { resumeTraining, startTraining } from "./training-session.js";

/** How a run is opened. */
export interface OpenRunOptions {
  /** Modules of your own that the run's environment or agent is in, for one outside of the folder that the program runs in. */
  readonly modules?: readonly string[];
  /** Called with each line for the user: changed defaults, damaged checkpoints. Default: lines are dropped. */
  readonly say?: (line: string) => void;
}

/** How a run is trained this time: none of it changes what is learned, but engines differ in the last bits. */
export interface RunTrainOptions extends Partial<ComputeOptions> {
  /** Ends training when aborted: what was learned is saved, and `resume` continues from there. */
  readonly signal?: AbortSignal;
  /** Called, in their order and awaited; what they log is in the run's metrics. Training ends, saved and measured, where one returns false. */
  readonly callbacks?: readonly TrainingCallback[];
  /** Short for a last callback that has this method alone; "stop", as false, ends training. */
  readonly onIteration?: TrainOptions["onIteration"];
  /** Called with what a viewer shows live: each row of metrics, and each episode that was recorded. */
  readonly onEvent?: (event: LiveEvent) => void;
  /** Shows the steps trained so far. Default: the lines that stay, by `say` of `openRun` or `createRun`. */
  readonly progress?: Progress;
}

/** An episode that was recorded into a run's folder. */
export interface RecordedRunEpisode {
  /** As `readEpisode` takes it. */
  readonly name: string;
  readonly file: string;
  readonly recording: EpisodeRecording;
}

/** One row of a run's metrics: `step`, and values by the tags that dashboards know ("eval/success_rate"). */
export type MetricsRow = Readonly<Record<string, number>>;

/** Larger than any file of metrics that armgym writes, bytes. */
const LARGEST_METRICS = 2 ** 28;

/** The run in a folder: `createRun` makes one, `openRun` opens one. */
export class Run {
  private readonly folder: RunFolder;
  private readonly say: (line: string) => void;

  /** Take the run in `folder`; `say` gets the lines for the user. */
  constructor(folder: RunFolder, say: (line: string) => void = () => {}) {
    this.folder = folder;
    this.say = say;
  }

  /** Its folder, an absolute path. */
  get path(): string {
    return this.folder.path;
  }

  /** What it was created with: environment, agent, seed, and in `resolved` every setting that was in force, with its origin. */
  get config(): RunConfig {
    return this.folder.config;
  }

  /** Modules that it was opened with, to find its environment and agent in. */
  get modules(): readonly string[] {
    return this.folder.modules;
  }

  /** List its settings with unit, origin and today's default, and as a settings file. */
  settings(): Promise<DescribedSettings> {
    return describeSettings(this.folder);
  }

  /**
   * Train it from the first step and return what its best policy achieves on 200 held-out episodes; undefined where the signal
   * interrupted it.
   *
   * Throws a UsageError where it was trained before (`resume` continues it), where another process trains it, or where `workers` or
   * `engine` cannot be.
   */
  async train(options: RunTrainOptions = {}): Promise<TrainingOutcome | undefined> {
    const { folder } = this;
    if (folder.hasCheckpoint())
      throw new UsageError(`${folder.path} was trained before. Continue with resume(), or make another run.`);
    return startTraining(folder, this.observer(options), options);
  }

  /**
   * Continue from its last checkpoint; returns the same as `train`, also of a run that is finished.
   *
   * Throws a UsageError where there is no checkpoint, where another process trains it, or where `workers` or `engine` cannot be.
   */
  resume(options: RunTrainOptions = {}): Promise<TrainingOutcome | undefined> {
    return resumeTraining(this.folder, this.observer(options), options);
  }

  /** Make the environment that it is evaluated in; `config` overrides some of its settings. */
  async createEnv(config: Readonly<Record<string, unknown>> = {}): Promise<Env> {
    const { env, envConfig } = await runInForce(this.folder);
    return env.thing.create(
      mergeConfig(mergeConfig(env.thing.defaults, envConfig, env.thing.id), config, env.thing.id),
    );
  }

  /** Load its best policy by validation, else the last; throws a UsageError where there is none yet. */
  best(): Promise<RunPolicy> {
    return runPolicy(this.folder, "best", this.say);
  }

  /**
   * Load its best policy by validation as a model, for what holds for any model: `compileModel`, taps, gradients. Its input
   * "observation" is standardised by the model's normaliser.
   *
   * Throws a UsageError where none was validated yet, or its files are damaged.
   */
  model(): Promise<TrainedModel> {
    return loadBestModel(this.folder);
  }

  /** Load its last policy; throws a UsageError where there is none yet. */
  last(): Promise<RunPolicy> {
    return runPolicy(this.folder, "last", this.say);
  }

  /** Read its metrics, a row per iteration. */
  metrics(): readonly MetricsRow[] {
    const file = join(this.path, "metrics.jsonl");
    return existsSync(file) ? readMetrics(readWholeFile(file, LARGEST_METRICS).toString("utf8")) : [];
  }

  /** List the episodes that were recorded into its folder. */
  episodes(): readonly NamedEpisode[] {
    return episodeFiles(this.path).flatMap(describeEpisodes);
  }

  /** Read a recorded episode by the name that `episodes` lists; throws a UsageError where there is none, or it is damaged. */
  readEpisode(name: string): EpisodeRecording {
    const { file, episode } = parseEpisodeName(name);
    const path = join(this.path, "episodes", basename(file));
    if (basename(file) !== file || !existsSync(path))
      throw new UsageError(`${this.path} has no episode "${name}". episodes() lists those it has.`);
    const recording = readRecording(readWholeFile(path, LARGEST.recording), path);
    const one = episode === undefined ? recording : episodeOf(recording, episode);
    if (one) return one;
    throw new UsageError(`${path} has no episode ${episode}. episodes() lists those it has.`);
  }

  /** Measure its best policy; nothing is written. By default on 200 held-out episodes, in the environment that it was trained for. */
  evaluate(options: EvaluateRunOptions = {}): Promise<TrainingOutcome> {
    return evaluateRun(this.folder, options, this.say);
  }

  /** Write an evaluation, and the seed of its first episode, to evaluation.json in its folder. */
  saveEvaluation(outcome: TrainingOutcome, firstSeed: number = TEST_SEED): void {
    this.folder.saveEvaluation({ ...outcome, firstSeed });
  }

  /**
   * Play the episode of each seed by a policy of it (default "best") and return them as recordings; nothing is written. `played` is
   * called after each with the number of those played.
   *
   * Throws a UsageError where there is no policy yet.
   */
  async play(
    seeds: readonly number[],
    {
      policy = "best",
      played,
    }: { readonly policy?: PolicyChoice; readonly played?: (count: number) => void } = {},
  ): Promise<EpisodeRecording[]> {
    const { trained, steps } = await restorePolicy(this.folder, policy, this.say);
    return playRunEpisodes(this.folder, trained, seeds, steps, played);
  }

  /** Record the episode of `seed` (default: the first held-out one) by a policy of it (default "best") into its folder. */
  async record({
    seed = TEST_SEED,
    policy = "best",
  }: {
    readonly seed?: number;
    readonly policy?: PolicyChoice;
  } = {}): Promise<RecordedRunEpisode> {
    const { trained, steps } = await restorePolicy(this.folder, policy, this.say);
    const { name, recording } = await recordRunEpisode(this.folder, trained, seed, steps);
    return { name, file: join(this.path, "episodes", name), recording };
  }

  /**
   * Write its best policy into the folder `out`, as ONNX with all that a controller must know, and check it; `openBundle` opens it.
   *
   * @throws UsageError where `tfjs` is asked for and an operation of the policy has no form in TensorFlow.js.
   * @example
   * const { files, difference } = await run.export("policy", { tfjs: true });
   */
  export(out: string, options: ExportOptions = {}): Promise<ExportOutcome> {
    return exportRun(this.folder, out, this.say, options);
  }

  private observer({ signal, callbacks, onIteration, onEvent, progress }: RunTrainOptions): TrainingObserver {
    const { say } = this;
    return {
      // lines that replace each other are for terminals
      progress: progress ?? new ProgressLine({ write: (text) => say(text.trimEnd()) }),
      ...(signal ? { signal } : {}),
      ...(callbacks ? { callbacks } : {}),
      ...(onIteration ? { onIteration } : {}),
      ...(onEvent ? { broadcast: onEvent } : {}),
    };
  }
}

/**
 * Open the run in `folder`, as `createRun` or `armgym train` made it.
 *
 * What stands in the folder is data: code comes from armgym, from inside the folder that the program runs in, or from
 * `modules`.
 *
 * @throws UsageError where there is no run, or one of a version that this one does not read.
 * @example
 * const run = await openRun("runs/Reach-v1__ppo-mlp__1__20260102-030405");
 * const [env, policy] = [await run.createEnv(), await run.best()];
 * let { observation } = env.reset({ seed: 1 });
 * for (let done = false; !done; ) {
 *   const result = env.step(await policy.act(observation));
 *   observation = result.observation;
 *   done = result.terminated || result.truncated;
 * }
 */
export async function openRun(folder: string, { modules, say }: OpenRunOptions = {}): Promise<Run> {
  return new Run(RunFolder.open(folder, modules), say);
}

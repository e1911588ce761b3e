// Train into a run folder: progress, checkpoints, metrics, episodes, final evaluation.
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { loadEngine } from "../compile/engine.js";
import type { EnvSpec } from "../env/env.js";
import { mergeConfig } from "../env/merge-config.js";
import { MetricFiles } from "../log/metric-files.js";
import { type ProgressLine, progressBar } from "../log/progress-line.js";
import { RunningStatistics } from "../math/running-statistics.js";
import { UsageError } from "../math/usage-error.js";
import { readRecording } from "../replay/mcap-read.js";
import { writeRecording } from "../replay/mcap-write.js";
import { type EpisodeSummary, summarizeRecording } from "../replay/recording.js";
import { type Demonstrations, demonstrationsFrom, settingsFromDemonstrations } from "../rl/demonstrations.js";
import { type EvaluationSummary, HELD_OUT_SEED, summarize, VALIDATION_SEED } from "../rl/evaluate.js";
import { actingState, inference, inferenceInputs } from "../rl/inference.js";
import { localPool } from "../rl/local-pool.js";
import { recordDump, recordEpisode } from "../rl/record-episode.js";
import type { RolloutPlan, RolloutPool } from "../rl/rollout-host.js";
import { type IterationReport, resolveSettings, type TrainedPolicy, train } from "../rl/trainer.js";
import { workerPool } from "../rl/workers/worker-pool.js";
import { VERSION } from "../version.js";
import { locateAgent, locateEnv, portableModule, relocate } from "./packaged-modules.js";
import { RunFolder } from "./run-folder.js";

/** What `armgym train` was told. */
export interface TrainingRequest {
  readonly env: string;
  readonly agent: string;
  readonly seed: number;
  readonly steps?: number;
  readonly workers: number;
  readonly engine: string;
  /** Folder that runs are made in. */
  readonly out: string;
  /** Overrides: keys of the agent's settings, or of the environment's config. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** File of demonstrations to start from. */
  readonly demos?: string;
}

/** What a viewer wants to hear. */
export type LiveEvent =
  | { readonly type: "metrics"; readonly run: string; readonly values: Readonly<Record<string, number>> }
  | ({ readonly type: "episode"; readonly run: string; readonly name: string } & EpisodeSummary)
  | { readonly type: "status"; readonly text: string };

/** Who listens while training goes on. */
export interface TrainingObserver {
  readonly progress: ProgressLine;
  readonly signal?: AbortSignal;
  readonly broadcast?: (event: LiveEvent) => void;
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
}

/** Number of worker threads by default: one per core. */
export const DEFAULT_WORKERS = availableParallelism();

const HELD_OUT_EPISODES = 200;
const CHECKPOINT_SECONDS = 20;

/** Start a new run; returns undefined where the signal interrupted it. */
export async function startTraining(
  request: TrainingRequest,
  observer: TrainingObserver,
): Promise<TrainingOutcome | undefined> {
  const env = await locateEnv(request.env);
  const agent = locateAgent(request.agent);
  const [settings, envConfig] = sortOverrides(
    request.overrides,
    Object.keys(agent.thing.settings),
    env.thing.defaults,
  );
  if (request.steps !== undefined) settings.totalSteps = request.steps;
  const { spec } = env.thing.create(envConfig);
  const demonstrations = request.demos === undefined ? undefined : loadDemonstrations(request.demos, spec);
  if (demonstrations) {
    // kept in the run's settings, so that resuming goes on by the same
    const suited = settingsFromDemonstrations(agent.thing, env.thing.id, demonstrations);
    Object.assign(settings, { ...suited, ...settings });
  }
  resolveSettings(agent.thing, env.thing.id, settings);
  await loadEngine(request.engine, (line) => observer.progress.say(line));
  const folder = RunFolder.create(request.out, {
    version: VERSION,
    env: env.thing.id,
    agent: agent.thing.id,
    envModule: portableModule(env.source),
    agentModule: portableModule(agent.source),
    seed: request.seed,
    engine: request.engine,
    workers: request.workers,
    envConfig,
    settings,
    ...(request.demos === undefined ? {} : { demos: resolve(request.demos) }),
  });
  return runTraining(folder, observer, false, demonstrations);
}

/** Go on with an interrupted run from its last checkpoint; returns undefined where the signal interrupted it. */
export async function resumeTraining(
  path: string,
  observer: TrainingObserver,
): Promise<TrainingOutcome | undefined> {
  return runTraining(RunFolder.open(path), observer, true);
}

async function runTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  resumes: boolean,
  demonstrations?: Demonstrations,
): Promise<TrainingOutcome | undefined> {
  const { config, path } = folder;
  const { progress, signal, broadcast } = observer;
  const { env, agent } = await relocate(config);
  const resume = resumes ? await folder.loadCheckpoint() : undefined;
  const metrics = new MetricFiles(path, resume?.steps);
  let pool: RolloutPool | undefined;
  const createPool = async (plan: RolloutPlan) => {
    pool =
      config.workers > 1
        ? await workerPool(plan, env.thing, env.source, agent.source, config.workers)
        : await localPool(plan, env.thing, agent.thing);
    // closed after the last evaluation
    return { ...pool, close: async () => {} };
  };
  let lastSave = performance.now();
  const onIteration = async (report: IterationReport) => {
    metrics.write(report.steps, report.metrics);
    broadcast?.({ type: "metrics", run: path, values: { step: report.steps, ...report.metrics } });
    progress.show(progressText(env.thing.id, report), report.validation !== undefined);
    for (const { dropped, seed } of report.episodes) {
      if (!dropped) continue;
      const source = { agent: config.agent, policySteps: report.steps };
      const dump = recordDump(
        env.thing.create(config.envConfig),
        seed,
        dropped.reason,
        dropped.frames,
        source,
      );
      const name = folder.saveEpisode(`dump-${report.steps}-${seed}.mcap`, await writeRecording(dump));
      progress.say(
        `Dropped an episode: ${dropped.reason} was not finite. Its last states: ${path}/episodes/${name}`,
      );
    }
    const due = performance.now() - lastSave > 1000 * CHECKPOINT_SECONDS;
    if (!(report.validation || due || report.last || signal?.aborted)) return;
    const state = await report.state();
    await folder.saveCheckpoint(state);
    lastSave = performance.now();
    if (!report.improved || !state.best || report.last) return;
    await record(folder, state.best, VALIDATION_SEED + (report.iteration % 8), report.steps, broadcast);
  };
  try {
    const { state, policy, settings } = await train({
      env: env.thing,
      agent: agent.thing,
      seed: config.seed,
      settings: config.settings,
      envConfig: config.envConfig,
      engine: config.engine,
      createPool,
      onIteration,
      ...(signal ? { signal } : {}),
      ...(resume ? { resume } : {}),
      ...(demonstrations ? { demonstrations } : {}),
    });
    progress.end();
    await folder.saveCheckpoint(state);
    if (signal?.aborted && state.steps < settings.totalSteps) return undefined;
    const statistics = new RunningStatistics(env.thing.create(config.envConfig).spec.observation.length);
    statistics.restore(policy.statistics);
    const seeds = Array.from({ length: HELD_OUT_EPISODES }, (_, k) => HELD_OUT_SEED + k);
    const summary = summarize(await pool!.evaluate(actingState(policy.parameters, statistics), seeds));
    const outcome: TrainingOutcome = {
      env: config.env,
      agent: config.agent,
      seed: config.seed,
      ...summary,
      steps: state.steps,
      minutes: state.minutes,
      stepsPerSecond: state.steps / (60 * state.minutes),
      run: path,
    };
    folder.saveEvaluation(outcome);
    for (let episode = 0; episode < 4; episode++) {
      await record(folder, policy, HELD_OUT_SEED + episode, state.best?.steps ?? state.steps, broadcast);
    }
    return outcome;
  } finally {
    await pool?.close();
  }
}

/** Record an episode of `policy` into the run's folder. */
async function record(
  folder: RunFolder,
  policy: TrainedPolicy,
  seed: number,
  policySteps: number,
  broadcast?: (event: LiveEvent) => void,
): Promise<void> {
  const { config } = folder;
  const { env, agent } = await relocate(config);
  const made = env.thing.create(config.envConfig);
  const settings = resolveSettings(agent.thing, config.env, config.settings);
  const network = agent.thing.createPolicy(made.spec.observation.length, made.spec.action.length, settings);
  const engine = await loadEngine(config.engine, () => {});
  const compiled = await engine.compile(inference(network), inferenceInputs(network, 1));
  const statistics = new RunningStatistics(network.observationSize);
  statistics.restore(policy.statistics);
  const source = { agent: config.agent, policySteps };
  const recording = await recordEpisode(
    made,
    compiled,
    actingState(policy.parameters, statistics),
    seed,
    source,
  );
  await compiled.dispose();
  const name = folder.saveEpisode(
    `step-${String(policySteps).padStart(8, "0")}-seed-${seed}.mcap`,
    await writeRecording(recording),
  );
  broadcast?.({ type: "episode", run: folder.path, name, ...summarizeRecording(recording) });
}

function loadDemonstrations(file: string, spec: EnvSpec): Demonstrations {
  if (!existsSync(file)) {
    throw new UsageError(`There is no file ${file}. Record one: armgym demo ${spec.id} --out ${file}`);
  }
  return demonstrationsFrom(readRecording(readFileSync(file), file), file, spec);
}

/** Send each override where its key is known; unknown ones are refused with all keys there are. */
function sortOverrides(
  overrides: Readonly<Record<string, unknown>>,
  settingNames: readonly string[],
  envDefaults: Readonly<Record<string, unknown>>,
): [Record<string, unknown>, Record<string, unknown>] {
  const settings: Record<string, unknown> = {};
  const envConfig: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(overrides)) {
    if (settingNames.includes(key)) settings[key] = value;
    else if (Object.hasOwn(envDefaults, key)) envConfig[key] = value;
    else
      mergeConfig(
        { ...envDefaults, ...Object.fromEntries(settingNames.map((name) => [name, 0])) },
        { [key]: value },
        "--set",
      );
  }
  return [settings, envConfig];
}

function progressText(env: string, { steps, totalSteps, minutes, metrics }: IterationReport): string {
  const success = metrics["rollout/success_rate"];
  const left = (minutes / steps) * (totalSteps - steps);
  return [
    `${env} ${progressBar(steps / totalSteps)} ${(steps / 1000).toFixed(0)}k of ${(totalSteps / 1000).toFixed(0)}k steps`,
    success === undefined ? "" : `success ${(100 * success).toFixed(0)} %`,
    metrics["eval/success_rate"] === undefined
      ? ""
      : `validation ${(100 * metrics["eval/success_rate"]).toFixed(0)} %`,
    `${metrics["time/fps"]?.toFixed(0)} steps/s`,
    left > 1 ? `${left.toFixed(1)} min left` : `${(60 * left).toFixed(0)} s left`,
  ]
    .filter(Boolean)
    .join("  ");
}

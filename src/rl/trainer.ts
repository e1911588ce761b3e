// The training loop of PPO: roll out, estimate advantages, update, validate.
import { type CompiledFunction, loadEngine } from "../compile/engine.js";
import type { EnvFactory } from "../env/env.js";
import { mergeConfig } from "../env/merge-config.js";
import type { EpisodeResult } from "../env/vec-env.js";
import { createRandom, type RandomState } from "../math/random.js";
import { RunningStatistics, type RunningStatisticsState } from "../math/running-statistics.js";
import { initializeParameters } from "../nn/parameters.js";
import { type EvaluationSummary, summarize, VALIDATION_SEED } from "./evaluate.js";
import { computeAdvantages } from "./gae.js";
import { actingState, OBSERVATION_CLIP } from "./inference.js";
import { localPool } from "./local-pool.js";
import type { AgentDefinition, Policy } from "./policy.js";
import { type PpoSettings, validateSettings } from "./ppo-settings.js";
import { ppoUpdate, ppoUpdateInputs } from "./ppo-update.js";
import { ReturnNormalizer, type ReturnNormalizerState } from "./return-normalizer.js";
import type { RolloutGroupSnapshot } from "./rollout-group.js";
import type { RolloutPlan, RolloutPool } from "./rollout-host.js";

/** A policy as it is kept: parameters and the statistics that normalise its observations. */
export interface TrainedPolicy {
  readonly parameters: Float32Array;
  readonly statistics: RunningStatisticsState;
}

/** The best policy so far by validation. */
export interface BestPolicy extends TrainedPolicy {
  readonly steps: number;
  readonly successRate: number;
  readonly meanReturn: number;
}

/** Everything that decides how training goes on, as plain data. */
export interface TrainingState extends TrainedPolicy {
  readonly iteration: number;
  readonly steps: number;
  /** Wall-clock time spent; decides nothing. */
  readonly minutes: number;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly updates: number;
  readonly learningRate: number;
  readonly shuffle: RandomState;
  readonly groups: readonly RolloutGroupSnapshot[];
  readonly returnNormalizer: ReturnNormalizerState;
  readonly best: BestPolicy | null;
  /** Validations in a row that reached `stopAtSuccess`. */
  readonly solvedInARow: number;
}

/** What is told after each iteration. */
export interface IterationReport {
  readonly iteration: number;
  readonly steps: number;
  readonly totalSteps: number;
  readonly minutes: number;
  /** By the tags that dashboards know: rollout/, train/, time/, reward/, eval/. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly validation?: EvaluationSummary;
  /** Whether this validation made a new best policy. */
  readonly improved: boolean;
  readonly episodes: readonly EpisodeResult[];
  readonly last: boolean;
  /** Copy the state to go on from. */
  state(): Promise<TrainingState>;
}

/** How to train. */
export interface TrainOptions {
  readonly env: EnvFactory;
  readonly agent: AgentDefinition;
  /** Default 1. */
  readonly seed?: number | string;
  /** Overrides of the agent's settings (its tuning for the environment included). */
  readonly settings?: Partial<PpoSettings>;
  /** Overrides of the environment's config. */
  readonly envConfig?: Readonly<Record<string, unknown>>;
  /** Default "native". */
  readonly engine?: string;
  /** Makes the pool that rolls out; default: in the calling thread. */
  readonly createPool?: (plan: RolloutPlan) => Promise<RolloutPool>;
  /** Called, and awaited, after each iteration; training ends where it returns "stop". */
  readonly onIteration?: (report: IterationReport) => unknown;
  /** Ends training after the present iteration when aborted. */
  readonly signal?: AbortSignal;
  /** Go on from here. */
  readonly resume?: TrainingState;
  /** Clock in milliseconds, for the time metrics only; default `performance.now`. */
  readonly clock?: () => number;
}

/** What training ends with. */
export interface TrainResult {
  readonly settings: PpoSettings;
  readonly state: TrainingState;
  /** The best policy by validation, else the last. */
  readonly policy: TrainedPolicy;
}

const MIN_LEARNING_RATE = 1e-5;
const MAX_LEARNING_RATE = 3e-3;
const EPISODE_WINDOW = 100;

/** Return the settings that `agent` trains `env` by, with `overrides`. */
export function resolveSettings(
  agent: AgentDefinition,
  envId: string,
  overrides: Readonly<Record<string, unknown>> = {},
): PpoSettings {
  const tuned = { ...agent.settings, ...agent.tuned[envId]?.settings };
  const settings = mergeConfig(tuned, overrides, agent.id);
  validateSettings(settings);
  return settings;
}

/** Train until `totalSteps`, "stop", the signal, or `stopAtSuccess`; the same options give the same bits. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { env, agent, seed = 1, envConfig = {}, engine = "native", resume } = options;
  const settings = resolveSettings(agent, env.id, (options.settings ?? {}) as Record<string, unknown>);
  const evalEnv = envConfig;
  const trainEnv = { ...envConfig, ...agent.tuned[env.id]?.trainEnv };
  const plan: RolloutPlan = { settings, seed, trainEnv, evalEnv, engine };
  const { spec } = env.create(evalEnv);
  const policy = agent.createPolicy(spec.observation.length, spec.action.length, settings);
  const pool = await (options.createPool ? options.createPool(plan) : localPool(plan, env, agent));
  try {
    const batchSize = (settings.numEnvs * settings.numSteps) / settings.numMinibatches;
    const compiler = await loadEngine(engine);
    const update = await compiler.compile(ppoUpdate(policy, settings), ppoUpdateInputs(policy, batchSize));
    const trainer = new Trainer(options, settings, seed, policy, pool, update);
    if (resume) await trainer.restore(resume);
    return await trainer.run();
  } finally {
    await pool.close();
  }
}

class Trainer {
  private readonly options: TrainOptions;
  private readonly settings: PpoSettings;
  private readonly policy: Policy;
  private readonly pool: RolloutPool;
  private readonly update: CompiledFunction;
  private readonly statistics: RunningStatistics;
  private readonly returnNormalizer: ReturnNormalizer;
  private readonly shuffle;
  private readonly clock: () => number;
  private started: number;
  private parameters: Float32Array;
  private firstMoment: Float32Array;
  private secondMoment: Float32Array;
  private updates = 0;
  private learningRate: number;
  private iteration = 0;
  private steps = 0;
  private best: BestPolicy | null = null;
  private solvedInARow = 0;
  private recent: EpisodeResult[] = [];

  constructor(
    options: TrainOptions,
    settings: PpoSettings,
    seed: number | string,
    policy: Policy,
    pool: RolloutPool,
    update: CompiledFunction,
  ) {
    this.options = options;
    this.settings = settings;
    this.policy = policy;
    this.pool = pool;
    this.update = update;
    this.statistics = new RunningStatistics(policy.observationSize);
    this.returnNormalizer = new ReturnNormalizer(settings.numEnvs, settings.gamma);
    this.shuffle = createRandom(`${seed}/shuffle`);
    this.clock = options.clock ?? (() => performance.now());
    this.started = this.clock();
    this.parameters = initializeParameters(policy.layout, createRandom(`${seed}/parameters`));
    this.firstMoment = new Float32Array(policy.layout.total);
    this.secondMoment = new Float32Array(policy.layout.total);
    this.learningRate = settings.learningRate;
  }

  async run(): Promise<TrainResult> {
    const { settings, options } = this;
    const stepsPerIteration = settings.numEnvs * settings.numSteps;
    let done = this.steps >= settings.totalSteps;
    while (!done) {
      const begin = this.clock();
      const episodes = await this.pool.collect(actingState(this.parameters, this.statistics));
      const rolledOut = this.clock();
      const losses = await this.learn();
      const learned = this.clock();
      this.iteration++;
      const before = this.steps;
      this.steps += stepsPerIteration;
      const finished = this.steps >= settings.totalSteps;
      const interval = settings.validationInterval;
      const due = finished || Math.floor(before / interval) < Math.floor(this.steps / interval);
      const validation = due ? await this.validate() : undefined;
      const improved = validation !== undefined && this.keepIfBest(validation);
      done = finished || this.solvedInARow >= 2 || options.signal?.aborted === true;
      const counted = episodes.filter(({ dropped }) => !dropped);
      this.recent = [...this.recent, ...counted].slice(-EPISODE_WINDOW);
      const report: IterationReport = {
        iteration: this.iteration,
        steps: this.steps,
        totalSteps: settings.totalSteps,
        minutes: this.minutes(),
        metrics: {
          ...rolloutMetrics(this.recent),
          ...losses,
          ...(validation
            ? { "eval/success_rate": validation.successRate, "eval/mean_reward": validation.meanReturn }
            : {}),
          "time/fps": (1000 * stepsPerIteration) / (learned - begin),
          "time/rollout_seconds": (rolledOut - begin) / 1000,
          "time/update_seconds": (learned - rolledOut) / 1000,
          "time/total_timesteps": this.steps,
        },
        ...(validation ? { validation } : {}),
        improved,
        episodes,
        last: done,
        state: () => this.state(),
      };
      if ((await options.onIteration?.(report)) === "stop") done = true;
      if (options.signal?.aborted) done = true;
    }
    const state = await this.state();
    return { settings, state, policy: this.best ?? state };
  }

  async state(): Promise<TrainingState> {
    return {
      iteration: this.iteration,
      steps: this.steps,
      minutes: this.minutes(),
      parameters: this.parameters.slice(),
      statistics: this.statistics.state(),
      firstMoment: this.firstMoment.slice(),
      secondMoment: this.secondMoment.slice(),
      updates: this.updates,
      learningRate: this.learningRate,
      shuffle: this.shuffle.state(),
      groups: await this.pool.snapshot(),
      returnNormalizer: this.returnNormalizer.state(),
      best: this.best,
      solvedInARow: this.solvedInARow,
    };
  }

  async restore(state: TrainingState): Promise<void> {
    this.iteration = state.iteration;
    this.steps = state.steps;
    this.started = this.clock() - 60_000 * state.minutes;
    this.parameters = state.parameters.slice();
    this.statistics.restore(state.statistics);
    this.firstMoment = state.firstMoment.slice();
    this.secondMoment = state.secondMoment.slice();
    this.updates = state.updates;
    this.learningRate = state.learningRate;
    this.shuffle.restore(state.shuffle);
    this.returnNormalizer.restore(state.returnNormalizer);
    this.best = state.best;
    this.solvedInARow = state.solvedInARow;
    await this.pool.restore(state.groups);
  }

  private minutes(): number {
    return (this.clock() - this.started) / 60_000;
  }

  /** Update the policy from the pool's data and return the losses. */
  private async learn(): Promise<Record<string, number>> {
    const { settings, policy } = this;
    const { numEpochs, numMinibatches, targetKl } = settings;
    const batch = this.gather();
    const numRows = batch.logProbs.length;
    const size = numRows / numMinibatches;
    const order = Int32Array.from({ length: numRows }, (_, row) => row);
    if (settings.learningRateSchedule === "linear") {
      this.learningRate = settings.learningRate * (1 - this.steps / settings.totalSteps);
    }
    const minibatch = {
      observations: new Float32Array(size * policy.observationSize),
      actions: new Float32Array(size * policy.actionSize),
      logProbs: new Float32Array(size),
      advantages: new Float32Array(size),
      returns: new Float32Array(size),
    };
    const losses = { policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0, gradNorm: 0 };
    for (let epoch = 0; epoch < numEpochs; epoch++) {
      this.shuffle.shuffle(order);
      for (const name of Object.keys(losses) as (keyof typeof losses)[]) losses[name] = 0;
      for (let start = 0; start < numRows; start += size) {
        const rows = order.subarray(start, start + size);
        take(batch.observations, rows, policy.observationSize, minibatch.observations);
        take(batch.actions, rows, policy.actionSize, minibatch.actions);
        for (const name of ["logProbs", "advantages", "returns"] as const)
          take(batch[name], rows, 1, minibatch[name]);
        const outputs = await this.update.run({
          parameters: this.parameters,
          firstMoment: this.firstMoment,
          secondMoment: this.secondMoment,
          step: Float32Array.of(this.updates),
          learningRate: Float32Array.of(this.learningRate),
          ...minibatch,
        });
        this.parameters = outputs.nextParameters as Float32Array;
        this.firstMoment = outputs.nextFirstMoment as Float32Array;
        this.secondMoment = outputs.nextSecondMoment as Float32Array;
        this.updates++;
        for (const name of Object.keys(losses) as (keyof typeof losses)[]) {
          losses[name] += outputs[name]![0]! / numMinibatches;
        }
      }
      if (losses.approxKl > 3 * targetKl) break;
    }
    if (settings.learningRateSchedule === "kl") this.adaptLearningRate(losses.approxKl);
    // only now: the rollout and its update saw the same normalisation
    for (const { observations } of this.pool.data) {
      this.statistics.update(observations, observations.length / policy.observationSize);
    }
    return {
      "train/policy_gradient_loss": losses.policyLoss,
      "train/value_loss": losses.valueLoss,
      "train/entropy_loss": -losses.entropy,
      "train/approx_kl": losses.approxKl,
      "train/clip_fraction": losses.clipFraction,
      "train/grad_norm": losses.gradNorm,
      "train/learning_rate": this.learningRate,
      "train/explained_variance": explainedVariance(batch.values, batch.returns),
      "train/std": meanStd(this.parameters, policy),
    };
  }

  private adaptLearningRate(kl: number): void {
    const { targetKl } = this.settings;
    const factor = kl > 2 * targetKl ? 1 / 1.5 : kl < targetKl / 2 ? 1.5 : 1;
    this.learningRate = Math.min(MAX_LEARNING_RATE, Math.max(MIN_LEARNING_RATE, this.learningRate * factor));
  }

  /** Join the groups' rollouts, normalised, with their advantages. */
  private gather() {
    const { settings, policy, pool } = this;
    const { numSteps, groupSize, gamma, gaeLambda, rewardScale } = settings;
    const rows = numSteps * groupSize;
    const total = rows * pool.data.length;
    const { observationMean, observationScale } = actingState(this.parameters, this.statistics);
    const batch = {
      observations: new Float32Array(total * policy.observationSize),
      actions: new Float32Array(total * policy.actionSize),
      logProbs: new Float32Array(total),
      advantages: new Float32Array(total),
      returns: new Float32Array(total),
      values: new Float32Array(total),
    };
    if (settings.normalizeReturn) {
      for (const [group, data] of pool.data.entries())
        this.returnNormalizer.observe({ ...data, firstEnv: group * groupSize, numEnvs: groupSize });
    }
    for (const [group, data] of pool.data.entries()) {
      const rewards = settings.normalizeReturn ? this.returnNormalizer.scale(data.rewards) : data.rewards;
      const { advantages, returns } = computeAdvantages({
        ...data,
        numSteps,
        numEnvs: groupSize,
        rewards: rewards.map((reward) => rewardScale * reward),
        gamma,
        lambda: gaeLambda,
      });
      const row = group * rows;
      batch.actions.set(data.actions, row * policy.actionSize);
      batch.logProbs.set(data.logProbs, row);
      batch.values.set(data.values, row);
      batch.advantages.set(advantages, row);
      batch.returns.set(returns, row);
      const size = policy.observationSize;
      for (let k = 0; k < data.observations.length; k++) {
        const value = Math.fround(
          Math.fround(data.observations[k]! - observationMean[k % size]!) * observationScale[k % size]!,
        );
        batch.observations[row * size + k] = Math.max(-OBSERVATION_CLIP, Math.min(OBSERVATION_CLIP, value));
      }
    }
    return batch;
  }

  private async validate(): Promise<EvaluationSummary> {
    const seeds = Array.from({ length: this.settings.validationEpisodes }, (_, k) => VALIDATION_SEED + k);
    return summarize(await this.pool.evaluate(actingState(this.parameters, this.statistics), seeds));
  }

  private keepIfBest({ successRate, meanReturn }: EvaluationSummary): boolean {
    this.solvedInARow = successRate >= this.settings.stopAtSuccess ? this.solvedInARow + 1 : 0;
    const { best } = this;
    const better =
      !best ||
      successRate > best.successRate ||
      (successRate === best.successRate && meanReturn > best.meanReturn);
    if (!better) return false;
    const { steps, parameters, statistics } = this;
    this.best = {
      steps,
      successRate,
      meanReturn,
      parameters: parameters.slice(),
      statistics: statistics.state(),
    };
    return true;
  }
}

function take(source: Float32Array, rows: Int32Array, width: number, target: Float32Array): void {
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r]! * width;
    for (let k = 0; k < width; k++) target[r * width + k] = source[from + k]!;
  }
}

function rolloutMetrics(episodes: readonly EpisodeResult[]): Record<string, number> {
  if (episodes.length === 0) return {};
  const mean = (value: (episode: EpisodeResult) => number) =>
    episodes.reduce((sum, episode) => sum + value(episode), 0) / episodes.length;
  const terms = Object.keys(episodes[0]!.rewardTerms).map((name) => {
    return [`reward/${name}`, mean((episode) => episode.rewardTerms[name] ?? 0)] as const;
  });
  return {
    "rollout/ep_rew_mean": mean((episode) => episode.return),
    "rollout/ep_len_mean": mean((episode) => episode.length),
    "rollout/success_rate": mean((episode) => (episode.success ? 1 : 0)),
    ...Object.fromEntries(terms),
  };
}

/** Share of the returns' variance that the values explain: 1 is perfect, 0 no better than a constant. */
function explainedVariance(values: Float32Array, returns: Float32Array): number {
  const variance = (x: (k: number) => number) => {
    let [sum, squares] = [0, 0];
    for (let k = 0; k < returns.length; k++) {
      sum += x(k);
      squares += x(k) ** 2;
    }
    return squares / returns.length - (sum / returns.length) ** 2;
  };
  const total = variance((k) => returns[k]!);
  return total === 0 ? 0 : 1 - variance((k) => returns[k]! - values[k]!) / total;
}

/** Mean standard deviation of the actions, read from the part of the parameters named "log_std". */
function meanStd(parameters: Float32Array, { layout }: Policy): number {
  let offset = 0;
  for (const [index, { name }] of layout.specs.entries()) {
    const size = layout.sizes[index]!;
    if (name === "log_std") {
      return parameters
        .subarray(offset, offset + size)
        .reduce((sum, value) => sum + Math.exp(value) / size, 0);
    }
    offset += size;
  }
  return Number.NaN;
}

// The training loop of PPO: roll out, estimate advantages, update, validate.
import { loadEngine } from "../compile/engine.js";
import type { EnvFactory } from "../env/env.js";
import type { EpisodeResult } from "../env/vec-env.js";
import { createRandom } from "../math/random.js";
import { RunningStatistics } from "../math/running-statistics.js";
import { UsageError } from "../math/usage-error.js";
import { clonePolicy, requireCloneable } from "./cloning.js";
import { type Demonstrations, settingsFromDemonstrations } from "./demonstrations.js";
import { DistillationLearner } from "./distillation-learner.js";
import { type EvaluationSummary, summarize, VALIDATION_SEED } from "./evaluate.js";
import { actingState } from "./inference.js";
import { localPool } from "./local-pool.js";
import { observationFloors, observedEntries } from "./observation-floor.js";
import { type AgentDefinition, type Policy, policyFor, policySizes } from "./policy.js";
import { PpoLearner } from "./ppo-learner.js";
import type { PpoSettings } from "./ppo-settings.js";
import { type PretrainedEncoder, requireFit, takeEncoder } from "./pretrained-encoder.js";
import { requireSamePolicy } from "./require-same-policy.js";
import {
  resolveSettings,
  resolveTrainEnv,
  settingsFromRandomization,
  settingsFromTeacher,
} from "./resolve-settings.js";
import { ReturnNormalizer } from "./return-normalizer.js";
import { keptObservations, rolloutBatch } from "./rollout-batch.js";
import type { RolloutPlan, RolloutPool } from "./rollout-host.js";
import { settingsFromPolicy, startingParameters } from "./start-policy.js";
import type { TeacherDefinition } from "./teacher.js";
import { explainedVariance, meanStd, rolloutMetrics } from "./training-metrics.js";
import type { BestPolicy, StartReport, TrainedPolicy, TrainingState } from "./training-state.js";

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
  /** The same where it is trained; default: the agent's tuning for the environment, and above that `envConfig`. */
  readonly trainEnv?: Readonly<Record<string, unknown>>;
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
  /** Start from this policy, of the same agent, with its observation statistics; the optimiser starts afresh. */
  readonly start?: TrainedPolicy;
  /** Start with this image encoder, made by `pretrainEncoder` for the same cameras. */
  readonly encoder?: PretrainedEncoder;
  /** Start as a clone of these. */
  readonly demonstrations?: Demonstrations;
  /** Imitate this teacher instead of learning from rewards; `createPool`, where given, must know it as well. */
  readonly teacher?: TeacherDefinition;
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

const EPISODE_WINDOW = 100;

/** Train until `totalSteps`, "stop", the signal, or `stopAtSuccess`; the same options give the same bits. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { env, agent, seed = 1, envConfig = {}, engine = "native", resume } = options;
  const { start, encoder, demonstrations, teacher } = options;
  const { spec } = env.create(envConfig);
  const settings = resolveSettings(agent, env.id, {
    ...settingsFromRandomization(agent, spec),
    ...(start ? settingsFromPolicy(agent, env.id) : {}),
    ...(demonstrations ? settingsFromDemonstrations(agent, env.id, demonstrations) : {}),
    ...(teacher ? settingsFromTeacher(agent, env.id) : {}),
    ...options.settings,
  });
  const evalEnv = envConfig;
  const { trainEnv = resolveTrainEnv(agent, env, envConfig) } = options;
  const policy = policyFor(agent, spec, settings);
  if (demonstrations) requireCloneable(policy, agent.id);
  if (encoder) {
    const { encoder: kind = "patch" } = settings;
    requireFit(encoder, "The encoder", policy, { image: spec.image, encoder: kind, agent: agent.id });
  }
  const known = resume ?? start;
  if (known) requireSamePolicy(known, policy, agent.id);
  const plan: RolloutPlan = {
    settings,
    seed,
    trainEnv,
    evalEnv,
    engine,
    sizes: policySizes(policy),
  };
  const pool = await (options.createPool ? options.createPool(plan) : localPool(plan, env, agent, teacher));
  try {
    const learner = teacher
      ? await DistillationLearner.create(policy, settings, seed, engine)
      : await PpoLearner.create(policy, settings, seed, engine);
    const floor = observationFloors(observedEntries(spec, policy));
    const trainer = new Trainer(options, settings, policy, pool, learner, floor);
    if (encoder && !resume) takeEncoder(learner.optimizer.parameters, policy, encoder);
    if (resume) await trainer.restore(resume);
    else if (start) await trainer.startFrom(start);
    else if (demonstrations) await trainer.clone(demonstrations, seed, engine);
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
  private readonly learner: PpoLearner | DistillationLearner;
  private readonly statistics: RunningStatistics;
  private readonly returnNormalizer: ReturnNormalizer;
  private readonly clock: () => number;
  private started: number;
  private iteration = 0;
  private steps = 0;
  private best: BestPolicy | null = null;
  private start: StartReport | undefined;
  private solvedInARow = 0;
  private recent: EpisodeResult[] = [];

  constructor(
    options: TrainOptions,
    settings: PpoSettings,
    policy: Policy,
    pool: RolloutPool,
    learner: PpoLearner | DistillationLearner,
    floor: readonly number[],
  ) {
    this.options = options;
    this.settings = settings;
    this.policy = policy;
    this.pool = pool;
    this.learner = learner;
    this.statistics = new RunningStatistics(policy.observationSize, floor);
    this.returnNormalizer = new ReturnNormalizer(settings.numEnvs, settings.gamma);
    this.clock = options.clock ?? (() => performance.now());
    this.started = this.clock();
  }

  async run(): Promise<TrainResult> {
    const { settings, options } = this;
    const stepsPerIteration = settings.numEnvs * settings.numSteps;
    let done = this.finished();
    while (!done) {
      const begin = this.clock();
      const { learner } = this;
      const guidance = learner instanceof DistillationLearner ? learner.guidance(this.iteration) : undefined;
      const episodes = await this.pool.collect(this.acting(), guidance);
      const rolledOut = this.clock();
      const losses =
        learner instanceof DistillationLearner ? await this.imitate(learner) : await this.learn(learner);
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
      ...this.learner.state(),
      statistics: this.statistics.state(),
      ...this.memory(),
      groups: await this.pool.snapshot(),
      returnNormalizer: this.returnNormalizer.state(),
      best: this.best,
      ...(this.start ? { start: this.start } : {}),
      solvedInARow: this.solvedInARow,
      recent: this.recent,
      finished: this.finished(),
    };
  }

  async restore(state: TrainingState): Promise<void> {
    this.iteration = state.iteration;
    this.steps = state.steps;
    this.started = this.clock() - 60_000 * state.minutes;
    this.learner.restore(state);
    this.statistics.restore(state.statistics);
    this.returnNormalizer.restore(state.returnNormalizer);
    this.best = state.best;
    this.start = state.start;
    this.solvedInARow = state.solvedInARow;
    this.recent = [...state.recent];
    await this.pool.restore(state.groups);
  }

  /** Take a trained policy over and validate it, before the first rollout: it stays the best until there is a better one. */
  async startFrom({ parameters, statistics }: TrainedPolicy): Promise<void> {
    const { initialLogStd } = this.settings;
    this.learner.optimizer.parameters = startingParameters(this.policy, parameters, initialLogStd);
    this.statistics.restore(statistics);
    const validation = await this.validate();
    this.keepIfBest(validation);
    this.start = { successRate: validation.successRate };
  }

  /** Take the demonstrations' actions and observation statistics over, before the first rollout. */
  async clone(demonstrations: Demonstrations, seed: number | string, engine: string): Promise<void> {
    const { parameters, statistics } = await clonePolicy(
      await loadEngine(engine),
      this.policy,
      demonstrations,
      {
        parameters: this.learner.optimizer.parameters,
        epochs: this.settings.cloneEpochs,
        random: createRandom(`${seed}/clone`),
        floor: [...this.statistics.floor],
      },
    );
    this.learner.optimizer.parameters = parameters;
    this.statistics.restore(statistics.state());
  }

  private finished(): boolean {
    return this.steps >= this.settings.totalSteps || this.solvedInARow >= 2;
  }

  private minutes(): number {
    return (this.clock() - this.started) / 60_000;
  }

  private acting() {
    return actingState(this.learner.optimizer.parameters, this.statistics);
  }

  /** Imitate the teacher and return what to log. */
  private async imitate(learner: DistillationLearner): Promise<Record<string, number>> {
    const { pool, settings } = this;
    // before learning: the first statistics are those of nothing at all
    this.observeStatistics();
    const losses = await learner.learn(pool.data, this.acting(), this.steps / settings.totalSteps);
    if (!losses) throw this.nothingToLearn();
    return {
      "train/imitation_loss": losses.imitationLoss,
      "train/auxiliary_loss": losses.auxiliaryLoss,
      "train/grad_norm": losses.gradNorm,
      "train/learning_rate": learner.optimizer.learningRate,
    };
  }

  private nothingToLearn(): UsageError {
    return new UsageError(
      `${this.options.env.id}: the NaN guard dropped every episode since step ${this.steps}, so there is nothing to learn from. "armgym check" looks at the environment closely.`,
    );
  }

  private observeStatistics(): void {
    for (const { observations, excluded } of this.pool.data) {
      const { rows, count } = keptObservations(observations, excluded);
      if (count > 0) this.statistics.update(rows, count);
    }
  }

  /** Update the policy from the pool's data and return what to log. */
  private async learn(learner: PpoLearner): Promise<Record<string, number>> {
    const { settings, policy, pool } = this;
    const batch = rolloutBatch(pool.data, this.acting(), settings, this.returnNormalizer);
    if (batch.rows.length === 0) throw this.nothingToLearn();
    const criticOnly = this.iteration < settings.criticIterations;
    const losses = await learner.learn(batch, this.steps / settings.totalSteps, criticOnly);
    // only now: the rollout and its update saw the same normalisation
    if (!settings.freezeStatistics) this.observeStatistics();
    return {
      "train/policy_gradient_loss": losses.policyLoss,
      "train/value_loss": losses.valueLoss,
      "train/entropy_loss": -losses.entropy,
      "train/approx_kl": losses.approxKl,
      "train/clip_fraction": losses.clipFraction,
      "train/grad_norm": losses.gradNorm,
      "train/learning_rate": learner.optimizer.learningRate,
      "train/explained_variance": explainedVariance(batch.values, batch.returns, batch.rows),
      "train/std": meanStd(learner.optimizer.parameters, policy, settings.minLogStd),
    };
  }

  private async validate(): Promise<EvaluationSummary> {
    const seeds = Array.from({ length: this.settings.validationEpisodes }, (_, k) => VALIDATION_SEED + k);
    return summarize(await this.pool.evaluate(this.acting(), seeds));
  }

  private keepIfBest({ successRate, meanReturn }: EvaluationSummary): boolean {
    this.solvedInARow = successRate >= this.settings.stopAtSuccess ? this.solvedInARow + 1 : 0;
    const { best } = this;
    const better =
      !best ||
      successRate > best.successRate ||
      (successRate === best.successRate && meanReturn > best.meanReturn);
    if (!better) return false;
    this.best = {
      steps: this.steps,
      successRate,
      meanReturn,
      parameters: this.learner.optimizer.parameters.slice(),
      statistics: this.statistics.state(),
      ...this.memory(),
    };
    return true;
  }

  private memory(): Pick<TrainedPolicy, "memory"> {
    return this.policy.memory ? { memory: this.policy.memory } : {};
  }
}

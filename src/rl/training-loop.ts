// The training loop: roll out, learn, validate, iteration by iteration.
import { loadEngine } from "../compile/engines/load-engine.js";
import type { EpisodeResult } from "../env/vec-env.js";
import type { CallbackList } from "../learn/callbacks.js";
import { tellingDivergence } from "../learn/divergence.js";
import { createRandom } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import { type EvaluationSummary, summarize } from "./evaluate.js";
import { VALIDATION_SEED } from "./evaluation-seeds.js";
import { clonePolicy } from "./imitation/cloning.js";
import type { Demonstrations } from "./imitation/demonstrations.js";
import { actingWeights, type Learner } from "./learner.js";
import type { Policy } from "./policy.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import type { RolloutPool } from "./rollout/rollout-host.js";
import { startingParameters } from "./start-policy.js";
import { type TrainingCallback, trainingCallbacks } from "./training-callback.js";
import { distributionsOf } from "./training-distributions.js";
import { rolloutMetrics, validationMetrics } from "./training-metrics.js";
import type { TrainOptions } from "./training-options.js";
import type { IterationReport, TrainResult } from "./training-report.js";
import type { BestPolicy, StartReport, TrainedPolicy, TrainingState } from "./training-state.js";
import { doneByValidation, shareOfAll, withValidation } from "./validation.js";

/** The rollout/ metrics are means over this many episodes. */
const EPISODE_WINDOW = 100;

/** Trains a policy iteration by iteration; `train` makes one. */
export class TrainingLoop {
  private readonly options: TrainOptions;
  private readonly settings: PpoSettings;
  private readonly policy: Policy;
  private readonly pool: RolloutPool;
  private readonly learner: Learner;
  private readonly callbacks: CallbackList<TrainingCallback>;
  private readonly clock: () => number;
  private started: number;
  private steps = 0;
  /** Iterations done. */
  private iteration = 0;
  private best: BestPolicy | null = null;
  private start: StartReport | undefined;
  private validated: readonly number[] = [];
  private recent: EpisodeResult[] = [];

  constructor(
    options: TrainOptions,
    settings: PpoSettings,
    policy: Policy,
    pool: RolloutPool,
    learner: Learner,
  ) {
    this.options = options;
    this.settings = settings;
    this.policy = policy;
    this.pool = pool;
    this.learner = learner;
    const { totalSteps } = settings;
    this.callbacks = trainingCallbacks(options, () => ({
      iteration: this.iteration,
      steps: this.steps,
      totalSteps,
    }));
    this.clock = options.clock ?? (() => performance.now());
    this.started = this.clock();
  }

  /** Report that training starts; returns whether no callback stops it. */
  async begin(): Promise<boolean> {
    await this.callbacks.call("onTrainingStart", (one, context) => one.onTrainingStart?.(context));
    return !this.callbacks.stopped;
  }

  /** Report that training is over, and return `result`. */
  async end(result: TrainResult): Promise<TrainResult> {
    await this.callbacks.call("onTrainingEnd", (one, context) => one.onTrainingEnd?.(result, context));
    return result;
  }

  /** Train until something ends it. */
  async run(): Promise<TrainResult> {
    const { options, callbacks } = this;
    let interrupted: TrainingState | undefined;
    let done = this.finished() || callbacks.stopped;
    while (!done) {
      const report = await this.iterate();
      if ("interrupted" in report) {
        interrupted = report.interrupted;
        break;
      }
      await callbacks.call("onIteration", (one, context) => one.onIteration?.(report, context));
      done = report.last || this.stopping();
      const checkpoint = await options.keep?.({ ...report, last: done });
      callbacks.endIteration();
      if (checkpoint)
        await callbacks.call("onCheckpoint", (one, context) => one.onCheckpoint?.(checkpoint, context));
      done ||= this.stopping();
    }
    return this.end(await this.result(interrupted));
  }

  /** Roll out, learn, and validate where that is due; where the signal interrupts the validation, return the state before. */
  private async iterate(): Promise<IterationReport | { readonly interrupted: TrainingState }> {
    const { settings, options, pool, learner, callbacks } = this;
    const stepsPerIteration = settings.numEnvs * settings.numSteps;
    const due = this.validationDue();
    const before = due && options.signal ? await this.state() : undefined;
    await callbacks.call("onRolloutStart", (one, context) => one.onRolloutStart?.(context));
    const begin = this.clock();
    const progress = { iteration: this.iteration, share: this.steps / settings.totalSteps };
    const episodes = await pool.collect(actingWeights(learner), learner.collection(progress));
    const rolledOut = this.clock();
    await this.reportRollout(episodes);
    const updating = this.clock();
    const losses = await this.tellingDivergence(() => learner.learn(pool.data, progress));
    if (!losses) throw this.nothingToLearn();
    const learned = this.clock();
    this.iteration++;
    this.steps += stepsPerIteration;
    const validation = due ? await this.validate() : undefined;
    if (before && !validation) return { interrupted: before };
    const improved = validation !== undefined && this.keepIfBest(validation);
    if (validation) await this.reportEvaluation(validation, improved);
    const counted = episodes.filter(({ dropped }) => !dropped);
    this.recent = [...this.recent, ...counted].slice(-EPISODE_WINDOW);
    return {
      iteration: this.iteration,
      steps: this.steps,
      totalSteps: settings.totalSteps,
      minutes: this.minutes(),
      metrics: callbacks.report({
        ...rolloutMetrics(this.recent),
        ...losses,
        ...(validation ? validationMetrics(validation) : {}),
        "time/fps": (1000 * stepsPerIteration) / (rolledOut - begin + (learned - updating)),
        "time/rollout_seconds": (rolledOut - begin) / 1000,
        "time/update_seconds": (learned - updating) / 1000,
        "time/total_timesteps": this.steps,
      }),
      ...(validation ? { validation } : {}),
      improved,
      episodes,
      last: this.finished() || this.stopping(),
      ...this.endedBy(),
      state: () => this.state(),
      distributions: () => distributionsOf(this.policy, learner.optimizer.parameters, pool.data),
    };
  }

  async state(): Promise<TrainingState> {
    return {
      iteration: this.iteration,
      steps: this.steps,
      minutes: this.minutes(),
      ...this.learner.state(),
      ...this.traits(),
      groups: await this.pool.snapshot(),
      best: this.best,
      ...(this.start ? { start: this.start } : {}),
      validated: this.validated,
      totalSteps: this.settings.totalSteps,
      recent: this.recent,
      finished: this.finished(),
    };
  }

  async restore(state: TrainingState): Promise<void> {
    this.iteration = state.iteration;
    this.steps = state.steps;
    this.started = this.clock() - 60_000 * state.minutes;
    this.requireSameSchedule(state);
    this.learner.restore(state);
    this.best = state.best;
    this.start = state.start;
    this.validated = state.validated;
    this.recent = [...state.recent];
    await this.pool.restore(state.groups);
  }

  /**
   * Take a trained policy over and validate it, before the first rollout: it stays the best until there is a better one.
   *
   * Returns the state to begin with again where the signal interrupts the validation.
   */
  async startFrom({ parameters, statistics }: TrainedPolicy): Promise<TrainingState | undefined> {
    const { initialLogStd } = this.settings;
    const before = await this.state();
    this.learner.optimizer.parameters = startingParameters(this.policy, parameters, initialLogStd);
    this.learner.statistics.restore(statistics);
    const validation = await this.validate();
    if (!validation) return before;
    await this.reportEvaluation(validation, this.keepIfBest(validation));
    this.start = { successRate: validation.successRate };
    return undefined;
  }

  /**
   * Take the demonstrations' actions and observation statistics over, before the first rollout.
   *
   * Returns the state to begin with again where the signal interrupts that.
   */
  async clone(
    demonstrations: Demonstrations,
    seed: number | string,
    engine: string,
  ): Promise<TrainingState | undefined> {
    const loaded = await loadEngine(engine);
    const { signal } = this.options;
    const { parameters, statistics } = await this.tellingDivergence(() =>
      clonePolicy(loaded, this.policy, demonstrations, {
        parameters: this.learner.optimizer.parameters,
        epochs: this.settings.bcEpochs,
        random: createRandom(`${seed}/clone`),
        floor: [...this.learner.statistics.floor],
        ...(signal ? { signal } : {}),
      }),
    );
    if (signal?.aborted) return this.state();
    this.learner.optimizer.parameters = parameters;
    this.learner.statistics.restore(statistics.state());
    return undefined;
  }

  private async reportRollout(episodes: readonly EpisodeResult[]): Promise<void> {
    const { callbacks } = this;
    for (const episode of episodes)
      await callbacks.call("onEpisodeEnd", (one, context) => one.onEpisodeEnd?.(episode, context));
    await callbacks.call("onRolloutEnd", (one, context) => one.onRolloutEnd?.({ episodes }, context));
  }

  private async reportEvaluation(validation: EvaluationSummary, improved: boolean): Promise<void> {
    const report = { validation, improved };
    await this.callbacks.call("onEvaluation", (one, context) => one.onEvaluation?.(report, context));
  }

  private async result(interrupted: TrainingState | undefined): Promise<TrainResult> {
    const { settings } = this;
    if (interrupted) return { settings, state: interrupted, policy: interrupted.best ?? interrupted };
    const state = await this.state();
    return { settings, state, policy: this.best ?? state, ...this.endedBy() };
  }

  /** Tell whether the signal or a callback ends training. */
  private stopping(): boolean {
    return this.callbacks.stopped || this.options.signal?.aborted === true;
  }

  private finished(): boolean {
    return this.endedBy().endedBy !== undefined;
  }

  private endedBy(): Pick<TrainResult, "endedBy"> {
    const reason =
      doneByValidation(this.validated, this.settings) ??
      (this.steps >= this.settings.totalSteps ? "steps" : undefined);
    return reason ? { endedBy: reason } : {};
  }

  /** Tell whether the iteration that begins ends with a validation. */
  private validationDue(): boolean {
    const { numEnvs, numSteps, totalSteps, evalInterval: interval } = this.settings;
    const after = this.steps + numEnvs * numSteps;
    return after >= totalSteps || Math.floor(this.steps / interval) < Math.floor(after / interval);
  }

  /** Throw a UsageError where a schedule that ends with training would jump because the end has moved. */
  private requireSameSchedule({ totalSteps, steps, learningRate }: TrainingState): void {
    const { settings, learner } = this;
    if (!learner.rateFallsToEnd || totalSteps === undefined || totalSteps === settings.totalSteps) return;
    throw new UsageError(
      `Setting "totalSteps" is ${settings.totalSteps}, but the state to go on from, at step ${steps}, was trained by a learning rate that ` +
        `falls until step ${totalSteps} and is ${Number(learningRate.toPrecision(3))} by now: it would jump. Go on with totalSteps ${totalSteps}, ` +
        "or start anew from its policy: train({ start: state.best ?? state }).",
    );
  }

  private tellingDivergence<Result>(run: () => Promise<Result>): Promise<Result> {
    const { learner, options, iteration, steps } = this;
    const where = `${options.env.id}: training diverged in iteration ${iteration + 1}, after step ${steps}`;
    return tellingDivergence(() => ({ where, ...learner.suspects }), run);
  }

  private minutes(): number {
    return (this.clock() - this.started) / 60_000;
  }

  private nothingToLearn(): UsageError {
    return new UsageError(
      `${this.options.env.id}: the NaN guard dropped every episode since step ${this.steps}, so there is nothing to learn from. "armgym check" looks at the environment closely.`,
    );
  }

  /** Validate the policy; returns undefined where the signal interrupted it. */
  private async validate(): Promise<EvaluationSummary | undefined> {
    const seeds = Array.from({ length: this.settings.validationEpisodes }, (_, k) => VALIDATION_SEED + k);
    const episodes = await this.pool.evaluate(actingWeights(this.learner), seeds);
    return episodes.length < seeds.length ? undefined : summarize(episodes);
  }

  private keepIfBest(validation: EvaluationSummary): boolean {
    const { meanReturn } = validation;
    const successRate = shareOfAll(validation);
    this.validated = withValidation(this.validated, successRate);
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
      statistics: this.learner.statistics.state(),
      ...this.traits(),
    };
    return true;
  }

  private traits(): Pick<TrainedPolicy, "memory" | "parts"> {
    const { memory, layout } = this.policy;
    const parts = layout.specs.map(({ name, shape }) => ({ name, shape }));
    return { ...(memory ? { memory } : {}), parts };
  }
}

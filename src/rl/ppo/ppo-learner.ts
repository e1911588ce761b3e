// Proximal policy optimisation: from rollouts to advantages, epochs of minibatches, and a learning rate that follows the update.
import type { CompiledFunction } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { fit, type Losses } from "../../learn/fit.js";
import { klAdaptedRate, linearRate } from "../../learn/learning-rate-schedule.js";
import { Optimizer } from "../../learn/optimizer.js";
import { createRandom, type Random } from "../../math/random.js";
import { RunningStatistics } from "../../math/running-statistics.js";
import { initializeParameters, partNamed } from "../../nn/parameters.js";
import {
  actingWeights,
  type Learner,
  type LearnerOptions,
  type LearnerState,
  type Metrics,
  observeRollouts,
  type Progress,
} from "../learner.js";
import type { Policy } from "../policy.js";
import { ReturnNormalizer } from "../rollout/return-normalizer.js";
import { type RolloutBatch, rolloutBatch } from "../rollout/rollout-batch.js";
import type { RolloutBuffer } from "../rollout/rollout-buffer.js";
import type { PolicyCollection } from "../rollout/strategies/strategy.js";
import { explainedVariance, meanStd } from "../training-metrics.js";
import { minibatchSize, ppoMinibatches } from "./ppo-minibatches.js";
import type { PpoSettings } from "./ppo-settings.js";
import { ppoUpdate, ppoUpdateInputs } from "./ppo-update.js";

const LOSSES = ["policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction", "gradNorm"] as const;

/** Means over the minibatches of the last epoch. */
export type PpoLosses = Losses<(typeof LOSSES)[number]>;

/** Epochs end early once the update has moved the policy this many times further than `targetKl`. */
const KL_STOP = 3;

/** Learns by PPO; draws the first parameters and the order of rows from streams of the seed. */
export class PpoLearner implements Learner {
  readonly optimizer: Optimizer;
  readonly statistics: RunningStatistics;
  readonly rateFallsToEnd: boolean;
  private readonly returnNormalizer: ReturnNormalizer;
  private readonly settings: PpoSettings;
  private readonly policy: Policy;
  private readonly compiled: CompiledFunction;
  /** There where the first iterations train the critic alone. */
  private readonly compiledCritic: CompiledFunction | undefined;
  private readonly shuffle: Random;

  private constructor(
    policy: Policy,
    settings: PpoSettings,
    { seed, floor }: LearnerOptions,
    compiled: CompiledFunction,
    compiledCritic: CompiledFunction | undefined,
  ) {
    this.policy = policy;
    this.settings = settings;
    this.compiled = compiled;
    this.compiledCritic = compiledCritic;
    this.rateFallsToEnd = settings.learningRateSchedule === "linear";
    this.shuffle = createRandom(`${seed}/shuffle`);
    const parameters = initializeParameters(policy.layout, createRandom(`${seed}/parameters`));
    this.optimizer = new Optimizer(parameters, settings.learningRate);
    this.statistics = new RunningStatistics(policy.observationSize, floor);
    this.returnNormalizer = new ReturnNormalizer(settings.numEnvs, settings.gamma);
  }

  /** Compile the update for the batch size that `settings` ask for. */
  static async create(policy: Policy, settings: PpoSettings, options: LearnerOptions): Promise<PpoLearner> {
    const engine = await loadEngine(options.engine);
    const { numRows, numUnits } = minibatchSize(policy, settings);
    const inputs = ppoUpdateInputs(policy, numRows, numUnits);
    const compiled = await engine.compile(ppoUpdate(policy, settings), inputs);
    const compiledCritic =
      settings.criticWarmupIterations > 0
        ? await engine.compile(ppoUpdate(policy, settings, "critic"), inputs)
        : undefined;
    return new PpoLearner(policy, settings, options, compiled, compiledCritic);
  }

  get suspects(): Learner["suspects"] {
    const { learningRateSchedule, maxGradNorm, rewardScale, valueCoef, clipCoef } = this.settings;
    const { learningRate } = this.optimizer;
    const lower = Number((this.settings.learningRate / 3).toPrecision(1));
    return {
      settings: { learningRate, learningRateSchedule, maxGradNorm, rewardScale, valueCoef, clipCoef },
      attempt: `a lower learningRate (${lower}) with the schedule "kl", a lower maxGradNorm, or normalizeReturn where rewards are large`,
    };
  }

  collection(): PolicyCollection {
    return { by: "policy" };
  }

  async learn(
    rollouts: readonly RolloutBuffer[],
    { iteration, share }: Progress,
  ): Promise<Metrics | undefined> {
    const { settings, policy, optimizer } = this;
    const batch = rolloutBatch(rollouts, actingWeights(this), settings, this.returnNormalizer);
    if (batch.rows.length === 0) return undefined;
    const losses = await this.update(batch, share, iteration < settings.criticWarmupIterations);
    // only now: the rollout and its update saw the same normalisation
    if (!settings.freezeNormalizer) observeRollouts(this.statistics, rollouts);
    return {
      "train/policy_gradient_loss": losses.policyLoss,
      "train/value_loss": losses.valueLoss,
      "train/entropy_loss": -losses.entropy,
      "train/approx_kl": losses.approxKl,
      "train/clip_fraction": losses.clipFraction,
      "train/grad_norm": losses.gradNorm,
      "train/learning_rate": optimizer.learningRate,
      "train/explained_variance": explainedVariance(batch.values, batch.returns, batch.rows),
      "train/std": meanStd(optimizer.parameters, policy, settings.minLogStd),
    };
  }

  /**
   * Update the parameters by epochs over `batch`; `progress` is the share of training done, for a learning rate that falls.
   *
   * With `criticOnly` the actor stays as it is, and so does a learning rate that follows the KL divergence.
   */
  async update(batch: RolloutBatch, progress: number, criticOnly = false): Promise<PpoLosses> {
    const { settings, policy, optimizer } = this;
    const { learningRate: start, learningRateSchedule: schedule, targetKl } = settings;
    if (schedule === "linear") optimizer.learningRate = linearRate(start, progress);
    const losses = await fit({
      optimizer,
      update: criticOnly ? this.compiledCritic! : this.compiled,
      minibatches: ppoMinibatches(batch, settings, policy, this.shuffle),
      numEpochs: settings.numEpochs,
      losses: LOSSES,
      onBatch: () => this.keepSpread(),
      onEpoch: ({ approxKl }) => approxKl <= KL_STOP * targetKl,
    });
    const { learningRate: rate } = optimizer;
    if (schedule === "kl" && !criticOnly)
      optimizer.learningRate = klAdaptedRate({ rate, start, kl: losses.approxKl, targetKl });
    return losses;
  }

  state(): LearnerState {
    return {
      ...this.optimizer.state(),
      shuffle: this.shuffle.state(),
      statistics: this.statistics.state(),
      returnNormalizer: this.returnNormalizer.state(),
    };
  }

  restore(state: LearnerState): void {
    const { learningRateSchedule, learningRate } = this.settings;
    this.optimizer.restore(state);
    if (learningRateSchedule === "constant") this.optimizer.learningRate = learningRate;
    this.shuffle.restore(state.shuffle);
    this.statistics.restore(state.statistics);
    this.returnNormalizer.restore(state.returnNormalizer);
  }

  /**
   * Take logarithms of the actions' spread that an update moved below `minLogStd` back to it. Policies cut them off there,
   * and below the cut no gradient would ever raise them again.
   */
  private keepSpread(): void {
    const { minLogStd } = this.settings;
    const logStd = partNamed(this.optimizer.parameters, this.policy.layout, "log_std");
    for (const [k, value] of logStd?.entries() ?? []) if (value < minLogStd) logStd![k] = minLogStd;
  }
}

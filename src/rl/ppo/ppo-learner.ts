// The learning half of PPO: epochs of minibatches over a batch, with the optimiser's state and the learning rate.
import type { CompiledFunction } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { fit, type Losses } from "../../learn/fit.js";
import { Optimizer, type OptimizerState } from "../../learn/optimizer.js";
import { createRandom, type Random, type RandomState } from "../../math/random.js";
import { initializeParameters, partNamed } from "../../nn/parameters.js";
import type { Policy } from "../policy.js";
import type { RolloutBatch } from "../rollout/rollout-batch.js";
import { minibatchSize, ppoMinibatches } from "./ppo-minibatches.js";
import type { PpoSettings } from "./ppo-settings.js";
import { ppoUpdate, ppoUpdateInputs } from "./ppo-update.js";

/** State of a learner as plain data. */
export interface PpoLearnerState extends OptimizerState {
  readonly shuffle: RandomState;
}

const LOSSES = ["policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction", "gradNorm"] as const;

/** Means over the minibatches of the last epoch. */
export type PpoLosses = Losses<(typeof LOSSES)[number]>;

const MIN_LEARNING_RATE = 1e-5;
const MAX_LEARNING_RATE = 3e-3;
/** Epochs end early once the update has moved the policy this many times further than `targetKl`. */
const KL_STOP = 3;

/** Owns the parameters; draws their first values and the order of rows from streams of `seed`. */
export class PpoLearner {
  readonly optimizer: Optimizer;
  private readonly settings: PpoSettings;
  private readonly policy: Policy;
  private readonly update: CompiledFunction;
  /** There where the first iterations train the critic alone. */
  private readonly criticUpdate: CompiledFunction | undefined;
  private readonly shuffle: Random;

  private constructor(
    policy: Policy,
    settings: PpoSettings,
    seed: number | string,
    update: CompiledFunction,
    criticUpdate: CompiledFunction | undefined,
  ) {
    this.policy = policy;
    this.settings = settings;
    this.update = update;
    this.criticUpdate = criticUpdate;
    this.shuffle = createRandom(`${seed}/shuffle`);
    const parameters = initializeParameters(policy.layout, createRandom(`${seed}/parameters`));
    this.optimizer = new Optimizer(parameters, settings.learningRate);
  }

  /** Compile the update for the batch size that `settings` ask for. */
  static async create(
    policy: Policy,
    settings: PpoSettings,
    seed: number | string,
    engine: string,
  ): Promise<PpoLearner> {
    const compiler = await loadEngine(engine);
    const { numRows, numUnits } = minibatchSize(policy, settings);
    const inputs = ppoUpdateInputs(policy, numRows, numUnits);
    const update = await compiler.compile(ppoUpdate(policy, settings), inputs);
    const criticUpdate =
      settings.criticWarmupIterations > 0
        ? await compiler.compile(ppoUpdate(policy, settings, "critic"), inputs)
        : undefined;
    return new PpoLearner(policy, settings, seed, update, criticUpdate);
  }

  /**
   * Learn from `batch`; `progress` is the share of training done, for a learning rate that falls.
   *
   * With `criticOnly` the actor stays as it is, and so does a learning rate that follows the KL divergence.
   */
  async learn(batch: RolloutBatch, progress: number, criticOnly = false): Promise<PpoLosses> {
    const { settings, policy, optimizer } = this;
    if (settings.learningRateSchedule === "linear")
      optimizer.learningRate = settings.learningRate * (1 - progress);
    const losses = await fit({
      optimizer,
      update: criticOnly ? this.criticUpdate! : this.update,
      minibatches: ppoMinibatches(batch, settings, policy, this.shuffle),
      numEpochs: settings.numEpochs,
      losses: LOSSES,
      onBatch: () => this.keepSpread(),
      onEpoch: ({ approxKl }) => approxKl <= KL_STOP * settings.targetKl,
    });
    if (settings.learningRateSchedule === "kl" && !criticOnly) this.adaptLearningRate(losses.approxKl);
    return losses;
  }

  /** Copy the state to go on from. */
  state(): PpoLearnerState {
    return { ...this.optimizer.state(), shuffle: this.shuffle.state() };
  }

  /** Continue from a state returned by `state`. */
  restore(state: PpoLearnerState): void {
    this.optimizer.restore(state);
    this.shuffle.restore(state.shuffle);
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

  /** Keep the KL divergence of an update within a factor of 2 of its target, as rsl_rl and rl_games do. */
  private adaptLearningRate(kl: number): void {
    const { targetKl, learningRate } = this.settings;
    const factor = kl > 2 * targetKl ? 1 / 1.5 : kl < targetKl / 2 ? 1.5 : 1;
    // a rate that was asked for is within its own bounds
    this.optimizer.learningRate = Math.min(
      Math.max(MAX_LEARNING_RATE, learningRate),
      Math.max(Math.min(MIN_LEARNING_RATE, learningRate), this.optimizer.learningRate * factor),
    );
  }
}

// The learning half of PPO: epochs of minibatches over a batch, with the optimiser's state and the learning rate.
import type { Arrays, CompiledFunction } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { createRandom, type Random, type RandomState } from "../../math/random.js";
import { memorySize } from "../../model/model.js";
import { initializeParameters, partNamed } from "../../nn/parameters.js";
import { imageSize, type Policy } from "../policy.js";
import { type RolloutBatch, takeRows } from "../rollout/rollout-batch.js";
import { takeSequences } from "../rollout/sequence-minibatch.js";
import { sequenceStarts } from "../rollout/sequence-starts.js";
import { Optimizer, type OptimizerState } from "./optimizer.js";
import type { PpoSettings } from "./ppo-settings.js";
import { ppoUpdate, ppoUpdateInputs } from "./ppo-update.js";

/** State of a learner as plain data. */
export interface PpoLearnerState extends OptimizerState {
  readonly shuffle: RandomState;
}

/** Means over the minibatches of the last epoch. */
export interface PpoLosses {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly approxKl: number;
  readonly clipFraction: number;
  readonly gradNorm: number;
}

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
    const batchSize = (settings.numEnvs * settings.numSteps) / settings.numMinibatches;
    const compiler = await loadEngine(engine);
    const inputs = policy.memory
      ? ppoUpdateInputs(policy, ...sequenceMinibatch(settings))
      : ppoUpdateInputs(policy, batchSize);
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
    const { settings, policy } = this;
    const update = criticOnly ? this.criticUpdate! : this.update;
    const { numEpochs, numMinibatches, targetKl } = settings;
    const minibatches = minibatchesOf(batch, settings, policy);
    const { order, size } = minibatches;
    if (settings.learningRateSchedule === "linear")
      this.optimizer.learningRate = settings.learningRate * (1 - progress);
    const losses = { policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0, gradNorm: 0 };
    const names = Object.keys(losses) as (keyof PpoLosses)[];
    for (let epoch = 0; epoch < numEpochs; epoch++) {
      this.shuffle.shuffle(order);
      for (const name of names) losses[name] = 0;
      for (let start = 0; start < order.length; start += size) {
        const outputs = await this.optimizer.step(
          update,
          minibatches.take(order.subarray(start, start + size)),
        );
        for (const name of names) losses[name] += outputs[name]![0]! / numMinibatches;
        this.keepSpread();
      }
      if (losses.approxKl > KL_STOP * targetKl) break;
    }
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

/** What is shuffled, how much of it makes a minibatch, and its arrays (overwritten by the next). */
interface Minibatches {
  readonly order: Int32Array;
  readonly size: number;
  take(picked: Int32Array): Arrays;
}

/** Return the rows, and among how many sequences, that a minibatch of a policy with memory has. */
function sequenceMinibatch(settings: PpoSettings): [number, number] {
  const { numEnvs, numSteps, numMinibatches, sequenceLength = numSteps } = settings;
  const numSequences = (numEnvs * sequenceStarts(settings).length) / numMinibatches;
  return [numSequences * sequenceLength, numSequences];
}

/** Minibatches of single rows; for a policy with memory of sequences. */
function minibatchesOf(batch: RolloutBatch, settings: PpoSettings, policy: Policy): Minibatches {
  const { sequences } = batch;
  const [numRows, numUnits] = sequences
    ? sequenceMinibatch(settings)
    : [batch.logProbs.length / settings.numMinibatches, batch.logProbs.length / settings.numMinibatches];
  const arrays = {
    observations: new Float32Array(numRows * policy.observationSize),
    actions: new Float32Array(numRows * policy.actionSize),
    logProbs: new Float32Array(numRows),
    advantages: new Float32Array(numRows),
    returns: new Float32Array(numRows),
    ...(policy.image ? { images: new Uint8Array(numRows * imageSize(policy)) } : {}),
  };
  const kept = sequences ? sequences.kept : batch.rows;
  // the compiled update takes whole minibatches: where steps are left out, some of the others are seen twice
  const order = Int32Array.from(
    { length: numUnits * settings.numMinibatches },
    (_, k) => kept[k % kept.length]!,
  );
  if (!sequences) {
    const take = (picked: Int32Array) => {
      takeRows(batch, picked, arrays);
      return arrays;
    };
    return { order, size: numUnits, take };
  }
  const minibatch = {
    ...arrays,
    memory: new Float32Array(numUnits * memorySize(policy)),
    starts: new Float32Array(numRows),
    weights: new Float32Array(numRows),
  };
  const take = (picked: Int32Array) => {
    takeSequences(batch, sequences, picked, minibatch);
    return minibatch;
  };
  return { order, size: numUnits, take };
}

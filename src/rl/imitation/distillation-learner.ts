// The learning half of DAgger: minibatches over all that the student has lived through lately.
import type { Arrays, CompiledFunction } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { fit, type Losses } from "../../learn/fit.js";
import { drawnMinibatches } from "../../learn/minibatches.js";
import { Optimizer } from "../../learn/optimizer.js";
import { createRandom, type Random } from "../../math/random.js";
import { memorySize } from "../../model/model.js";
import type { ModelWeights } from "../../model/model-runner.js";
import { initializeParameters } from "../../nn/parameters.js";
import { imageSize, type Policy } from "../policy.js";
import type { PpoLearnerState } from "../ppo/ppo-learner.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import type { RolloutData } from "../rollout/rollout-data.js";
import type { Guidance } from "../rollout/rollout-group.js";
import { DistillationBuffer } from "./distillation-buffer.js";
import { validateDistillation } from "./distillation-settings.js";
import { distillationInputs, distillationUpdate } from "./distillation-update.js";

const LOSSES = ["imitationLoss", "auxiliaryLoss", "gradNorm"] as const;

/** Means over the minibatches of an iteration; `imitationLoss` is the squared error of the mean action. */
export type DistillationLosses = Losses<(typeof LOSSES)[number]>;

/** Owns the parameters and what there is to learn from; its streams are derived from `seed`. */
export class DistillationLearner {
  readonly optimizer: Optimizer;
  private readonly settings: PpoSettings;
  /** Steps of a sequence. */
  private readonly length: number;
  private readonly update: CompiledFunction;
  private readonly buffer: DistillationBuffer;
  private readonly minibatch: Arrays;
  private readonly random: Random;

  private constructor(
    policy: Policy,
    settings: PpoSettings,
    seed: number | string,
    update: CompiledFunction,
    length: number,
  ) {
    const { batchSize } = settings.distillation!;
    this.settings = settings;
    this.length = length;
    this.update = update;
    this.buffer = new DistillationBuffer(policy, settings, length);
    this.minibatch = {
      observations: new Float32Array(batchSize * policy.observationSize),
      actions: new Float32Array(batchSize * policy.actionSize),
      weights: new Float32Array(batchSize),
      ...(policy.image ? { images: new Uint8Array(batchSize * imageSize(policy)) } : {}),
      ...(policy.memory
        ? {
            memory: new Float32Array((batchSize / length) * memorySize(policy)),
            starts: new Float32Array(batchSize),
          }
        : {}),
    };
    this.random = createRandom(`${seed}/shuffle`);
    const parameters = initializeParameters(policy.layout, createRandom(`${seed}/parameters`));
    this.optimizer = new Optimizer(parameters, settings.learningRate);
  }

  /** Compile the update for the minibatches that `settings` ask for. */
  static async create(
    policy: Policy,
    settings: PpoSettings,
    seed: number | string,
    engine: string,
  ): Promise<DistillationLearner> {
    const length = policy.memory ? (settings.sequenceLength ?? settings.numSteps) : 1;
    validateDistillation(settings.distillation!, length);
    const numSequences = settings.distillation!.batchSize / length;
    const update = await (await loadEngine(engine)).compile(
      distillationUpdate(policy, settings),
      distillationInputs(policy, numSequences, length),
    );
    return new DistillationLearner(policy, settings, seed, update, length);
  }

  /** Say how the rollout of this iteration, counted from 0, is guided. */
  guidance(iteration: number): Guidance {
    const { noise, teacherIterations } = this.settings.distillation!;
    // for those episodes that start during the rollout: the first ones are all the teacher's
    return { share: Math.max(0, 1 - iteration / teacherIterations), noise };
  }

  /** Take rollouts in and learn; returns undefined where there is nothing to learn from. */
  async learn(
    groups: readonly RolloutData[],
    acting: ModelWeights,
    progress: number,
  ): Promise<DistillationLosses | undefined> {
    const { settings, optimizer, update, buffer, minibatch, random } = this;
    const { numUpdates, batchSize, finalLearningRate } = settings.distillation!;
    if (buffer.add(groups) === 0) return undefined;
    optimizer.learningRate = settings.learningRate * (finalLearningRate / settings.learningRate) ** progress;
    const numSequences = batchSize / this.length;
    const draw = { numBatches: numUpdates, batchSize: numSequences, numRows: () => buffer.numSequences };
    return fit({
      optimizer,
      update,
      minibatches: drawnMinibatches(draw, random, (picked) => {
        buffer.take(picked, acting, minibatch);
        return minibatch;
      }),
      losses: LOSSES,
    });
  }

  /** Copy the state to go on from; what was lived through is not in it. */
  state(): PpoLearnerState {
    return { ...this.optimizer.state(), shuffle: this.random.state() };
  }

  /** Continue from a state returned by `state`, with nothing yet to learn from. */
  restore(state: PpoLearnerState): void {
    this.optimizer.restore(state);
    this.random.restore(state.shuffle);
  }
}

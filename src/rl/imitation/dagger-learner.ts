// DAgger (Ross, Gordon & Bagnell, 2011): imitate what the teacher says about all that the student met lately.
import type { Arrays, CompiledFunction } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { fit } from "../../learn/fit.js";
import { exponentialRate } from "../../learn/learning-rate-schedule.js";
import { drawnMinibatches } from "../../learn/minibatches.js";
import { Optimizer } from "../../learn/optimizer.js";
import { createRandom, type Random } from "../../math/random.js";
import { RunningStatistics } from "../../math/running-statistics.js";
import { memorySize } from "../../model/model.js";
import { initializeParameters } from "../../nn/parameters.js";
import {
  actingWeights,
  type Learner,
  type LearnerOptions,
  type LearnerState,
  type Metrics,
  observeRollouts,
  type Progress,
} from "../learner.js";
import { imageSize, type Policy } from "../policy.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { ReturnNormalizer } from "../rollout/return-normalizer.js";
import type { RolloutBuffer } from "../rollout/rollout-buffer.js";
import type { TeacherCollection } from "../rollout/strategies/strategy.js";
import { DaggerBuffer } from "./dagger-buffer.js";
import { validateDistillation } from "./dagger-settings.js";
import { daggerInputs, daggerUpdate } from "./dagger-update.js";

const LOSSES = ["imitationLoss", "auxiliaryLoss", "gradNorm"] as const;

/** Imitates a teacher; draws the first parameters and the minibatches from streams of the seed. */
export class DaggerLearner implements Learner {
  readonly optimizer: Optimizer;
  readonly statistics: RunningStatistics;
  readonly rateFallsToEnd = true;
  private readonly settings: PpoSettings;
  /** Steps of a sequence. */
  private readonly length: number;
  private readonly compiled: CompiledFunction;
  private readonly buffer: DaggerBuffer;
  private readonly minibatch: Arrays;
  private readonly random: Random;

  private constructor(
    policy: Policy,
    settings: PpoSettings,
    { seed, floor }: LearnerOptions,
    compiled: CompiledFunction,
    length: number,
  ) {
    const { batchSize } = settings.distillation!;
    this.settings = settings;
    this.length = length;
    this.compiled = compiled;
    this.buffer = new DaggerBuffer(policy, settings, length);
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
    this.statistics = new RunningStatistics(policy.observationSize, floor);
  }

  /** Compile the update for the minibatches that `settings` ask for. */
  static async create(
    policy: Policy,
    settings: PpoSettings,
    options: LearnerOptions,
  ): Promise<DaggerLearner> {
    const length = policy.memory ? (settings.sequenceLength ?? settings.numSteps) : 1;
    validateDistillation(settings.distillation!, length);
    const numSequences = settings.distillation!.batchSize / length;
    const engine = await loadEngine(options.engine);
    const compiled = await engine.compile(
      daggerUpdate(policy, settings),
      daggerInputs(policy, numSequences, length),
    );
    return new DaggerLearner(policy, settings, options, compiled, length);
  }

  get suspects(): Learner["suspects"] {
    const { learningRate } = this.optimizer;
    const { maxGradNorm } = this.settings;
    const lower = Number((this.settings.learningRate / 3).toPrecision(1));
    return {
      settings: { learningRate, maxGradNorm },
      attempt: `a lower learningRate (${lower}) or a lower maxGradNorm`,
    };
  }

  collection({ iteration }: Progress): TeacherCollection {
    const { noise, teacherIterations } = this.settings.distillation!;
    // for those episodes that start during the rollout: the first ones are all the teacher's
    return { by: "teacher", share: Math.max(0, 1 - iteration / teacherIterations), noise };
  }

  async learn(rollouts: readonly RolloutBuffer[], { share }: Progress): Promise<Metrics | undefined> {
    const { settings, optimizer, buffer, minibatch } = this;
    const { numUpdates, batchSize, finalLearningRate } = settings.distillation!;
    // before learning: the first statistics are those of nothing at all
    observeRollouts(this.statistics, rollouts);
    const acting = actingWeights(this);
    if (buffer.add(rollouts) === 0) return undefined;
    optimizer.learningRate = exponentialRate(settings.learningRate, finalLearningRate, share);
    const draw = {
      numBatches: numUpdates,
      batchSize: batchSize / this.length,
      numRows: () => buffer.numSequences,
    };
    const losses = await fit({
      optimizer,
      update: this.compiled,
      minibatches: drawnMinibatches(draw, this.random, (picked) => {
        buffer.take(picked, acting, minibatch);
        return minibatch;
      }),
      losses: LOSSES,
    });
    return {
      "train/imitation_loss": losses.imitationLoss,
      "train/auxiliary_loss": losses.auxiliaryLoss,
      "train/grad_norm": losses.gradNorm,
      "train/learning_rate": optimizer.learningRate,
    };
  }

  /** Copy the state to continue from; what was collected is not in it, and no reward was looked at. */
  state(): LearnerState {
    const { numEnvs, gamma } = this.settings;
    return {
      ...this.optimizer.state(),
      shuffle: this.random.state(),
      statistics: this.statistics.state(),
      returnNormalizer: new ReturnNormalizer(numEnvs, gamma).state(),
    };
  }

  /** Continue from a state returned by `state`, with nothing yet to learn from. */
  restore(state: LearnerState): void {
    this.optimizer.restore(state);
    this.random.restore(state.shuffle);
    this.statistics.restore(state.statistics);
  }
}

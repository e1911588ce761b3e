// Behaviour cloning: fit the policy's mean to demonstrated actions, from which reinforcement learning then starts.
import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "../../compile/engines/engine.js";
import type { TensorFunction, TensorSpecs } from "../../compile/trace/trace.js";
import { fit } from "../../learn/fit.js";
import { copyRows, shuffledMinibatches } from "../../learn/minibatches.js";
import { Optimizer } from "../../learn/optimizer.js";
import type { Random } from "../../math/random.js";
import { RunningStatistics } from "../../math/running-statistics.js";
import { optionText, UsageError } from "../../math/usage-error.js";
import { NORMALIZED_CLIP } from "../../model/normalizer.js";
import { adamInputs, adamUpdate } from "../../nn/adam.js";
import type { Policy } from "../policy.js";
import type { Demonstrations } from "./demonstrations.js";

const BATCH_SIZE = 256;
const LEARNING_RATE = 1e-3;
/** For the last part of the epochs. */
const FINE_LEARNING_RATE = 2e-4;
const FINE_FROM = 0.7;

/** What cloning ends with. */
export interface Clone {
  readonly parameters: Float32Array;
  /** Of the demonstrations' observations. */
  readonly statistics: RunningStatistics;
  /** Mean squared error of the mean action over the last epoch. */
  readonly loss: number;
}

/** Throw a UsageError where `policy`, of the agent `agentId`, cannot be cloned from single steps of the state. */
export function requireCloneable({ memory, image }: Pick<Policy, "memory" | "image">, agentId: string): void {
  if (!memory && !image) return;
  throw new UsageError(
    `Agent "${agentId}" ${memory ? "has a memory" : "reads images"} and cannot start from demonstrations. ` +
      `Leave ${optionText("demos")} out, or let it imitate while it acts: ${optionText("teacher", "expert")}.`,
  );
}

/** List the inputs of `cloneUpdate`. */
export function cloneUpdateInputs(policy: Policy, batchSize: number): TensorSpecs {
  return {
    ...adamInputs(policy.layout.total),
    observations: { shape: [batchSize, policy.observationSize] },
    actions: { shape: [batchSize, policy.actionSize] },
  };
}

/** Return the function of one minibatch: squared error of the mean, its gradient, Adam. */
export function cloneUpdate(policy: Policy): TensorFunction {
  return (inputs) => {
    const loss = (flat: tf.Tensor): tf.Scalar => {
      const { mean } = policy.apply(flat as tf.Tensor1D, inputs.observations as tf.Tensor2D);
      return tf.mean(tf.square(tf.sub(mean, inputs.actions!)));
    };
    const gradient = tf.grad(loss)(inputs.parameters!) as tf.Tensor1D;
    const next = adamUpdate(inputs, gradient);
    return {
      ...next,
      loss: loss(inputs.parameters!),
    };
  };
}

/**
 * Fit `parameters` to `demonstrations` in `epochs` passes; the critic and the spread of the actions stay as they are.
 *
 * Where `signal` is aborted it ends with the pass under way.
 */
export async function clonePolicy(
  engine: Engine,
  policy: Policy,
  demonstrations: Demonstrations,
  options: {
    readonly parameters: Float32Array;
    readonly epochs: number;
    readonly random: Random;
    /** Least spread of each observation entry, as `observationFloors` gives it. */
    readonly floor?: readonly number[];
    readonly signal?: AbortSignal;
  },
): Promise<Clone> {
  const { count } = demonstrations;
  const { epochs, random, signal } = options;
  const { observationSize, actionSize } = policy;
  const statistics = new RunningStatistics(observationSize, options.floor);
  statistics.update(demonstrations.observations, count);
  const normalized = new Float32Array(count * observationSize);
  statistics.normalize(demonstrations.observations, normalized, count, NORMALIZED_CLIP);
  const batchSize = Math.min(BATCH_SIZE, count);
  const update = await engine.compile(cloneUpdate(policy), cloneUpdateInputs(policy, batchSize));
  const optimizer = new Optimizer(options.parameters, LEARNING_RATE);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const arrays = {
    observations: new Float32Array(batchSize * observationSize),
    actions: new Float32Array(batchSize * actionSize),
  };
  const { loss } = await fit({
    optimizer,
    update,
    minibatches: shuffledMinibatches(rows, batchSize, random, (picked) => {
      copyRows(normalized, picked, arrays.observations, observationSize);
      copyRows(demonstrations.actions, picked, arrays.actions, actionSize);
      return arrays;
    }),
    numEpochs: epochs,
    losses: ["loss"],
    learningRate: (epoch) => (epoch < FINE_FROM * epochs ? LEARNING_RATE : FINE_LEARNING_RATE),
    ...(signal ? { signal } : {}),
  });
  await update.dispose();
  return { parameters: optimizer.parameters, statistics, loss };
}

// Acting as a function to be compiled: normalise the observation, apply the policy.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../../compile/trace/trace.js";
import type { RunningStatistics } from "../../math/running-statistics.js";
import { imageSize, memorySize, type Policy, type PolicyOutput } from "../policy.js";

/** Normalised observations are clipped to this many standard deviations. */
export const OBSERVATION_CLIP = 10;

/** What a policy needs to act: parameters and the normaliser's statistics, frozen during a rollout. */
export interface ActingState {
  readonly parameters: Float32Array;
  readonly observationMean: Float32Array;
  /** 1 / √(variance + floor²) */
  readonly observationScale: Float32Array;
}

/** List the inputs for batches of `numEnvs`. */
export function inferenceInputs(policy: Policy, numEnvs: number): TensorSpecs {
  return {
    parameters: { shape: [policy.layout.total] },
    observationMean: { shape: [policy.observationSize] },
    observationScale: { shape: [policy.observationSize] },
    observations: { shape: [numEnvs, policy.observationSize] },
    ...(policy.image ? { images: { shape: [numEnvs, imageSize(policy)], dtype: "uint8" as const } } : {}),
    ...(policy.memory ? { memory: { shape: [numEnvs, memorySize(policy)] } } : {}),
  };
}

/** Return the function from raw observations, images as they are drawn, and memory to mean, logStd, value and nextMemory. */
export function inference(policy: Policy): TensorFunction {
  return (inputs) => {
    const { mean, logStd, value, memory } = policyOutput(policy, inputs);
    return memory ? { mean, logStd, value, nextMemory: memory } : { mean, logStd, value };
  };
}

/** Apply `policy` to the inputs of inference. */
export function policyOutput(policy: Policy, inputs: Readonly<Record<string, tf.Tensor>>): PolicyOutput {
  const { parameters, observationMean, observationScale, observations, images, memory } = inputs;
  return policy.apply(
    parameters as tf.Tensor1D,
    normalizeTensor(observations!, observationMean!, observationScale!),
    memory && { memory: memory as tf.Tensor2D },
    images && arrangeImages(policy, images as tf.Tensor2D),
  );
}

/** Bring drawn images [N, bytes] into the order that the policy takes them in. */
export function arrangeImages({ image }: Policy, images: tf.Tensor2D): tf.Tensor2D {
  return image?.arrange?.(images) ?? images;
}

/** Normalise and clip observations [N, O]. */
export function normalizeTensor(observations: tf.Tensor, mean: tf.Tensor, scale: tf.Tensor): tf.Tensor2D {
  const normalized = tf.mul(tf.sub(observations, mean), scale);
  return tf.clipByValue(normalized, -OBSERVATION_CLIP, OBSERVATION_CLIP) as tf.Tensor2D;
}

/** Freeze statistics and parameters for acting. */
export function actingState(parameters: Float32Array, statistics: RunningStatistics): ActingState {
  return {
    parameters,
    observationMean: Float32Array.from(statistics.mean),
    observationScale: Float32Array.from(statistics.mean, (_, entry) => statistics.scale(entry)),
  };
}

// One minibatch of PPO as a pure function: loss, gradient, clipping, Adam.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../../compile/trace/trace.js";
import { memorySize } from "../../model/model.js";
import { adamInputs, adamUpdate, clipByNorm } from "../../nn/adam.js";
import { gaussianEntropy, gaussianLogProb } from "../../nn/gaussian.js";
import type { ParameterLayout } from "../../nn/parameters.js";
import { imageSize, type Policy } from "../policy.js";
import type { PpoSettings } from "./ppo-settings.js";

/** List the update's inputs for minibatches of `batchSize` rows; for a policy with memory they are `numSequences` sequences. */
export function ppoUpdateInputs(
  policy: Omit<Policy, "apply">,
  batchSize: number,
  numSequences = batchSize,
): TensorSpecs {
  return {
    ...adamInputs(policy.layout.total),
    observations: { shape: [batchSize, policy.observationSize] },
    actions: { shape: [batchSize, policy.actionSize] },
    logProbs: { shape: [batchSize] },
    advantages: { shape: [batchSize] },
    returns: { shape: [batchSize] },
    ...(policy.image ? { images: { shape: [batchSize, imageSize(policy)], dtype: "uint8" as const } } : {}),
    ...(policy.memory
      ? {
          memory: { shape: [numSequences, memorySize(policy)] },
          starts: { shape: [batchSize] },
          weights: { shape: [batchSize] },
        }
      : {}),
  };
}

/**
 * Return the function of one minibatch (Schulman et al., 2017): clipped objective, squared value error, entropy bonus,
 * advantages normalised within the minibatch, but in one of a single row, which has no spread to divide by.
 *
 * A policy with memory runs through sequences: rows `t * numSequences + e`, each from its own `memory`, which is emptied
 * where `starts` is 1; rows of weight 0 count nowhere but are gone through.
 *
 * With `train` "critic" only the value error counts and only the parts named "critic/..." move: the actor stays as it is,
 * also where the two share what they see. Besides nextParameters, nextFirstMoment and nextSecondMoment it gives policyLoss,
 * valueLoss, entropy, approxKl, clipFraction, gradNorm.
 */
export function ppoUpdate(
  policy: Policy,
  settings: PpoSettings,
  train: "all" | "critic" = "all",
): TensorFunction {
  const { clipCoef, entropyCoef, valueCoef, maxGradNorm, auxiliaryCoef = 0 } = settings;
  return (inputs) => {
    const observations = inputs.observations as tf.Tensor2D;
    const { memory, starts, weights } = inputs;
    const images = inputs.images as tf.Tensor2D | undefined;
    const mean = weights ? weightedMean(weights) : (x: tf.Tensor): tf.Scalar => tf.mean(x);
    const advantages = normalize(inputs.advantages as tf.Tensor1D, mean, weights);
    const remembered = memory && { memory: memory as tf.Tensor2D, starts: starts as tf.Tensor1D };
    const terms = (flat: tf.Tensor) => {
      const said = policy.apply(flat as tf.Tensor1D, observations, remembered, images);
      const logProb = gaussianLogProb(inputs.actions as tf.Tensor2D, said.mean, said.logStd);
      const logRatio = tf.sub(logProb, inputs.logProbs!);
      const ratio = tf.exp(logRatio);
      const clipped = tf.clipByValue(ratio, 1 - clipCoef, 1 + clipCoef);
      const gain = tf.minimum(tf.mul(ratio, advantages), tf.mul(clipped, advantages));
      const policyLoss = tf.neg(mean(gain));
      const valueLoss = mean(tf.square(tf.sub(said.value, inputs.returns!)));
      const entropy = gaussianEntropy(said.logStd);
      const { auxiliaryError } = said;
      return { policyLoss, valueLoss, entropy, logRatio, ratio, auxiliaryError };
    };
    const loss = (flat: tf.Tensor): tf.Scalar => {
      const { policyLoss, valueLoss, entropy, auxiliaryError } = terms(flat);
      if (train === "critic") return tf.mul(valueCoef, valueLoss);
      const sum: tf.Scalar = tf.add(
        tf.add(policyLoss, tf.mul(valueCoef, valueLoss)),
        tf.mul(-entropyCoef, entropy),
      );
      return auxiliaryError ? tf.add(sum, tf.mul(auxiliaryCoef, mean(auxiliaryError))) : sum;
    };
    const raw = tf.grad(loss)(inputs.parameters!) as tf.Tensor1D;
    const learned: tf.Tensor1D = train === "critic" ? tf.mul(raw, criticMask(policy.layout)) : raw;
    const { gradient, norm } = clipByNorm(learned, maxGradNorm);
    const { policyLoss, valueLoss, entropy, logRatio, ratio } = terms(inputs.parameters!);
    const outside = tf.greater(tf.abs(tf.sub(ratio, 1)), clipCoef);
    const next = adamUpdate(inputs, gradient);
    return {
      ...next,
      policyLoss,
      valueLoss,
      entropy,
      // the estimator of low variance of Schulman's "Approximating KL divergence" (2020)
      approxKl: mean(tf.sub(tf.sub(ratio, 1), logRatio)),
      clipFraction: mean(tf.cast(outside, "float32")),
      gradNorm: norm,
    };
  };
}

/** 1 for each parameter of the critic alone, else 0. [layout.total] */
function criticMask({ specs, sizes }: ParameterLayout): tf.Tensor1D {
  const mask = specs.flatMap(({ name }, k) =>
    new Array<number>(sizes[k]!).fill(name.startsWith("critic/") ? 1 : 0),
  );
  return tf.tensor1d(mask);
}

function normalize(
  x: tf.Tensor1D,
  mean: (x: tf.Tensor) => tf.Scalar,
  weights: tf.Tensor | undefined,
): tf.Tensor1D {
  if (x.size === 1) return x;
  const centred = tf.sub(x, mean(x));
  const normalized: tf.Tensor1D = tf.div(centred, tf.add(tf.sqrt(mean(tf.square(centred))), 1e-8));
  // of all rows but one the NaN guard may have dropped the episode
  return weights ? tf.where(tf.greater(tf.sum(weights), 1), normalized, x) : normalized;
}

function weightedMean(weights: tf.Tensor): (x: tf.Tensor) => tf.Scalar {
  const total = tf.sum(weights);
  return (x) => tf.div(tf.sum(tf.mul(x, weights)), total);
}

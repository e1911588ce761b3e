// One minibatch of learning from a teacher as a pure function.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../../compile/trace/trace.js";
import { memorySize } from "../../model/model.js";
import { adamInputs, adamUpdate, clipByNorm } from "../../nn/adam.js";
import { imageSize, type Policy } from "../policy.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";

/** List the update's inputs for minibatches of `numSequences` sequences of `length` steps, row `t * numSequences + e`. */
export function daggerInputs(policy: Policy, numSequences: number, length: number): TensorSpecs {
  const rows = numSequences * length;
  return {
    ...adamInputs(policy.layout.total),
    observations: { shape: [rows, policy.observationSize] },
    actions: { shape: [rows, policy.actionSize] },
    weights: { shape: [rows] },
    ...(policy.image ? { images: { shape: [rows, imageSize(policy)], dtype: "uint8" as const } } : {}),
    ...(policy.memory
      ? { memory: { shape: [numSequences, memorySize(policy)] }, starts: { shape: [rows] } }
      : {}),
  };
}

/**
 * Return the function of one minibatch: squared error of the mean action, `auxiliaryCoef` times the auxiliary error, both
 * over the rows of weight 1; gradient clipping, Adam.
 *
 * Gives nextParameters, nextFirstMoment, nextSecondMoment, imitationLoss, auxiliaryLoss (0 without), gradNorm.
 */
export function daggerUpdate(
  policy: Policy,
  { auxiliaryCoef = 0, maxGradNorm }: Pick<PpoSettings, "auxiliaryCoef" | "maxGradNorm">,
): TensorFunction {
  return (inputs) => {
    const { memory, starts, weights } = inputs;
    const remembered = memory && { memory: memory as tf.Tensor2D, starts: starts as tf.Tensor1D };
    const total = tf.sum(weights!);
    const mean = (x: tf.Tensor): tf.Scalar => tf.div(tf.sum(tf.mul(x, weights!)), total);
    const terms = (flat: tf.Tensor) => {
      const said = policy.apply(
        flat as tf.Tensor1D,
        inputs.observations as tf.Tensor2D,
        remembered,
        inputs.images as tf.Tensor2D | undefined,
      );
      return {
        imitationLoss: mean(tf.mean(tf.square(tf.sub(said.mean, inputs.actions!)), 1)),
        auxiliaryLoss: said.auxiliaryError ? mean(said.auxiliaryError) : tf.scalar(0),
      };
    };
    const loss = (flat: tf.Tensor): tf.Scalar => {
      const { imitationLoss, auxiliaryLoss } = terms(flat);
      return tf.add(imitationLoss, tf.mul(auxiliaryCoef, auxiliaryLoss));
    };
    const raw = tf.grad(loss)(inputs.parameters!) as tf.Tensor1D;
    const { gradient, norm } = clipByNorm(raw, maxGradNorm);
    const next = adamUpdate(inputs, gradient);
    return {
      ...next,
      ...terms(inputs.parameters!),
      gradNorm: norm,
    };
  };
}

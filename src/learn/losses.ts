// Losses of predictors, row by row: none becomes infinite or loses its gradient however sure a model is.
import * as tf from "@tensorflow/tfjs-core";
import type { Loss } from "./predictor.js";

/** The most certain that "focal" takes a model to be is 1 less this, since a power of 0 may have no slope. */
const LEAST_DOUBT = 1e-7;

/**
 * Return the loss of each row, the mean over all numbers or positions of the row. [N]
 *
 * `output` is [N, ...shape]. `target` has the same shape; for classes the shape without the last axis, for quantiles as well. The loss
 * of a minibatch is the mean over its rows.
 */
export function rowLosses(loss: Loss, output: tf.Tensor, target: tf.Tensor): tf.Tensor1D {
  const each = tf.reshape(lossOf(loss, output, target), [output.shape[0]!, -1]);
  return tf.mean(each, 1);
}

/** Return the shape that the target of a row has for an output of this shape. */
export function targetShape({ loss }: Loss, output: readonly number[]): readonly number[] {
  return isOfLastAxis(loss) ? output.slice(0, -1) : output;
}

/** Whether an output has a number for each class, and the target is a class's number. */
export function isOfClasses(loss: Loss["loss"]): boolean {
  return loss === "cross-entropy" || loss === "focal";
}

function isOfLastAxis(loss: Loss["loss"]): boolean {
  return isOfClasses(loss) || loss === "quantile";
}

/** The loss of each number, position or quantile, in any shape. */
function lossOf(loss: Loss, output: tf.Tensor, target: tf.Tensor): tf.Tensor {
  switch (loss.loss) {
    case "cross-entropy":
      return crossEntropy(output, target, loss);
    case "focal": {
      const truth = logOfTruth(tf.logSoftmax(output), classMask(target, output));
      const doubt = tf.maximum(tf.sub(1, tf.exp(truth)), LEAST_DOUBT);
      return tf.neg(tf.mul(tf.pow(doubt, loss.gamma ?? 2), truth));
    }
    case "binary-cross-entropy": {
      const { positiveWeight = 1 } = loss;
      const positive = tf.mul(target, tf.softplus(tf.neg(output)));
      const negative = tf.mul(tf.sub(1, target), tf.softplus(output));
      return tf.add(positiveWeight === 1 ? positive : tf.mul(positive, positiveWeight), negative);
    }
    case "mse":
      return tf.square(tf.sub(output, target));
    case "huber": {
      const { delta = 1 } = loss;
      const size = tf.abs(tf.sub(output, target));
      const straight = tf.mul(tf.sub(size, delta / 2), delta);
      // chosen, not added up: slopes that cancel leave nothing of a small error beside a great delta
      return tf.where(tf.lessEqual(size, delta), tf.mul(tf.square(size), 0.5), straight);
    }
    case "quantile": {
      const quantiles = tf.tensor1d([...loss.quantiles]);
      const error = tf.sub(tf.expandDims(target, -1), output);
      return tf.maximum(tf.mul(error, quantiles), tf.mul(error, tf.sub(quantiles, 1)));
    }
  }
}

function crossEntropy(
  logits: tf.Tensor,
  target: tf.Tensor,
  { labelSmoothing = 0, classWeights }: Extract<Loss, { readonly loss: "cross-entropy" }>,
): tf.Tensor {
  const logs = tf.logSoftmax(logits);
  const mask = classMask(target, logits);
  const right = tf.neg(logOfTruth(logs, mask));
  const smoothed =
    labelSmoothing === 0
      ? right
      : tf.sub(tf.mul(right, 1 - labelSmoothing), tf.mul(tf.mean(logs, -1), labelSmoothing));
  if (!classWeights) return smoothed;
  return tf.mul(smoothed, tf.sum(tf.mul(mask, tf.tensor1d([...classWeights])), -1));
}

/** 1 at the class of each position, 0 at the others; shaped as the logits. */
function classMask(target: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const depth = logits.shape.at(-1)!;
  const classes = Array.from({ length: depth }, (_, k) => k);
  const numbers = target.dtype === "int32" ? tf.tensor1d(classes, "int32") : tf.tensor1d(classes);
  return tf.cast(tf.equal(tf.expandDims(target, -1), numbers), "float32");
}

function logOfTruth(logs: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(mask, logs), -1);
}

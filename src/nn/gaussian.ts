// The diagonal normal distribution of actions.
import * as tf from "@tensorflow/tfjs-core";

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Log-probability of actions [N, A] under mean [N, A] and log standard deviation [A]; [N]. */
export function gaussianLogProb(actions: tf.Tensor2D, mean: tf.Tensor2D, logStd: tf.Tensor1D): tf.Tensor1D {
  const scaled = tf.div(tf.sub(actions, mean), tf.exp(logStd));
  const perEntry = tf.sub(tf.mul(-0.5, tf.square(scaled)), tf.add(logStd, LOG_TWO_PI / 2));
  return tf.sum(perEntry, 1);
}

/** Entropy of the distribution, summed over the action's entries. */
export function gaussianEntropy(logStd: tf.Tensor1D): tf.Scalar {
  return tf.sum(tf.add(logStd, (1 + LOG_TWO_PI) / 2));
}

// The Gaussian error linear unit.
import * as tf from "@tensorflow/tfjs-core";

/** x times the probability that a standard normal number is smaller (Hendrycks & Gimpel, 2016), by the error function. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
}

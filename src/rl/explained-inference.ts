// Reasons: how an output of a policy changes with each entry of the observation and each pixel of the image.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../compile/trace/trace.js";
import type { Policy } from "./policy.js";
import { inferenceInputs, policyOutput } from "./rollout/inference.js";

/** List the inputs of `explainedInference`: those of inference with images as float32, and which output is meant. */
export function explainedInputs(policy: Policy): TensorSpecs {
  const { images, ...inputs } = inferenceInputs(policy, 1);
  return {
    ...inputs,
    // float32: pictures between two others are asked about as well
    ...(images ? { images: { shape: images.shape } } : {}),
    explained: { shape: [1, policy.actionSize + 1] },
  };
}

/**
 * Return the function from one observation and `explained` [1, A + 1], the weights of the A mean actions and the value,
 * to the weighted sum `output` [1] and its gradients with respect to the raw observation, `gradient` [1, O], and to the image
 * as it is drawn, `imageGradient` [1, bytes].
 *
 * `predicted` [1, P] is what the policy predicts besides, in the observation's own units. What it remembers is held fixed.
 */
export function explainedInference(policy: Policy): TensorFunction {
  return (inputs) => {
    const { observations, images, explained, observationMean, observationScale } = inputs;
    const outputOf = (state: tf.Tensor, seen?: tf.Tensor) => {
      const { mean, value } = policyOutput(policy, {
        ...inputs,
        observations: state,
        ...(seen ? { images: seen } : {}),
      });
      return tf.sum(tf.mul(tf.concat([mean, tf.reshape(value, [1, 1])], 1), explained!), 1);
    };
    const sensed = images ? [observations!, images] : [observations!];
    const gradients = tf.grads((state: tf.Tensor, seen?: tf.Tensor) => outputOf(state, seen))(sensed);
    const { predicted } = policyOutput(policy, inputs);
    const entries = (policy.predicts ?? []).map((entry) => ({
      mean: tf.slice(observationMean!, [entry], [1]),
      scale: tf.slice(observationScale!, [entry], [1]),
    }));
    return {
      output: outputOf(observations!, images),
      gradient: gradients[0]!,
      ...(images ? { imageGradient: gradients[1]! } : {}),
      ...(predicted
        ? {
            predicted: tf.add(
              tf.div(predicted, tf.concat(entries.map(({ scale }) => scale))),
              tf.concat(entries.map(({ mean }) => mean)),
            ),
          }
        : {}),
    };
  };
}

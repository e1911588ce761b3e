// Acting with reasons: what a policy says of an observation, and how that changes with each entry of the observation.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction } from "../compile/trace.js";
import { inference } from "./inference.js";
import type { Policy } from "./policy.js";

/**
 * Return `inference` for one observation, with the gradients of its outputs with respect to the raw observation.
 *
 * Inputs are those of `inferenceInputs(policy, 1)`; besides the outputs of `inference` there are `actionGradients`
 * [A, O], one row per action entry, and `valueGradient` [1, O]. What the policy remembers is held fixed.
 */
export function explainedInference(policy: Policy): TensorFunction {
  const act = inference(policy);
  return (inputs) => {
    const gradientOf = (read: (outputs: ReturnType<TensorFunction>) => tf.Tensor) =>
      tf.grad((observations) => tf.sum(read(act({ ...inputs, observations }))))(inputs.observations!);
    const rows = Array.from({ length: policy.actionSize }, (_, entry) =>
      gradientOf(({ mean }) => tf.slice(mean!, [0, entry], [1, 1])),
    );
    return {
      ...act(inputs),
      actionGradients: tf.concat(rows, 0),
      valueGradient: gradientOf(({ value }) => value!),
    };
  };
}

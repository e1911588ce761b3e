// Adam on one flat vector, as a pure function.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorSpecs } from "../compile/trace/trace.js";

/** What Adam keeps between steps. */
export interface AdamState {
  readonly parameters: tf.Tensor1D;
  readonly firstMoment: tf.Tensor1D;
  readonly secondMoment: tf.Tensor1D;
  /** Steps taken, a scalar. */
  readonly step: tf.Scalar;
}

const BETA1 = 0.9;
const BETA2 = 0.999;

/** Take one step (Kingma & Ba, 2015); `epsilon` defaults to 1e-5 as in OpenAI's PPO. */
export function adamStep(
  state: AdamState,
  gradient: tf.Tensor1D,
  learningRate: tf.Scalar,
  epsilon = 1e-5,
): AdamState {
  const step: tf.Scalar = tf.add(state.step, 1);
  const firstMoment: tf.Tensor1D = tf.add(tf.mul(state.firstMoment, BETA1), tf.mul(gradient, 1 - BETA1));
  const secondMoment: tf.Tensor1D = tf.add(
    tf.mul(state.secondMoment, BETA2),
    tf.mul(tf.square(gradient), 1 - BETA2),
  );
  const correction1 = tf.sub(1, tf.pow(tf.scalar(BETA1), step));
  const correction2 = tf.sub(1, tf.pow(tf.scalar(BETA2), step));
  const direction = tf.div(
    tf.div(firstMoment, correction1),
    tf.add(tf.sqrt(tf.div(secondMoment, correction2)), epsilon),
  );
  return {
    parameters: tf.sub(state.parameters, tf.mul(learningRate, direction)),
    firstMoment,
    secondMoment,
    step,
  };
}

/** List the inputs by which an update gets what Adam keeps of `total` parameters, and its learning rate. */
export function adamInputs(total: number): TensorSpecs {
  return {
    parameters: { shape: [total] },
    firstMoment: { shape: [total] },
    secondMoment: { shape: [total] },
    step: { shape: [] },
    learningRate: { shape: [] },
  };
}

/** Take a step from the inputs of `adamInputs`; gives nextParameters, nextFirstMoment, nextSecondMoment. `epsilon` as in `adamStep`. */
export function adamUpdate(
  inputs: Readonly<Record<string, tf.Tensor>>,
  gradient: tf.Tensor1D,
  epsilon?: number,
): Readonly<Record<string, tf.Tensor>> {
  const state = {
    parameters: inputs.parameters as tf.Tensor1D,
    firstMoment: inputs.firstMoment as tf.Tensor1D,
    secondMoment: inputs.secondMoment as tf.Tensor1D,
    step: inputs.step as tf.Scalar,
  };
  const next = adamStep(state, gradient, inputs.learningRate as tf.Scalar, epsilon);
  return {
    nextParameters: next.parameters,
    nextFirstMoment: next.firstMoment,
    nextSecondMoment: next.secondMoment,
  };
}

/** Scale a gradient down to `maxNorm` where its norm is greater; returns it and the norm before. */
export function clipByNorm(
  gradient: tf.Tensor1D,
  maxNorm: number,
): { gradient: tf.Tensor1D; norm: tf.Scalar } {
  const norm: tf.Scalar = tf.sqrt(tf.sum(tf.square(gradient)));
  const scale = tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)));
  return { gradient: tf.mul(gradient, scale), norm };
}

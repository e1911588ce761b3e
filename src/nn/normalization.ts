// Layers that bring activations to mean 0 and variance 1, then to a mean and spread that are learned.
//
// Batch normalisation differs between training and use: a minibatch is normalised by its own statistics, a trained model by
// running ones. A model stays a pure function all the same: the running statistics are parameters like others, `${name}/mean` and
// `${name}/variance`, but of no influence on what is learned from, so that their gradient is 0 and Adam leaves them. The update
// of a minibatch moves them: `moveStatistics` after Adam's step.
import * as tf from "@tensorflow/tfjs-core";
import type { ParameterLayout, ParameterSpec } from "./parameters.js";

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** Statistics of a minibatch, by `running.` and the name of the parameter that follows them. */
export type BatchStatistics = Record<string, tf.Tensor>;

/** What is added to a variance, so that nothing is divided by 0; as in PyTorch. */
const EPSILON = 1e-5;

/** Share of running statistics that is kept at each minibatch; as in PyTorch. */
const KEPT = 0.9;

const RUNNING = "running.";

/** List the parameters of a batch normalisation of `channels` channels: `${name}/scale`, `/offset`, `/mean` and `/variance`, [channels] each. */
export function batchNormSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    ...scaleSpecs(name, channels),
    { name: `${name}/mean`, shape: [channels], initialization: { kind: "constant", value: 0 } },
    { name: `${name}/variance`, shape: [channels], initialization: { kind: "constant", value: 1 } },
  ];
}

/**
 * Normalise the channels of x [N, ..., channels] (Ioffe & Szegedy, "Batch normalization", 2015).
 *
 * By the running statistics among the parameters; with `statistics`, for training, by those of the minibatch, which are noted
 * there. `applyTraining` of a predictor returns them beside its outputs.
 *
 * @example
 * const logits = (p: Parameters, images: tf.Tensor4D, statistics?: BatchStatistics) =>
 *   head(tf.relu(batchNorm(convolution(images, p, "first"), p, "norm", statistics)), p);
 * // apply:         ({ logits: logits(split(flat), images) })
 * // applyTraining: { const seen = {}; const y = logits(split(flat), images, seen); return { logits: y, ...seen }; }
 */
export function batchNorm<T extends tf.Tensor>(
  x: T,
  parameters: Parameters,
  name: string,
  statistics?: BatchStatistics,
): T {
  const [scale, offset, mean, variance] = ["scale", "offset", "mean", "variance"].map(
    (part) => parameters[`${name}/${part}`] as tf.Tensor1D,
  );
  if (!statistics) return tf.batchNorm(x as tf.Tensor, mean!, variance!, offset, scale, EPSILON) as T;
  const axes = x.shape.slice(1).map((_, axis) => axis);
  const seen = momentsOf(x, axes, false);
  statistics[`${RUNNING}${name}/mean`] = seen.mean;
  statistics[`${RUNNING}${name}/variance`] = seen.variance;
  return tf.add(tf.mul(standardized(x, axes, false), scale!), offset!) as T;
}

/**
 * Return parameters in which running statistics have moved a tenth of the way to those of a minibatch.
 *
 * `outputs` are those of a training step, `running.<parameter>` among them (`batchNorm` notes them so); where there are none, the
 * parameters are returned as they are. What they started from (mean 0, variance 1) counts for 3e-5 after 100 minibatches.
 * [layout.total]
 */
export function moveStatistics(
  parameters: tf.Tensor1D,
  outputs: Parameters,
  layout: ParameterLayout,
): tf.Tensor1D {
  if (!Object.keys(outputs).some((name) => name.startsWith(RUNNING))) return parameters;
  const parts = tf.split(parameters, [...layout.sizes]).map((part, k) => {
    const seen = outputs[`${RUNNING}${layout.specs[k]!.name}`];
    return seen ? tf.add(tf.mul(part, KEPT), tf.mul(tf.reshape(seen, [-1]), 1 - KEPT)) : part;
  });
  return tf.concat1d(parts as tf.Tensor1D[]);
}

/** List the parameters of a layer or group normalisation of `channels` channels: `${name}/scale` and `${name}/offset`, [channels] each. */
export function scaleSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    { name: `${name}/scale`, shape: [channels], initialization: { kind: "constant", value: 1 } },
    { name: `${name}/offset`, shape: [channels], initialization: { kind: "constant", value: 0 } },
  ];
}

/** Normalise the last axis of x [..., channels], each row by itself (Ba, Kiros & Hinton, "Layer normalization", 2016); parameters as `scaleSpecs` lists them. */
export function layerNorm<T extends tf.Tensor>(x: T, parameters: Parameters, name: string): T {
  return scaled(standardized(x, [x.shape.length - 1], true), parameters, name) as T;
}

/**
 * Normalise x [N, H, W, channels] within each image, `groups` groups of channels each by itself (Wu & He, "Group normalization",
 * 2018): the same in training and use, whatever the size of a minibatch. Parameters as `scaleSpecs` lists them.
 *
 * `groups` has to divide the channels; as many groups as channels is instance normalisation.
 */
export function groupNorm(x: tf.Tensor4D, parameters: Parameters, name: string, groups: number): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [n, height * width, groups, channels / groups]);
  const normal = standardized(apart, [1, 3], true);
  return scaled(tf.reshape(normal, x.shape), parameters, name) as tf.Tensor4D;
}

function scaled(x: tf.Tensor, parameters: Parameters, name: string): tf.Tensor {
  return tf.add(tf.mul(x, parameters[`${name}/scale`]!), parameters[`${name}/offset`]!);
}

/**
 * Bring x to mean 0 and variance 1 over `axes`.
 *
 * Its gradient is written out: TensorFlow.js would repeat that of a mean over the whole tensor, in NHWC, where the convolutions
 * around it lie in NCHW.
 */
function standardized(x: tf.Tensor, axes: number[], keepDims: boolean): tf.Tensor {
  const forward = tf.customGrad((given, save) => {
    const source = given as tf.Tensor;
    (save as (tensors: tf.Tensor[]) => void)([source]);
    const { rate, centered } = momentsOf(source, axes, keepDims);
    return {
      value: tf.mul(centered, rate),
      gradFunc: (dy, saved) => {
        const again = momentsOf((saved as tf.Tensor[])[0]!, axes, keepDims);
        const normal = tf.mul(again.centered, again.rate);
        const share = meanOf(tf.mul(dy, normal), axes, keepDims);
        const rest = tf.sub(tf.sub(dy, meanOf(dy, axes, keepDims)), tf.mul(normal, share));
        return [tf.mul(rest, again.rate)];
      },
    };
  });
  return forward(x);
}

function momentsOf(x: tf.Tensor, axes: number[], keepDims: boolean) {
  const mean = meanOf(x, axes, keepDims);
  const centered = tf.sub(x, mean);
  const variance = meanOf(tf.square(centered), axes, keepDims);
  return { mean, centered, variance, rate: tf.rsqrt(tf.add(variance, EPSILON)) };
}

/** As a sum, which runs on a picture as it lies. */
function meanOf(x: tf.Tensor, axes: number[], keepDims: boolean): tf.Tensor {
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return tf.mul(tf.sum(x, axes, keepDims), 1 / count);
}

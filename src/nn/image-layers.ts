// Layers over images [N, H, W, C]: convolutions, pooling, and the way back to more pixels.
import * as tf from "@tensorflow/tfjs-core";
import type { ParameterSpec } from "./parameters.js";

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** How a convolution moves over an image, and what follows it. */
export interface ConvolutionOptions {
  /** Pixels from one window to the next; default 1. */
  readonly stride?: number;
  /** "same": as many windows as pixels, by zeros around the image, where the stride is 1; "valid": only windows inside. Default "same". */
  readonly pad?: "same" | "valid";
  /** Pixels between the entries of a filter; default 1. With more than 1 the stride has to be 1. */
  readonly dilation?: number;
  /** For example `tf.relu`; default: none. */
  activation?(x: tf.Tensor4D): tf.Tensor4D;
}

/**
 * List the parameters of a convolution with square filters: `${name}/weight` [size, size, inputs, outputs] and
 * `${name}/bias` [outputs].
 *
 * Weights start normal with a variance of 2 / (size² inputs), which keeps the spread of what relu lets through (He et al.,
 * "Delving deep into rectifiers", 2015); biases start at 0.
 */
export function convolutionSpecs(
  name: string,
  size: number,
  inputs: number,
  outputs: number,
): ParameterSpec[] {
  return [
    {
      name: `${name}/weight`,
      shape: [size, size, inputs, outputs],
      initialization: { kind: "normal", deviation: Math.sqrt(2 / (size * size * inputs)) },
    },
    biasSpec(name, outputs),
  ];
}

/**
 * Apply a convolution with the parameters of `convolutionSpecs` to x [N, H, W, inputs].
 *
 * @example
 * const specs = convolutionSpecs("first", 3, 1, 32);
 * const y = convolution(images, parameters, "first", { pad: "valid", activation: tf.relu }); // [N, H - 2, W - 2, 32]
 */
export function convolution(
  x: tf.Tensor4D,
  parameters: Parameters,
  name: string,
  { stride = 1, pad = "same", dilation = 1, activation }: ConvolutionOptions = {},
): tf.Tensor4D {
  const filter = parameters[`${name}/weight`] as tf.Tensor4D;
  const sum: tf.Tensor4D = tf.add(
    tf.conv2d(x, filter, stride, pad, "NHWC", dilation),
    parameters[`${name}/bias`]!,
  );
  return activation ? activation(sum) : sum;
}

/**
 * List the parameters of a convolution of each channel by itself and one across them: `${name}/depthwise`
 * [size, size, inputs, 1], `${name}/pointwise` [1, 1, inputs, outputs] and `${name}/bias` [outputs].
 *
 * They are 1 / outputs + 1 / size² of a convolution's. The first starts normal with a variance of 1 / size², because no
 * relu follows it, the second as in `convolutionSpecs`.
 */
export function separableConvolutionSpecs(
  name: string,
  size: number,
  inputs: number,
  outputs: number,
): ParameterSpec[] {
  return [
    {
      name: `${name}/depthwise`,
      shape: [size, size, inputs, 1],
      initialization: { kind: "normal", deviation: 1 / size },
    },
    {
      name: `${name}/pointwise`,
      shape: [1, 1, inputs, outputs],
      initialization: { kind: "normal", deviation: Math.sqrt(2 / inputs) },
    },
    biasSpec(name, outputs),
  ];
}

/** Apply a convolution with the parameters of `separableConvolutionSpecs` to x [N, H, W, inputs]. */
export function separableConvolution(
  x: tf.Tensor4D,
  parameters: Parameters,
  name: string,
  { stride = 1, pad = "same", dilation = 1, activation }: ConvolutionOptions = {},
): tf.Tensor4D {
  const each = parameters[`${name}/depthwise`] as tf.Tensor4D;
  const across = parameters[`${name}/pointwise`] as tf.Tensor4D;
  const sum: tf.Tensor4D = tf.add(
    tf.separableConv2d(x, each, across, stride, pad, dilation),
    parameters[`${name}/bias`]!,
  );
  return activation ? activation(sum) : sum;
}

/** Keep the greatest number of each `size` x `size` pixels of x [N, H, W, C], which stand side by side; what is left over at the ends is dropped. */
export function maxPool(x: tf.Tensor4D, size = 2): tf.Tensor4D {
  return tf.maxPool(x, size, size, "valid");
}

/** Keep the mean of each `size` x `size` pixels of x [N, H, W, C], as `maxPool`. */
export function averagePool(x: tf.Tensor4D, size = 2): tf.Tensor4D {
  return tf.avgPool(x, size, size, "valid");
}

/** Keep the greatest number of each channel of x [N, H, W, C]; [N, C]. */
export function globalMaxPool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.max(x, [1, 2]);
}

/** Keep the mean of each channel of x [N, H, W, C]; [N, C]. */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}

/**
 * Make `factor` x `factor` pixels of each one of x [N, H, W, C]: "nearest" repeats it, "bilinear" interpolates between the
 * pixels' centres.
 *
 * @example
 * // one step up in a U-Net: twice the size, beside what the way down saw at that size
 * const joined = tf.concat([upsample(deep), shallow], 3);
 */
export function upsample(x: tf.Tensor4D, factor = 2, by: "nearest" | "bilinear" = "nearest"): tf.Tensor4D {
  const size: [number, number] = [x.shape[1] * factor, x.shape[2] * factor];
  return by === "nearest"
    ? tf.image.resizeNearestNeighbor(x, size)
    : tf.image.resizeBilinear(x, size, false, true);
}

function biasSpec(name: string, outputs: number): ParameterSpec {
  return { name: `${name}/bias`, shape: [outputs], initialization: { kind: "constant", value: 0 } };
}

// Class activation maps: where in a picture the channels of a convolution speak for a number.
import type { Arrays } from "../compile/engines/engine.js";
import { UsageError } from "../math/usage-error.js";
import type { Model } from "../model/model.js";
import {
  differentiableInputs,
  type ExplainedModel,
  type ExplainedNumber,
  outputWeights,
} from "./explained-model.js";
import { resizeMap } from "./resize-map.js";

/** Options of `gradCam`. */
export interface GradCamOptions {
  /** Activations [height, width, channels] that are weighted; default: the last tap of three axes. */
  readonly tap?: string;
  /** "grad-cam" weights a channel by its mean gradient, "grad-cam++" by where its gradient is positive. Default "grad-cam". */
  readonly variant?: "grad-cam" | "grad-cam++";
  /** Height and width of the maps; default: those of the activations. */
  readonly size?: readonly [number, number];
}

/** Maps of rows. */
export interface ActivationMaps {
  /** 0 and more. [rows * height * width] */
  readonly maps: Float32Array;
  /** Height and width. */
  readonly size: readonly [number, number];
}

/**
 * Return the tap that `gradCam` weights by default: the last of three axes.
 *
 * Throws a UsageError for a model without one.
 */
export function lastImageTap(model: Model): string {
  const images = Object.entries(model.taps ?? {}).filter(([, { shape }]) => shape.length === 3);
  const last = images.at(-1);
  if (last) return last[0];
  const taps = Object.keys(model.taps ?? {});
  throw new UsageError(
    `Grad-CAM weights activations of height, width and channels, and the model has none among its taps (${taps.join(", ") || "it has no taps"}). Explain it by gradients or occlusion.`,
  );
}

/**
 * Weight the channels of a tap by their gradients, sum them up, and leave what speaks against the number out.
 *
 * "grad-cam": Selvaraju et al., 2017; "grad-cam++": Chattopadhay et al., 2018, its closed form, in which derivatives of higher
 * orders are powers of the first. The runner is compiled with the tap among its `tapGradients`.
 */
export async function gradCam(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ExplainedNumber,
  { tap = lastImageTap(explained.model), variant = "grad-cam", size }: GradCamOptions = {},
): Promise<ActivationMaps> {
  const { model, runner } = explained;
  const shape = model.taps?.[tap]?.shape;
  if (shape?.length !== 3) {
    const has = shape ? `is of the shape [${shape.join(", ")}]` : "is no tap of the model";
    throw new UsageError(`"${tap}" ${has}; Grad-CAM needs [height, width, channels].`);
  }
  const given = { ...inputs, ...differentiableInputs(explained, inputs) };
  const said = await runner.gradients(given, outputWeights(explained, target));
  const [activations, gradients] = [
    said[tap] as Float32Array,
    said[`${tap}.gradient`] as Float32Array | undefined,
  ];
  if (!gradients) throw new Error(`the runner was compiled without the gradient of the tap "${tap}"`);
  const [height, width, channels] = shape as [number, number, number];
  const pixels = height * width;
  const weigh = variant === "grad-cam" ? meanGradient : positiveGradient;
  const [outHeight, outWidth] = size ?? [height, width];
  const maps = new Float32Array(runner.rows * outHeight * outWidth);
  for (let row = 0; row < runner.rows; row++) {
    const own = (values: Float32Array) =>
      values.subarray(row * pixels * channels, (row + 1) * pixels * channels);
    const map = weightedMap(own(activations), weigh(own(activations), own(gradients), channels));
    maps.set(resizeMap(map, [height, width], [outHeight, outWidth]), row * outHeight * outWidth);
  }
  return { maps, size: [outHeight, outWidth] };
}

/** [channels] */
function meanGradient(_: Float32Array, gradients: Float32Array, channels: number): Float64Array {
  const weights = new Float64Array(channels);
  for (let k = 0; k < gradients.length; k++)
    weights[k % channels]! += gradients[k]! / (gradients.length / channels);
  return weights;
}

/** [channels] */
function positiveGradient(
  activations: Float32Array,
  gradients: Float32Array,
  channels: number,
): Float64Array {
  const sums = new Float64Array(channels);
  for (let k = 0; k < activations.length; k++) sums[k % channels]! += activations[k]!;
  const weights = new Float64Array(channels);
  for (let k = 0; k < gradients.length; k++) {
    const slope = gradients[k]!;
    if (slope <= 0) continue;
    const denominator = 2 * slope ** 2 + sums[k % channels]! * slope ** 3;
    weights[k % channels]! += denominator === 0 ? 0 : (slope ** 2 / denominator) * slope;
  }
  return weights;
}

/** Sum the channels up by their weights; what is negative becomes 0. [height * width] */
function weightedMap(activations: Float32Array, weights: Float64Array): Float32Array {
  const channels = weights.length;
  return Float32Array.from({ length: activations.length / channels }, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += weights[channel]! * activations[pixel * channels + channel]!;
    return Math.max(0, sum);
  });
}

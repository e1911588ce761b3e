// Attributions by gradients: saliency, input x gradient, SmoothGrad, integrated gradients.
import type { Arrays } from "../compile/engines/engine.js";
import { createRandom } from "../math/random.js";
import {
  type Attributions,
  differentiableInputs,
  type ExplainedModel,
  type ExplainedNumber,
  outputWeights,
} from "./explained-model.js";

/** Options of `smoothGrad`. */
export interface SmoothGradOptions {
  /** Noisy copies of each row. Default 25. */
  readonly samples?: number;
  /** Standard deviation of the noise as a share of the span of the row's numbers in that input. Default 0.15. */
  readonly noise?: number;
  /** Of the noise. Default 0. */
  readonly seed?: number | string;
}

/** Options of `integratedGradients`. */
export interface IntegratedGradientsOptions {
  /** Where the path starts, as large as the inputs; missing inputs: zeros. */
  readonly baseline?: Arrays;
  /** Points of the path. Default 64. */
  readonly steps?: number;
}

/** What `integratedGradients` gives. */
export interface IntegratedGradients {
  /** Share of each number of the inputs in `difference`. */
  readonly attributions: Attributions;
  /** The number at the inputs minus that at the baseline. [rows] */
  readonly difference: Float32Array;
  /** |sum of the shares - difference| / |difference|: what the points leave open; 0 where both are 0. [rows] */
  readonly completenessError: Float32Array;
}

/** Gradient of the explained number with respect to each number of the inputs (Baehrens et al., 2010). */
export async function inputGradients(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ExplainedNumber,
): Promise<Attributions> {
  const given = differentiableInputs(explained, inputs);
  return gradientsAt(explained, { ...inputs, ...given }, outputWeights(explained, target));
}

/** Absolute gradients (Simonyan, Vedaldi & Zisserman, "Deep inside convolutional networks", 2014). */
export async function saliency(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ExplainedNumber,
): Promise<Attributions> {
  const gradients = await inputGradients(explained, inputs, target);
  return mapped(gradients, (gradient) => gradient.map(Math.abs));
}

/** Each number of the inputs times its gradient: its share, were the model linear (Shrikumar et al., 2016). */
export async function inputTimesGradient(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ExplainedNumber,
): Promise<Attributions> {
  const gradients = await inputGradients(explained, inputs, target);
  return mapped(gradients, (gradient, name) => gradient.map((slope, k) => slope * inputs[name]![k]!));
}

/**
 * Absolute mean gradient over noisy copies of each row, in which the noise of gradients averages out (Smilkov et al.,
 * "SmoothGrad: removing noise by adding noise", 2017); the same seed gives the same bits.
 */
export async function smoothGrad(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ExplainedNumber,
  { samples = 25, noise = 0.15, seed = 0 }: SmoothGradOptions = {},
): Promise<Attributions> {
  const weights = outputWeights(explained, target);
  const given = differentiableInputs(explained, inputs);
  const random = createRandom(`${seed}/smooth-grad`);
  const sums = mapped(given, (values) => new Float32Array(values.length));
  for (let sample = 0; sample < samples; sample++) {
    const noisy = mapped(given, (values) => {
      const size = values.length / explained.runner.rows;
      const spans = rowSpans(values, size);
      return values.map((value, k) => value + noise * spans[Math.floor(k / size)]! * random.normal());
    });
    addTo(sums, await gradientsAt(explained, { ...inputs, ...noisy }, weights), 1 / samples);
  }
  return mapped(sums, (sum) => sum.map(Math.abs));
}

/**
 * Share the explained number out among the inputs by integrated gradients (Sundararajan, Taly & Yan, "Axiomatic attribution for
 * deep networks", 2017): gradients at the middles of `steps` equal parts of the straight way from the baseline, times the way.
 */
export async function integratedGradients(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ExplainedNumber,
  { baseline = {}, steps = 64 }: IntegratedGradientsOptions = {},
): Promise<IntegratedGradients> {
  const weights = outputWeights(explained, target);
  const given = differentiableInputs(explained, inputs);
  const start = mapped(given, (values, name) =>
    baseline[name] ? Float32Array.from(baseline[name]) : new Float32Array(values.length),
  );
  const at = (share: number) =>
    mapped(given, (values, name) =>
      values.map((value, k) => start[name]![k]! + share * (value - start[name]![k]!)),
    );
  const sums = mapped(given, (values) => new Float32Array(values.length));
  for (let step = 0; step < steps; step++) {
    const here = { ...inputs, ...at((step + 0.5) / steps) };
    addTo(sums, await gradientsAt(explained, here, weights), 1 / steps);
  }
  const attributions = mapped(sums, (sum, name) =>
    sum.map((slope, k) => slope * (given[name]![k]! - start[name]![k]!)),
  );
  const outputAt = async (share: number) => {
    const { output } = await explained.runner.gradients({ ...inputs, ...at(share) }, weights);
    return output!;
  };
  const [end, begin] = [await outputAt(1), await outputAt(0)];
  const difference = Float32Array.from(end, (value, row) => value - begin[row]!);
  return { attributions, difference, completenessError: completeness(attributions, difference) };
}

/**
 * Return a baseline for the model's inputs: images in their own average colour, standardised inputs at the average of training, zeros
 * for others.
 */
export function averageBaseline(
  { model, runner }: ExplainedModel,
  inputs: Arrays,
  means: Readonly<Record<string, ArrayLike<number>>> = {},
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(model.inputs).map(([name, { shape }]) => {
      const values = inputs[name]!;
      const size = values.length / runner.rows;
      const mean = means[name];
      if (mean) return [name, Float32Array.from(values, (_, k) => mean[k % size]!)];
      return [
        name,
        shape.length === 3 ? evenImages(values, size, shape[2]!) : new Float32Array(values.length),
      ];
    }),
  );
}

/** Images with the average of each channel everywhere. */
function evenImages(values: ArrayLike<number>, size: number, channels: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < values.length / size; row++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let k = channel; k < size; k += channels) sum += values[row * size + k]!;
      const average = (sum * channels) / size;
      for (let k = channel; k < size; k += channels) result[row * size + k] = average;
    }
  }
  return result;
}

async function gradientsAt(
  { model, runner }: ExplainedModel,
  inputs: Arrays,
  weights: Arrays,
): Promise<Record<string, Float32Array>> {
  const said = await runner.gradients(inputs, weights);
  const names = Object.keys(model.inputs).filter((name) => said[`${name}.gradient`]);
  return Object.fromEntries(names.map((name) => [name, said[`${name}.gradient`] as Float32Array]));
}

function completeness(attributions: Attributions, difference: Float32Array): Float32Array {
  const rows = difference.length;
  return difference.map((expected, row) => {
    let sum = 0;
    for (const shares of Object.values(attributions)) {
      const size = shares.length / rows;
      for (let k = row * size; k < (row + 1) * size; k++) sum += shares[k]!;
    }
    const error = Math.abs(sum - expected);
    return error === 0 ? 0 : error / Math.abs(expected);
  });
}

/** Greatest minus smallest number of each row. */
function rowSpans(values: Float32Array, size: number): Float32Array {
  return Float32Array.from({ length: values.length / size }, (_, row) => {
    let [low, high] = [Infinity, -Infinity];
    for (let k = row * size; k < (row + 1) * size; k++) {
      low = Math.min(low, values[k]!);
      high = Math.max(high, values[k]!);
    }
    return high - low;
  });
}

function addTo(sums: Readonly<Record<string, Float32Array>>, terms: Attributions, factor: number): void {
  for (const [name, sum] of Object.entries(sums)) {
    const term = terms[name]!;
    for (let k = 0; k < sum.length; k++) sum[k]! += factor * term[k]!;
  }
}

function mapped(
  arrays: Readonly<Record<string, Float32Array>>,
  change: (values: Float32Array, name: string) => Float32Array,
): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, change(values, name)]));
}

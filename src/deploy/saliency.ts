// Integrated gradients: what made an output differ from that for an average observation.
import type { Arrays } from "../compile/engines/engine.js";
import type { Explained, LiveObservation, LivePolicy } from "./live-policy.js";

/** What made an output differ from that for the average observation and an even image. */
export interface Attribution {
  /** Share of each entry, in the output's unit; together with `imageShares` they make `difference`. [O] */
  readonly shares: Float32Array;
  /** Share of each byte of the image, in its order, of a policy that reads images. */
  readonly imageShares?: Float32Array;
  /** Output minus the output for the average observation of training and an even image. */
  readonly difference: number;
  /** Sum of the shares minus `difference`: what the number of points leaves open. */
  readonly error: number;
}

/**
 * Share an output out among what was observed by integrated gradients (Sundararajan, Taly and Yan 2017).
 *
 * The path leads straight from the average observation of training, and an image of one colour, its own average, to
 * `observed`; gradients are taken at the middles of `numPoints` equal parts of it. `memory` is that before the step, and held fixed.
 */
export async function attribute(
  policy: LivePolicy,
  observed: LiveObservation,
  explained: Explained,
  memory?: Arrays,
  numPoints = 32,
): Promise<Attribution> {
  const { mean } = policy.typical;
  const { image } = observed;
  // without what only the critic reads its entries stay average, and have no share
  const observation = mean.map((average, entry) => observed.observation[entry] ?? average);
  const even = image && evenImage(image, numChannels(policy));
  const at = (share: number): LiveObservation => ({
    observation: mean.map((start, entry) => start + share * (observation[entry]! - start)),
    ...(even ? { image: even.map((start, k) => start + share * (image![k]! - start)) } : {}),
  });
  const sum = new Float64Array(mean.length);
  const imageSum = even && new Float64Array(even.length);
  for (let point = 0; point < numPoints; point++) {
    const slopes = await policy.gradients(at((point + 0.5) / numPoints), explained, memory);
    for (const [entry, slope] of slopes.gradient.entries()) sum[entry]! += slope / numPoints;
    if (!imageSum) continue;
    for (const [k, slope] of slopes.imageGradient!.entries()) imageSum[k]! += slope / numPoints;
  }
  const [end, start] = [
    await policy.gradients(at(1), explained, memory),
    await policy.gradients(at(0), explained, memory),
  ];
  const difference = end.output - start.output;
  const shares = Float32Array.from(sum, (slope, entry) => slope * (observation[entry]! - mean[entry]!));
  const imageShares = imageSum && Float32Array.from(imageSum, (slope, k) => slope * (image![k]! - even![k]!));
  const total = [...shares, ...(imageShares ?? [])].reduce((all, share) => all + share, 0);
  return { shares, ...(imageShares ? { imageShares } : {}), difference, error: total - difference };
}

function numChannels({ document }: LivePolicy): number {
  return 3 * (document.cameras?.length ?? 1);
}

/** An image with the average of each channel everywhere. */
function evenImage(image: ArrayLike<number>, channels: number): Float32Array {
  const averages = new Float64Array(channels);
  const numPixels = image.length / channels;
  for (let k = 0; k < image.length; k++) averages[k % channels]! += image[k]! / numPixels;
  return Float32Array.from(image, (_, k) => averages[k % channels]!);
}

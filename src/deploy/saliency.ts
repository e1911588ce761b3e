// Why a policy acts as it does: which observation entries its output hangs on.
import type { Arrays } from "../compile/engine.js";
import type { LivePolicy, Said } from "./live-policy.js";

/** What is explained: an action entry by its index, or the value. */
export type Explained = number | "value";

/** How much each observation entry counts for one output. */
export interface Saliency {
  /** The output itself: the mean action entry, or the value. */
  readonly output: number;
  /** Its change per unit of each entry, at the observation. [O] */
  readonly gradient: Float32Array;
  /** The same per standard deviation that the entry had in training. [O] */
  readonly perDeviation: Float32Array;
}

/** What made an output differ from that for the average observation. */
export interface Attribution {
  /** Share of each entry, in the output's unit; together they make `difference`. [O] */
  readonly shares: Float32Array;
  /** Output minus the output for the average observation of training. */
  readonly difference: number;
  /** Sum of the shares minus `difference`: what the number of points leaves open. */
  readonly error: number;
}

/** Read the gradient of one output. */
export function saliencyOf(policy: LivePolicy, said: Said, explained: Explained): Saliency {
  const gradient = gradientOf(said, explained);
  const { deviation } = policy.typical;
  return {
    output: outputOf(said, explained),
    gradient,
    perDeviation: gradient.map((slope, entry) => slope * deviation[entry]!),
  };
}

/**
 * Share the output out among the entries by integrated gradients (Sundararajan, Taly and Yan 2017).
 *
 * The path leads straight from the average observation of training to `observation`; gradients are taken at the middles
 * of `numPoints` equal parts of it. `memory` is that before the step, and held fixed.
 */
export async function attribute(
  policy: LivePolicy,
  observation: ArrayLike<number>,
  explained: Explained,
  memory?: Arrays,
  numPoints = 32,
): Promise<Attribution> {
  const { mean } = policy.typical;
  const at = (share: number) =>
    Float32Array.from(mean, (start, entry) => start + share * (observation[entry]! - start));
  const sum = new Float64Array(mean.length);
  for (let point = 0; point < numPoints; point++) {
    const gradient = gradientOf(await policy.ask(at((point + 0.5) / numPoints), memory), explained);
    for (const [entry, slope] of gradient.entries()) sum[entry]! += slope / numPoints;
  }
  const [end, start] = [await policy.ask(observation, memory), await policy.ask(mean, memory)];
  const difference = outputOf(end, explained) - outputOf(start, explained);
  const shares = Float32Array.from(sum, (slope, entry) => slope * (observation[entry]! - mean[entry]!));
  return { shares, difference, error: shares.reduce((total, share) => total + share, 0) - difference };
}

function outputOf({ mean, value }: Said, explained: Explained): number {
  return explained === "value" ? value : mean[explained]!;
}

function gradientOf({ actionGradients, valueGradient }: Said, explained: Explained): Float32Array {
  const size = valueGradient.length;
  return explained === "value"
    ? valueGradient
    : actionGradients.slice(size * explained, size * (explained + 1));
}

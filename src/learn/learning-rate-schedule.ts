// Schedules of the learning rate: linear, exponential, by the KL divergence of the last update, and those of a fit.
import type { FitSettings } from "./predictor.js";

/** Bounds of a rate that follows the KL divergence. */
const MIN_LEARNING_RATE = 1e-5;
const MAX_LEARNING_RATE = 3e-3;
/** Factor by which it changes after an update. */
const KL_STEP = 1.5;

/** Fall in a straight line from `start` to 0; `progress` is the share of training that is done. */
export function linearRate(start: number, progress: number): number {
  return start * (1 - progress);
}

/** Fall by the same factor in each part of training, from `start` to `end`; `progress` is the share that is done. */
export function exponentialRate(start: number, end: number, progress: number): number {
  return start * (end / start) ** progress;
}

/**
 * Return the rate after one of `rate` that moved the policy by a divergence of `kl`: less where that was over twice
 * `targetKl`, more where it was under half, as rsl_rl and rl_games do; within 1e-5 to 3e-3, or to `start` where that is outside.
 */
export function klAdaptedRate({
  rate,
  start,
  kl,
  targetKl,
}: {
  readonly rate: number;
  /** The rate that training started with. */
  readonly start: number;
  readonly kl: number;
  readonly targetKl: number;
}): number {
  const factor = kl > 2 * targetKl ? 1 / KL_STEP : kl < targetKl / 2 ? KL_STEP : 1;
  return Math.min(
    Math.max(MAX_LEARNING_RATE, start),
    Math.max(Math.min(MIN_LEARNING_RATE, start), rate * factor),
  );
}

/**
 * Return the rate of minibatch `update`, counted from 0, of `total` of a fit: it rises in a straight line over the share `warmup`, then
 * stays, falls in a straight line to 0, or as a cosine to `finalRate` of its greatest.
 */
export function fitRate(
  {
    learningRate,
    schedule,
    finalRate,
    warmup,
  }: Pick<FitSettings, "learningRate" | "schedule" | "finalRate" | "warmup">,
  update: number,
  total: number,
): number {
  const rising = Math.ceil(warmup * total);
  if (update < rising) return (learningRate * (update + 1)) / rising;
  const progress = (update - rising) / (total - rising);
  if (schedule === "linear") return linearRate(learningRate, progress);
  if (schedule === "constant") return learningRate;
  return learningRate * (finalRate + ((1 - finalRate) * (1 + Math.cos(Math.PI * progress))) / 2);
}

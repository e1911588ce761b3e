// The one minibatch loop: PPO, DAgger, cloning and pre-training all learn by it.
import type { Arrays, CompiledFunction } from "../compile/engines/engine.js";
import type { CallbackAnswer } from "./callbacks.js";
import type { Minibatches } from "./minibatches.js";
import type { Optimizer } from "./optimizer.js";

/** What learns, from what, and for how long. */
export interface FitOptions<Loss extends string> {
  /** Owns the parameters; takes a step per minibatch. */
  readonly optimizer: Optimizer;
  /** Takes `adamInputs` and the arrays of a minibatch; returns what `adamUpdate` does, and the losses. */
  readonly update: CompiledFunction;
  readonly minibatches: Minibatches;
  /** Passes over the minibatches. Default 1. */
  readonly numEpochs?: number;
  /** Scalars among what `update` returns, to be averaged over an epoch. */
  readonly losses: readonly Loss[];
  /** Learning rate of a minibatch, both counted from 0; absent: the optimiser's stays. */
  readonly learningRate?: (epoch: number, batch: number) => number;
  /** Called, and awaited, after each step with all that the update returned; it was the last where it returns false. */
  readonly onBatch?: (batch: number, outputs: Arrays) => CallbackAnswer;
  /** Called after each epoch with its mean losses; none follows where it returns false. */
  readonly onEpoch?: (losses: Losses<Loss>) => boolean;
  /** Ends after the epoch under way when aborted. */
  readonly signal?: AbortSignal;
}

/** Means over the minibatches of an epoch. */
export type Losses<Loss extends string> = Record<Loss, number>;

/**
 * Step `optimizer` once per minibatch, epoch by epoch, and return the mean losses of the last epoch; NaN where there was none,
 * and a part of the mean where `onBatch` ended amid it.
 *
 * Throws a DivergedUpdate where a loss or a parameter is no longer finite.
 */
export async function fit<Loss extends string>({
  optimizer,
  update,
  minibatches,
  numEpochs = 1,
  losses: names,
  learningRate,
  onBatch,
  onEpoch,
  signal,
}: FitOptions<Loss>): Promise<Losses<Loss>> {
  const { numBatches } = minibatches;
  let losses = everyLoss(names, Number.NaN);
  for (let epoch = 0; epoch < numEpochs && !signal?.aborted; epoch++) {
    losses = everyLoss(names, 0);
    for (let batch = 0; batch < numBatches; batch++) {
      const arrays = minibatches.next(batch);
      if (learningRate) optimizer.learningRate = learningRate(epoch, batch);
      const outputs = await optimizer.step(update, arrays);
      for (const name of names) losses[name] += outputs[name]![0]! / numBatches;
      if ((await onBatch?.(batch, outputs)) === false) return losses;
    }
    if (onEpoch?.(losses) === false) break;
  }
  return losses;
}

function everyLoss<Loss extends string>(names: readonly Loss[], value: number): Losses<Loss> {
  return Object.fromEntries(names.map((name) => [name, value])) as Losses<Loss>;
}

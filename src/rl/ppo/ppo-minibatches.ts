// The minibatches of PPO: single steps, or whole sequences for a policy with memory.
import { type Minibatches, shuffledMinibatches } from "../../learn/minibatches.js";
import type { Random } from "../../math/random.js";
import { memorySize } from "../../model/model.js";
import { imageSize, type Policy } from "../policy.js";
import { type RolloutBatch, takeRows } from "../rollout/rollout-batch.js";
import { takeSequences } from "../rollout/sequence-minibatch.js";
import { sequenceStarts } from "../rollout/sequence-starts.js";
import type { PpoSettings } from "./ppo-settings.js";

/** Return the rows of a minibatch, and of how many units it is: sequences of a policy with memory, else the rows themselves. */
export function minibatchSize(
  policy: Pick<Policy, "memory">,
  settings: PpoSettings,
): { readonly numRows: number; readonly numUnits: number } {
  const { numEnvs, numSteps, numMinibatches, sequenceLength = numSteps } = settings;
  if (!policy.memory) {
    const numRows = (numEnvs * numSteps) / numMinibatches;
    return { numRows, numUnits: numRows };
  }
  const numUnits = (numEnvs * sequenceStarts(settings).length) / numMinibatches;
  return { numRows: numUnits * sequenceLength, numUnits };
}

/** Cut `batch` into minibatches, shuffled by `random` in each epoch; they share their arrays. */
export function ppoMinibatches(
  batch: RolloutBatch,
  settings: PpoSettings,
  policy: Policy,
  random: Random,
): Minibatches {
  const { sequences } = batch;
  const { numRows, numUnits } = minibatchSize(policy, settings);
  const kept = sequences ? sequences.kept : batch.rows;
  // the compiled update takes whole minibatches: where steps are left out, some of the others come twice
  const units = Int32Array.from(
    { length: numUnits * settings.numMinibatches },
    (_, k) => kept[k % kept.length]!,
  );
  const rows = {
    observations: new Float32Array(numRows * policy.observationSize),
    actions: new Float32Array(numRows * policy.actionSize),
    logProbs: new Float32Array(numRows),
    advantages: new Float32Array(numRows),
    returns: new Float32Array(numRows),
    ...(policy.image ? { images: new Uint8Array(numRows * imageSize(policy)) } : {}),
  };
  if (!sequences)
    return shuffledMinibatches(units, numUnits, random, (picked) => {
      takeRows(batch, picked, rows);
      return rows;
    });
  const sequenced = {
    ...rows,
    memory: new Float32Array(numUnits * memorySize(policy)),
    starts: new Float32Array(numRows),
    weights: new Float32Array(numRows),
  };
  return shuffledMinibatches(units, numUnits, random, (picked) => {
    takeSequences(batch, sequences, picked, sequenced);
    return sequenced;
  });
}

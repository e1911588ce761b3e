// Sequences of a batch side by side, step by step: the minibatches of policies with memory.
import { takeImage } from "./batch-images.js";
import type { Minibatch, RolloutBatch } from "./rollout-batch.js";
import type { Sequences } from "./sequences.js";

/** Arrays of one minibatch of E sequences of T steps; row `t * E + e`. */
export interface SequenceMinibatch extends Minibatch {
  readonly memory: Float32Array;
  readonly starts: Float32Array;
  readonly weights: Float32Array;
}

/** Copy the sequences with the indices `picked` into a minibatch, step by step side by side. */
export function takeSequences(
  batch: RolloutBatch,
  sequences: Sequences,
  picked: Int32Array,
  minibatch: SequenceMinibatch,
): void {
  const { length } = sequences;
  const count = picked.length;
  const memorySize = minibatch.memory.length / count;
  for (let e = 0; e < count; e++) {
    const sequence = picked[e]!;
    const from = sequence * memorySize;
    minibatch.memory.set(sequences.memories.subarray(from, from + memorySize), e * memorySize);
    for (let step = 0; step < length; step++) {
      minibatch.starts[step * count + e] = sequences.starts[sequence * length + step]!;
      minibatch.weights[step * count + e] = sequences.weights[sequence * length + step]!;
    }
  }
  for (let e = 0; e < count; e++)
    for (let step = 0; step < length; step++)
      takeImage(batch, sequences.rows[picked[e]! * length + step]!, minibatch, step * count + e);
  for (const name of ["observations", "actions", "logProbs", "advantages", "returns"] as const) {
    const [source, target] = [batch[name], minibatch[name]];
    const width = target.length / (count * length);
    for (let e = 0; e < count; e++) {
      for (let step = 0; step < length; step++) {
        const from = sequences.rows[picked[e]! * length + step]! * width;
        const to = (step * count + e) * width;
        for (let k = 0; k < width; k++) target[to + k] = source[from + k]!;
      }
    }
  }
}

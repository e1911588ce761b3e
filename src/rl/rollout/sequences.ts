// A rollout cut into sequences: what a policy with memory learns from in a piece.

import type { PpoSettings } from "../ppo/ppo-settings.js";
import { takeImage } from "./batch-images.js";
import type { Minibatch, RolloutBatch } from "./rollout-batch.js";
import type { RolloutData } from "./rollout-group.js";

/** Sequences of single environments, group after group, over the rows of a batch. */
export interface Sequences {
  /** Steps of each. */
  readonly length: number;
  /** What was remembered before the first step of each, while the rollout ran. [sequences * memory size] */
  readonly memories: Float32Array;
  /** Their rows in the batch, step after step. [sequences * length] */
  readonly rows: Int32Array;
  /** 1 where a step is the first of its episode. [sequences * length] */
  readonly starts: Float32Array;
  /** 0 where a step is not to be learnt from: burn-in, or an episode that the NaN guard dropped. [sequences * length] */
  readonly weights: Float32Array;
  /** Indices of the sequences with something to learn from. */
  readonly kept: Int32Array;
}

/** Arrays of one minibatch of E sequences of T steps; row `t * E + e`. */
export interface SequenceMinibatch extends Minibatch {
  readonly memory: Float32Array;
  readonly starts: Float32Array;
  readonly weights: Float32Array;
}

/** Return the steps at which sequences start: each goes back by `burnIn` into the one before. */
export function sequenceStarts(
  settings: Pick<PpoSettings, "numSteps" | "sequenceLength" | "burnIn">,
): number[] {
  const { numSteps, sequenceLength: length = numSteps, burnIn = 0 } = settings;
  const starts: number[] = [];
  for (let start = 0; start + length <= numSteps; start += length - burnIn) starts.push(start);
  return starts;
}

/** Cut rollouts into sequences. */
export function sequencesOf(groups: readonly RolloutData[], settings: PpoSettings): Sequences {
  const { numSteps, groupSize, sequenceLength: length = numSteps, burnIn = 0 } = settings;
  const beginnings = sequenceStarts(settings);
  const count = groups.length * beginnings.length * groupSize;
  const sequences = {
    length,
    memories: joined(groups.map(({ memories }) => memories)),
    rows: new Int32Array(count * length),
    starts: new Float32Array(count * length),
    weights: new Float32Array(count * length),
  };
  const kept: number[] = [];
  let sequence = 0;
  for (const [group, { terminated, truncated, excluded }] of groups.entries()) {
    for (const [chunk, first] of beginnings.entries()) {
      for (let i = 0; i < groupSize; i++, sequence++) {
        let isKept = false;
        for (let step = 0; step < length; step++) {
          const row = (first + step) * groupSize + i;
          const before = row - groupSize;
          const k = sequence * length + step;
          const isBurnIn = chunk > 0 && step < burnIn;
          sequences.rows[k] = group * numSteps * groupSize + row;
          // the memory of the first step was emptied by the rollout already
          sequences.starts[k] = step > 0 && (terminated[before] === 1 || truncated[before] === 1) ? 1 : 0;
          sequences.weights[k] = isBurnIn || excluded[row] === 1 ? 0 : 1;
          isKept ||= sequences.weights[k] === 1;
        }
        if (isKept) kept.push(sequence);
      }
    }
  }
  return { ...sequences, kept: Int32Array.from(kept) };
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

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

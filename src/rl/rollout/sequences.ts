// A rollout cut into sequences: what a policy with memory learns from in a piece.

import type { PpoSettings } from "../ppo/ppo-settings.js";
import type { RolloutBuffer } from "./rollout-buffer.js";
import { sequenceStarts } from "./sequence-starts.js";

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

/** Cut rollouts into sequences. */
export function sequencesOf(groups: readonly RolloutBuffer[], settings: PpoSettings): Sequences {
  const { numSteps, envsPerGroup, sequenceLength: length = numSteps, burnIn = 0 } = settings;
  const beginnings = sequenceStarts(settings);
  const count = groups.length * beginnings.length * envsPerGroup;
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
      for (let i = 0; i < envsPerGroup; i++, sequence++) {
        let isKept = false;
        for (let step = 0; step < length; step++) {
          const row = (first + step) * envsPerGroup + i;
          const before = row - envsPerGroup;
          const k = sequence * length + step;
          const isBurnIn = chunk > 0 && step < burnIn;
          sequences.rows[k] = group * numSteps * envsPerGroup + row;
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

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

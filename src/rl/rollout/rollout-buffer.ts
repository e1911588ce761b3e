// What a rollout of one group fills: arrays side by side in one buffer, which threads may share.
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { sequenceStarts } from "./sequence-starts.js";

/** What a rollout of one group fills; index `t * envsPerGroup + i`. The arrays may be shared between threads. */
export interface RolloutBuffer {
  /** Raw observations acted on. [T * N * O] */
  readonly observations: Float32Array;
  /** Images acted on, in the policy's order; empty where it reads none. [T * N * bytes] */
  readonly images: Uint8Array;
  /** Sampled actions before clipping; with a teacher the teacher's, also where the student acts. [T * N * A] */
  readonly actions: Float32Array;
  readonly logProbs: Float32Array;
  readonly rewards: Float32Array;
  readonly values: Float32Array;
  readonly finalValues: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** 1 for every step of an episode that the NaN guard dropped: nothing is learnt from it. */
  readonly excluded: Uint8Array;
  /** [N] */
  readonly lastValues: Float32Array;
  /** What was remembered before each sequence that the rollout is cut into; index `(sequence * N + i) * memory size`. */
  readonly memories: Float32Array;
}

/** Return the byte length of one group's data and the arrays on it. */
export function rolloutBuffer(
  settings: PpoSettings,
  observationSize: number,
  actionSize: number,
  memorySize: number,
  imageSize = 0,
  buffer?: SharedArrayBuffer | ArrayBuffer,
): RolloutBuffer & { readonly buffer: SharedArrayBuffer | ArrayBuffer } {
  const { numSteps, envsPerGroup } = settings;
  const rows = numSteps * envsPerGroup;
  const remembered = memorySize * envsPerGroup * sequenceStarts(settings).length;
  const floats = rows * (observationSize + actionSize + 4) + envsPerGroup + remembered;
  const memory = buffer ?? new SharedArrayBuffer(4 * floats + (3 + imageSize) * rows);
  let offset = 0;
  const take = (length: number) => {
    const array = new Float32Array(memory, offset, length);
    offset += 4 * length;
    return array;
  };
  const observations = take(rows * observationSize);
  const actions = take(rows * actionSize);
  const [logProbs, rewards, values, finalValues] = [take(rows), take(rows), take(rows), take(rows)];
  const lastValues = take(envsPerGroup);
  const memories = take(remembered);
  const terminated = new Uint8Array(memory, offset, rows);
  const truncated = new Uint8Array(memory, offset + rows, rows);
  const excluded = new Uint8Array(memory, offset + 2 * rows, rows);
  const images = new Uint8Array(memory, offset + 3 * rows, rows * imageSize);
  const arrays = {
    observations,
    images,
    actions,
    logProbs,
    rewards,
    values,
    finalValues,
    lastValues,
    memories,
    terminated,
    truncated,
    excluded,
  };
  return { buffer: memory, ...arrays };
}

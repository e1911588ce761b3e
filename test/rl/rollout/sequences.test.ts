import { expect, test } from "vitest";
import { PPO_DEFAULTS } from "../../../src/rl/ppo/ppo-settings.js";
import { rolloutBuffer } from "../../../src/rl/rollout/rollout-buffer.js";
import { takeSequences } from "../../../src/rl/rollout/sequence-minibatch.js";
import { sequenceStarts } from "../../../src/rl/rollout/sequence-starts.js";
import { sequencesOf } from "../../../src/rl/rollout/sequences.js";
import { validateSettings } from "../../../src/rl/validate-settings.js";

const settings = {
  ...PPO_DEFAULTS,
  numEnvs: 4,
  envsPerGroup: 2,
  numSteps: 6,
  numMinibatches: 1,
  sequenceLength: 4,
  burnIn: 2,
};

test("sequences cover a rollout, each going back into the one before by the burn-in", () => {
  expect(sequenceStarts({ numSteps: 12, sequenceLength: 4 })).toEqual([0, 4, 8]);
  expect(sequenceStarts({ numSteps: 12, sequenceLength: 6, burnIn: 3 })).toEqual([0, 3, 6]);
  expect(sequenceStarts({ numSteps: 12 })).toEqual([0]);
});

test("every step that is not excluded is learnt from once, with its episode's start and its stored memory", () => {
  const groups = [0, 1].map(() => rolloutBuffer(settings, 1, 1, 3));
  // memories: 2 sequences x 2 environments x 3 numbers
  for (const [g, { memories }] of groups.entries()) {
    expect(memories).toHaveLength(12);
    for (const k of memories.keys()) memories[k] = 100 * g + k;
  }
  groups[0]!.terminated[2 * 2 + 1] = 1; // environment 1 ends at step 2
  groups[1]!.truncated[5 * 2] = 1; // environment 2 at the last step
  for (let t = 0; t < 6; t++) groups[1]!.excluded[2 * t + 1] = 1; // all of environment 3
  const sequences = sequencesOf(groups, settings);
  const counted = new Map<number, number>();
  for (const [k, row] of sequences.rows.entries())
    counted.set(row, (counted.get(row) ?? 0) + sequences.weights[k]!);
  for (let row = 0; row < 24; row++)
    expect(counted.get(row), `row ${row}`).toBe(row >= 12 && row % 2 === 1 ? 0 : 1);
  // environment 3 has nothing to learn from in either of its sequences
  expect([...sequences.kept]).toEqual([0, 1, 2, 3, 4, 6]);
  // the second sequence of environment 1: steps 2 to 5, the episode starts at step 3
  expect([...sequences.rows.subarray(12, 16)]).toEqual([5, 7, 9, 11]);
  expect([...sequences.starts.subarray(12, 16)]).toEqual([0, 1, 0, 0]);
  expect([...sequences.weights.subarray(12, 16)]).toEqual([0, 0, 1, 1]);
  expect([...sequences.memories.subarray(9, 12)]).toEqual([9, 10, 11]);
});

test("a minibatch holds its sequences step by step side by side", () => {
  const groups = [rolloutBuffer({ ...settings, numEnvs: 2 }, 2, 1, 1)];
  const { memories } = groups[0]!;
  for (const k of memories.keys()) memories[k] = 10 + k;
  const sequences = sequencesOf(groups, settings);
  const rows = 12;
  const numbers = (width: number) => Float32Array.from({ length: rows * width }, (_, k) => k);
  const batch = {
    observations: numbers(2),
    actions: numbers(1),
    logProbs: numbers(1),
    advantages: numbers(1),
    returns: numbers(1),
    values: numbers(1),
    rows: new Int32Array(0),
  };
  const minibatch = {
    observations: new Float32Array(16),
    actions: new Float32Array(8),
    logProbs: new Float32Array(8),
    advantages: new Float32Array(8),
    returns: new Float32Array(8),
    memory: new Float32Array(2),
    starts: new Float32Array(8),
    weights: new Float32Array(8),
  };
  takeSequences(batch, sequences, Int32Array.of(3, 0), minibatch);
  // sequence 3: environment 1 from step 2; sequence 0: environment 0 from step 0
  expect([...minibatch.actions]).toEqual([5, 0, 7, 2, 9, 4, 11, 6]);
  expect([...minibatch.observations.subarray(0, 4)]).toEqual([10, 11, 0, 1]);
  expect([...minibatch.memory]).toEqual([13, 10]);
  expect([...minibatch.weights]).toEqual([0, 1, 0, 1, 1, 1, 1, 1]);
});

test.each([
  [{ memory: "elephant" }, 'Setting "memory" is "elephant", expected "lstm", "gru" or "none".'],
  [{ sequenceLength: 7 }, 'Setting "sequenceLength" is 7, expected a whole number from 1 to numSteps (6).'],
  [{ burnIn: 4 }, 'Setting "burnIn" is 4, expected a whole number from 0 to 3, below sequenceLength.'],
  [
    { burnIn: 0 },
    'Setting "numSteps" is 6, expected sequenceLength (4) and a multiple of sequenceLength - burnIn (4) more: sequences must cover a rollout exactly.',
  ],
  [
    { numMinibatches: 3 },
    'Setting "numMinibatches" is 3, expected a divisor of the number of sequences (8).',
  ],
])("%j is refused: sequences must fit", (change, message) => {
  expect(() => validateSettings(settings)).not.toThrow();
  expect(() => validateSettings({ ...settings, ...change } as typeof settings)).toThrow(message);
});

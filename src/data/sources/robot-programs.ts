// Robot programs from their grammar, generated: text whose entropy is known, so that a model's loss says how much of it was learned.
import { createRandom } from "../../math/random.js";
import { expectationsOf } from "../../programs/grammar/expectations.js";
import { sampleText, walkText } from "../../programs/grammar/walk.js";
import { programGrammar } from "../../programs/program-grammar.js";
import type { DataSource } from "../data-source.js";
import { type Dataset, tableDataset } from "../dataset.js";
import { wholeSetting } from "../source-settings.js";

/**
 * `rows` windows of `length` characters to learn from, a tenth as many to choose by and a fifth to test: each begins where a program
 * does, and goes on with the next programs.
 *
 * Fields as those of "tiny-shakespeare": `tokens` [T] int32, characters in the grammar's alphabet, and `next` [T], the one after each.
 * The provenance of those to choose by and to test says the least mean loss that there is (`lowestLoss`, nats a character): that of the
 * grammar's own probabilities for `next`.
 */
export const robotPrograms: DataSource = {
  id: "robot-programs",
  description: "generated pick-and-place programs as characters, of a grammar whose entropy is known",
  licence: "CC0-1.0",
  files: [],
  settings: { length: 192, rows: 8000 },
  async load(_files, settings, seed) {
    const length = wholeSetting(settings, "length", 1, 4096);
    const rows = wholeSetting(settings, "rows", 10, 100_000);
    const make = (split: string, count: number) =>
      windows(count, length, {
        ...settings,
        seed: `${seed}/robot-programs/${split}`,
        measured: split !== "train",
      });
    return {
      train: make("train", rows),
      validation: make("validation", Math.ceil(rows / 10)),
      test: async () => make("test", Math.ceil(rows / 5)),
    };
  },
};

interface Making {
  readonly seed: string;
  /** Whether the least loss is computed. */
  readonly measured: boolean;
}

function windows(count: number, length: number, { seed, measured, ...settings }: Making): Dataset {
  const grammar = programGrammar();
  const { entropy, perCharacter } = expectationsOf(grammar);
  const random = createRandom(seed);
  const programs: string[] = [];
  const starts: number[] = [];
  let total = 0;
  // the last window needs what comes after it
  while (starts.length < count || total < starts[count - 1]! + length + 1) {
    const program = sampleText(grammar, random);
    programs.push(program);
    starts.push(total);
    total += program.length;
  }
  const numbers = new Map(grammar.alphabet.map((character, number) => [character, number]));
  const text = Int32Array.from(programs.join(""), (character) => numbers.get(character)!);
  const tokens = new Int32Array(count * length);
  const next = new Int32Array(count * length);
  for (let row = 0; row < count; row++) {
    const start = starts[row]!;
    tokens.set(text.subarray(start, start + length), row * length);
    next.set(text.subarray(start + 1, start + length + 1), row * length);
  }
  const field = { shape: [length], dtype: "int32", classes: grammar.alphabet } as const;
  const lowest = measured ? { lowestLoss: lowestLoss(programs, starts, count, length) } : {};
  return tableDataset(
    { tokens: field, next: field },
    { tokens, next },
    {
      name: "robot-programs",
      source: "generated",
      licence: "CC0-1.0",
      settings: { ...settings, length, rows: count, seed, entropy, perCharacter, ...lowest },
    },
  );
}

/** Return the mean of -ln p over `next` of all windows, p by the grammar, nats. */
function lowestLoss(
  programs: readonly string[],
  starts: readonly number[],
  count: number,
  length: number,
): number {
  const grammar = programGrammar();
  // sums up to each character of the text
  const sums = [0];
  for (const program of programs)
    for (const logProbability of walkText(grammar, program).logProbabilities)
      sums.push(sums.at(-1)! - logProbability);
  let total = 0;
  for (const start of starts.slice(0, count)) total += sums[start + length + 1]! - sums[start + 1]!;
  return total / (count * length);
}

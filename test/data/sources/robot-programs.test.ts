// Programs as rows of characters: where windows begin, what comes next, and the least loss there is.
import { expect, test } from "vitest";
import { emptyRows } from "../../../src/data/dataset.js";
import { robotPrograms } from "../../../src/data/sources/robot-programs.js";
import { createRandom } from "../../../src/math/random.js";
import { expectationsOf } from "../../../src/programs/grammar/expectations.js";
import { sampleText } from "../../../src/programs/grammar/walk.js";
import { programGrammar } from "../../../src/programs/program-grammar.js";

const NO_FILES = {
  folder: "none",
  list: async () => [],
  read: async () => {
    throw new Error("a generator reads no file");
  },
};

test("each window begins with a program, and next is one character on", async () => {
  const { validation } = await robotPrograms.load(NO_FILES, { length: 192, rows: 400 }, "7");
  const rows = emptyRows(validation.fields, 3);
  validation.take(Int32Array.of(0, 1, 39), rows);
  const alphabet = validation.fields.tokens!.classes!;
  const textOf = (numbers: Int32Array) => [...numbers].map((number) => alphabet[number]).join("");
  const random = createRandom("7/robot-programs/validation");
  const programs = Array.from({ length: 45 }, () => sampleText(programGrammar(), random));
  for (const [n, row] of [0, 1, 39].entries()) {
    const stream = programs.slice(row).join("");
    expect(textOf((rows.tokens as Int32Array).subarray(n * 192, (n + 1) * 192))).toBe(stream.slice(0, 192));
    expect(textOf((rows.next as Int32Array).subarray(n * 192, (n + 1) * 192))).toBe(stream.slice(1, 193));
  }
});

test("sizes are those asked for, and splits are of other programs", async () => {
  const {
    train,
    validation,
    test: held,
  } = await robotPrograms.load(NO_FILES, { length: 50, rows: 200 }, "7");
  const tested = await held();
  expect([train.size, validation.size, tested.size]).toEqual([200, 20, 40]);
  const firsts = [train, validation, tested].map((split) => {
    const { tokens } = emptyRows(split.fields, 20);
    split.take(
      Int32Array.from({ length: 20 }, (_, n) => n),
      { tokens: tokens! },
    );
    return [...tokens!].join();
  });
  expect(new Set(firsts).size).toBe(3);
});

test("the least loss of long windows is near the entropy of a character", async () => {
  const { validation, train } = await robotPrograms.load(NO_FILES, { length: 2000, rows: 1000 }, "7");
  const { lowestLoss, perCharacter } = validation.provenance.settings as Record<string, number>;
  expect(perCharacter).toBe(expectationsOf(programGrammar()).perCharacter);
  expect(Math.abs(lowestLoss! / perCharacter! - 1)).toBeLessThan(0.02);
  expect(train.provenance.settings).not.toHaveProperty("lowestLoss");
});

test("windows that are no whole number are refused", async () => {
  await expect(robotPrograms.load(NO_FILES, { length: 0, rows: 200 }, "7")).rejects.toThrow(
    'The setting "length" is 0, expected a whole number from 1 to 4096.',
  );
});

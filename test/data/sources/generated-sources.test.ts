// Generated sets: the same from the same seed, with the fields of the public sets that they stand in for, and something to learn.
import { expect, test } from "vitest";
import { type Dataset, emptyRows } from "../../../src/data/dataset.js";
import { findSource, loadSource } from "../../../src/data/load-source.js";
import { memoryFiles } from "../memory-files.js";

const NOTHING = memoryFiles({});
const SMALL = {
  digits: { rows: 200 },
  degradation: { machines: 8 },
  sentences: { characters: 4000, stride: 64 },
  contacts: { rows: 80 },
} as const;

function all(dataset: Dataset) {
  const into = emptyRows(dataset.fields, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    into,
  );
  return into;
}

/** Share of the rows of `held` whose nearest neighbour in `train` by a field has their label. */
function nearestAccuracy(train: Dataset, held: Dataset, field: string): number {
  const [known, asked] = [all(train), all(held)];
  const width = known[field]!.length / train.size;
  let right = 0;
  for (let row = 0; row < held.size; row++) {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let other = 0; other < train.size; other++) {
      let square = 0;
      for (let k = 0; k < width; k++)
        square += (known[field]![other * width + k]! - asked[field]![row * width + k]!) ** 2;
      if (square < least) [best, least] = [other, square];
    }
    if (known.label![best] === asked.label![row]) right++;
  }
  return right / held.size;
}

test.each(Object.entries(SMALL))(
  "%s is the same from the same seed, in all of its parts",
  async (id, settings) => {
    const load = async (seed: string) => {
      const { train, validation, test: held } = await loadSource(findSource(id), NOTHING, settings, seed);
      return [all(train), all(validation), all(await held())];
    };
    const first = await load("0");
    expect(await load("0")).toEqual(first);
    expect(await load("1")).not.toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
  },
);

test.each([
  ["mnist", "digits", ["image", "label"]],
  ["cmapss-fd001", "degradation", ["sensors", "remaining", "remaining_steps"]],
  ["tiny-shakespeare", "sentences", ["tokens", "next"]],
  ["robot-failures", "contacts", ["wrench", "label"]],
] as const)("what stands in for %s is %s, with its fields", async (id, standIn, fields) => {
  expect(findSource(id).standIn).toBe(standIn);
  const { train } = await loadSource(findSource(standIn), NOTHING, SMALL[standIn], "0");
  expect(Object.keys(train.fields)).toEqual(fields);
  expect(train.provenance).toMatchObject({ name: standIn, source: "generated", licence: "CC0-1.0" });
});

test("drawn digits are told apart by their neighbours, mostly", async () => {
  const { train, validation } = await loadSource(findSource("digits"), NOTHING, { rows: 500 }, "0");
  const accuracy = nearestAccuracy(train, validation, "image");
  expect(accuracy).toBeGreaterThan(0.85);
});

test("generated contacts are told apart by their neighbours better than by chance", async () => {
  const { train, validation } = await loadSource(findSource("contacts"), NOTHING, {}, "0");
  expect(nearestAccuracy(train, validation, "wrench")).toBeGreaterThan(0.6);
});

test("machines fail at the end of their series, and those to test are cut before it", async () => {
  const { train, test: held } = await loadSource(findSource("degradation"), NOTHING, {}, "0");
  const { remaining, remaining_steps: steps } = all(train);
  const isLast = (row: number) => train.groups![row] !== train.groups![row + 1];
  expect([...remaining!].filter((_, row) => isLast(row))).toEqual(Array(40).fill(0));
  expect([...steps!.subarray(0, 30)]).toEqual(Array(30).fill(125));
  const windows = await held();
  expect(windows.size).toBe(40);
  expect(Math.min(...all(windows).remaining!)).toBeGreaterThanOrEqual(5);
});

test("sentences end with a full stop and a line", async () => {
  const { train } = await loadSource(findSource("sentences"), NOTHING, SMALL.sentences, "0");
  const { classes } = train.fields.tokens!;
  const text = [...all(train).tokens!].map((token) => classes![token]).join("");
  const lines = text.split("\n").slice(0, -1);
  expect(lines.filter((line) => /^(the \w+( arm)?) \w+ .+\.$/.test(line)).length).toBe(lines.length);
});

test("data that is not known, or not there, comes with the way out", async () => {
  expect(() => findSource("minst")).toThrow(
    'There is no data "minst". Did you mean "mnist"? Known are: mnist, cmapss-fd001, tiny-shakespeare, robot-failures, digits, degradation, sentences, contacts',
  );
  await expect(loadSource(findSource("mnist"), NOTHING, {}, "0")).rejects.toThrow(
    'memory/mnist/train-images-idx3-ubyte.gz cannot be read: there is no such file. The files of "mnist" are downloaded from https://storage.googleapis.com/cvdf-datasets/mnist/. Or take "digits", which is generated and has the same fields.',
  );
  await expect(loadSource(findSource("tiny-shakespeare"), NOTHING, {}, "0")).rejects.toThrow(
    'memory/text/tinyshakespeare.txt cannot be read: there is no such file. The files of "tiny-shakespeare" are downloaded from https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt. Or take "sentences", which is generated and has the same fields.',
  );
  await expect(loadSource(findSource("digits"), NOTHING, { rows: 3 }, "0")).rejects.toThrow(
    'The setting "rows" is 3, expected a whole number from 50 to 200000.',
  );
});

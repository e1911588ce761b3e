// Splits: shares, seeds, groups that stay together, classes that every part has its share of.
import { expect, test } from "vitest";
import { type Dataset, tableDataset } from "../../src/data/dataset.js";
import { splitFolds, splitRows } from "../../src/data/split-rows.js";

function labelled(labels: readonly number[], groups?: readonly number[]): Dataset {
  return tableDataset(
    { label: { shape: [], dtype: "int32" }, force: { shape: [] } },
    { label: Int32Array.from(labels), force: new Float32Array(labels.length) },
    { name: "parts", source: "generated" },
    groups && Int32Array.from(groups),
  );
}

const count = (labels: readonly number[], rows: Int32Array, label: number) =>
  rows.reduce((sum, row) => sum + (labels[row] === label ? 1 : 0), 0);
/** 90 rows of class 0, 30 of class 1, 7 of class 2. */
const LABELS = [...Array(90).fill(0), ...Array(30).fill(1), ...Array(7).fill(2)] as number[];

test("each row is in one part, parts have their shares, and each class is shared as well", () => {
  const {
    train,
    validation,
    test: held,
  } = splitRows(labelled(LABELS), {
    shares: { train: 0.6, validation: 0.3, test: 0.1 },
    seed: "0",
    strata: "label",
  });
  expect([...train, ...validation, ...held].sort((a, b) => a - b)).toEqual(LABELS.map((_, row) => row));
  expect([train.length, validation.length, held.length]).toEqual([76, 38, 13]);
  for (const [label, total] of [90, 30, 7].entries()) {
    expect(Math.abs(count(LABELS, train, label) - 0.6 * total)).toBeLessThan(1);
    expect(Math.abs(count(LABELS, validation, label) - 0.3 * total)).toBeLessThan(1);
  }
  expect([...train]).toEqual([...train].sort((a, b) => a - b));
});

test("the seed decides which rows, and nothing else does", () => {
  const rows = (seed: string) =>
    splitRows(labelled(LABELS), { shares: { a: 0.5, b: 0.5 }, seed, strata: "label" }).a.join();
  expect(rows("0")).toBe(rows("0"));
  expect(rows("0")).not.toBe(rows("1"));
});

test("a row is as likely in a part as any other", () => {
  const times = new Float64Array(24);
  for (let seed = 0; seed < 2000; seed++)
    for (const row of splitRows(labelled(Array(24).fill(0)), {
      shares: { a: 0.25, b: 0.75 },
      seed: String(seed),
    }).a)
      times[row]! += 1 / 2000;
  // five standard deviations of a share of 0.25 over 2,000 draws
  for (const share of times) expect(Math.abs(share - 0.25)).toBeLessThan(0.049);
});

test("groups stay together, of unequal sizes and with classes of their own", () => {
  // 20 engines of 5 to 24 rows; the class is the engine's, a quarter are of class 1
  const groups = Array.from({ length: 20 }, (_, engine) => Array<number>(5 + engine).fill(engine)).flat();
  const labels = groups.map((engine) => (engine % 4 === 0 ? 1 : 0));
  const rows = splitRows(labelled(labels, groups), {
    shares: { train: 0.7, validation: 0.3 },
    seed: "3",
    strata: "label",
  });
  const engines = (part: Int32Array) => new Set(Array.from(part, (row) => groups[row]!));
  expect([...engines(rows.train)].filter((engine) => engines(rows.validation).has(engine))).toEqual([]);
  expect(rows.train.length + rows.validation.length).toBe(groups.length);
  const share = (label: number) =>
    count(labels, rows.validation, label) / labels.filter((other) => other === label).length;
  expect(rows.validation.length / groups.length).toBeCloseTo(0.3, 1);
  expect(Math.abs(share(0) - 0.3)).toBeLessThan(0.05);
  expect(Math.abs(share(1) - 0.3)).toBeLessThan(0.12);
});

test("folds are parts of equal size that hold each row once, with every class where there are enough", () => {
  const folds = splitFolds(labelled(LABELS), { folds: 7, seed: "0", strata: "label" });
  expect(folds.flatMap(({ test: fold }) => [...fold]).sort((a, b) => a - b)).toEqual(
    LABELS.map((_, row) => row),
  );
  for (const { train, test: fold } of folds) {
    expect([18, 19]).toContain(fold.length);
    expect(train.length + fold.length).toBe(127);
    expect(new Set([...train, ...fold]).size).toBe(127);
    expect(count(LABELS, fold, 2)).toBe(1);
  }
});

test("folds over groups hold whole groups", () => {
  const groups = Array.from({ length: 60 }, (_, row) => Math.floor(row / 6));
  const folds = splitFolds(labelled(Array(60).fill(0), groups), { folds: 5, seed: "1" });
  for (const { test: fold } of folds) {
    expect(fold.length).toBe(12);
    expect(new Set(Array.from(fold, (row) => groups[row]!)).size).toBe(2);
  }
});

test("what cannot be parted is refused with the numbers", () => {
  const few = labelled([0, 1, 0]);
  expect(() => splitRows(few, { shares: { train: 0.9, test: 0.1 }, seed: "0" })).toThrow(
    'The part "test" of parts gets no row: there are 3 rows, and its share is 0.1. Take more data, or a larger share.',
  );
  const pair = labelled([0, 1, 0], [4, 4, 4]);
  expect(() => splitRows(pair, { shares: { train: 0.5, test: 0.5 }, seed: "0" })).toThrow(
    'The part "test" of parts gets no row: there are 3 rows in 1 groups, and its share is 0.5. Take more data, or a larger share.',
  );
  expect(() => splitRows(few, { shares: { train: 0.9, test: 0 }, seed: "0" })).toThrow(
    "The shares of the parts are train 0.9, test 0, expected numbers above 0 that add up to 1.",
  );
  expect(() => splitRows(few, { shares: { train: 0.9, test: 0.2 }, seed: "0" })).toThrow(
    "The shares of the parts are train 0.9, test 0.2, expected numbers above 0 that add up to 1.",
  );
  expect(() => splitRows(few, { shares: { a: 0.5, b: 0.5 }, seed: "0", strata: "force" })).toThrow(
    'parts has no labels "force" to be stratified by; its labels are: label.',
  );
  expect(() => splitFolds(few, { folds: 4, seed: "0" })).toThrow(
    "parts cannot be parted into 4 folds: there are 3 rows. Take fewer folds.",
  );
  expect(() => splitFolds(few, { folds: 1, seed: "0" })).toThrow(
    "The number of folds is 1, expected a whole number of at least 2.",
  );
});

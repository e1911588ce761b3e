// Data sets in memory and their subsets, copied row by row.
import { expect, test } from "vitest";
import { emptyRows, subset, tableDataset } from "../../src/data/dataset.js";

const FIELDS = { force: { shape: [2, 3] }, label: { shape: [], dtype: "int32" } } as const;
const PROVENANCE = { name: "test", source: "generated" };
const force = Float32Array.from({ length: 24 }, (_, k) => k);
const label = Int32Array.of(5, 6, 7, 8);

test("rows are copied in the order asked for, into the arrays of the fields named", () => {
  const dataset = tableDataset(FIELDS, { force, label }, PROVENANCE);
  const into = emptyRows(FIELDS, 3);
  dataset.take(Int32Array.of(3, 0), into);
  expect(dataset.size).toBe(4);
  expect([...into.force!]).toEqual([18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0]);
  expect([...into.label!]).toEqual([8, 5, 0]);
});

test("a subset has its rows in its own order, with their groups", () => {
  const dataset = tableDataset(FIELDS, { force, label }, PROVENANCE, Int32Array.of(1, 1, 2, 3));
  const few = subset(subset(dataset, Int32Array.of(3, 2, 0)), Int32Array.of(2, 1));
  const label2 = new Int32Array(2);
  few.take(Int32Array.of(0, 1), { label: label2 });
  expect([few.size, [...label2], [...few.groups!]]).toEqual([2, [5, 7], [1, 2]]);
});

test("columns that do not fit their fields are refused by name", () => {
  expect(() => tableDataset(FIELDS, { force, label: label.subarray(1) }, PROVENANCE)).toThrow(
    'the column "label" is Int32Array of 3, expected Int32Array of 4 x 1 numbers',
  );
  expect(() => tableDataset(FIELDS, { force }, PROVENANCE)).toThrow(
    'the column "label" is missing, expected Int32Array of 4 x 1 numbers',
  );
  expect(() => tableDataset(FIELDS, { force, label }, PROVENANCE, Int32Array.of(1))).toThrow(
    "there are 1 groups for 4 rows",
  );
  expect(() => tableDataset({}, {}, PROVENANCE)).toThrow("a data set needs a field");
});

// An experiment's three parts.
import { expect, test } from "vitest";
import { tableDataset } from "../../src/data/dataset.js";
import { FOLD_DEFAULTS, foldSplits } from "../../src/data/fold-splits.js";

const labelled = (labels: readonly number[]) =>
  tableDataset(
    { label: { shape: [], dtype: "int32", classes: ["good", "bad", "odd"] } },
    { label: Int32Array.from(labels) },
    { name: "parts", source: "generated" },
  );

test("a fold is to test, a share of the rest to choose by, the others to learn from", async () => {
  const dataset = labelled(Array.from({ length: 80 }, (_, row) => row % 3));
  const { train, validation, test: held } = foldSplits(dataset, FOLD_DEFAULTS, "0", "label");
  expect([train.size, validation.size, (await held()).size]).toEqual([56, 8, 16]);
});

test("a class that there is nothing to learn from is said, with how many rows there are", () => {
  const settings = { ...FOLD_DEFAULTS, folds: 2, validation: 0.5 };
  expect(() => foldSplits(labelled([0, 0, 0, 0, 0, 0, 0, 0]), settings, "0", "label")).toThrow(
    'parts has no row to learn from of the classes of "label": "bad" (0 in all), "odd" (0 in all). Take more rows of them, or leave them out.',
  );
});

test("settings that are no parts are refused", () => {
  const dataset = labelled([0, 1, 2, 0, 1, 2]);
  expect(() => foldSplits(dataset, { ...FOLD_DEFAULTS, fold: 5 }, "0")).toThrow(
    'The setting "fold" is 5, expected a whole number from 0 to 4.',
  );
  expect(() => foldSplits(dataset, { ...FOLD_DEFAULTS, folds: 1 }, "0")).toThrow(
    'The setting "folds" is 1, expected a whole number from 2 to 1000.',
  );
});

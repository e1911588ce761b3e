// Rows parted for an experiment: one fold to test, some of the rest to choose by, the others to learn from.
import { UsageError } from "../math/usage-error.js";
import type { PlainSettings } from "./data-source.js";
import { type DataSplits, type Dataset, emptyRows, subset } from "./dataset.js";
import { numberSetting, wholeSetting } from "./source-settings.js";
import { splitFolds, splitRows } from "./split-rows.js";

/** Settings of data that says nothing of how it is to be parted: a fifth to test, an eighth of the rest to choose by. */
export const FOLD_DEFAULTS = { folds: 5, fold: 0, validation: 0.125 };

/**
 * Part a data set: the test is fold `fold` of `folds`, and of the rest the share `validation` is chosen by.
 *
 * All folds make a cross-validation. `strata` is the field of labels whose classes each part has its share of.
 *
 * @throws UsageError where a setting is out of range, a part gets no row, or a class no row to learn from.
 * @example
 * const { train, validation, test } = foldSplits(dataset, { ...FOLD_DEFAULTS, fold: 2 }, "0", "label");
 */
export function foldSplits(
  dataset: Dataset,
  settings: PlainSettings,
  seed: string,
  strata?: string,
): DataSplits {
  const folds = wholeSetting(settings, "folds", 2, 1000);
  const fold = wholeSetting(settings, "fold", 0, folds - 1);
  const validation = numberSetting(settings, "validation", 0.001, 0.9);
  const by = { seed, ...(strata === undefined ? {} : { strata }) };
  const { train, test } = splitFolds(dataset, { folds, ...by })[fold]!;
  const rest = subset(dataset, train);
  const rows = splitRows(rest, { shares: { train: 1 - validation, validation }, ...by });
  const learned = subset(rest, rows.train);
  if (strata !== undefined) requireClasses(learned, strata, dataset);
  return {
    train: learned,
    validation: subset(rest, rows.validation),
    test: () => Promise.resolve(subset(dataset, test)),
  };
}

/**
 * Check that there are rows of every class to learn from.
 *
 * @throws UsageError that names the classes of `field` that `train` has no row of, and how many `all` has, which it was taken from.
 * @example
 * requireClasses(train, "label", dataset);
 */
export function requireClasses(train: Dataset, field: string, all: Dataset): void {
  const { classes = [] } = train.fields[field]!;
  const learned = countClasses(train, field);
  const missing = classes.flatMap((name, label) => (learned.get(label) ? [] : [{ name, label }]));
  if (missing.length === 0) return;
  const there = countClasses(all, field);
  const list = missing.map(({ name, label }) => `"${name}" (${there.get(label) ?? 0} in all)`).join(", ");
  throw new UsageError(
    `${all.provenance.name} has no row to learn from of the classes of "${field}": ${list}. Take more rows of them, or leave them out.`,
  );
}

/** Count the rows of each number of a field of labels. */
export function countClasses(dataset: Dataset, field: string): ReadonlyMap<number, number> {
  const column = emptyRows({ [field]: dataset.fields[field]! }, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    column,
  );
  const counts = new Map<number, number>();
  for (const label of column[field]!) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

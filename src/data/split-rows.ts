// Which rows are learned from and which are held back: seeded, by groups, and with the same mix of classes in each part.
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import { type Dataset, emptyRows } from "./dataset.js";

/** How rows are parted. */
export interface SplitOptions<Name extends string> {
  /** Share of the rows by the name of the part; together 1. */
  readonly shares: Readonly<Record<Name, number>>;
  /** Whoever parts by the same seed gets the same rows. */
  readonly seed: string;
  /** Field of labels, a whole number each, whose classes every part has its share of. */
  readonly strata?: string;
}

/** How rows are parted for cross-validation. */
export interface FoldOptions {
  /** Two or more. */
  readonly folds: number;
  /** As in `SplitOptions`. */
  readonly seed: string;
  /** As in `SplitOptions`. */
  readonly strata?: string;
}

/** Rows of one fold and all others. */
export interface Fold {
  /** All other rows. */
  readonly train: Int32Array;
  /** Of the fold. */
  readonly test: Int32Array;
}

/** Rows that stay together. */
interface Group {
  readonly rows: number[];
  /** Number of its rows by class. */
  readonly counts: Map<number, number>;
}

/**
 * Part the rows of a data set: each is in one part, rows of a group are in the same.
 *
 * Parts have their shares to within a row, and of each class of `strata` as well; with groups as nearly as these allow. Rows are
 * ascending in each part.
 *
 * @throws UsageError where shares are no shares, a part gets no row, or `strata` is no field of labels.
 * @example
 * const rows = splitRows(dataset, { shares: { train: 0.8, validation: 0.2 }, seed: "0", strata: "label" });
 * const train = subset(dataset, rows.train);
 */
export function splitRows<Name extends string>(
  dataset: Dataset,
  { shares, seed, strata }: SplitOptions<Name>,
): Record<Name, Int32Array> {
  const names = Object.keys(shares) as Name[];
  const values = names.map((name) => shares[name]);
  const total = values.reduce((sum, share) => sum + share, 0);
  if (!values.every((share) => share > 0) || Math.abs(total - 1) > 1e-6)
    throw new UsageError(
      `The shares of the parts are ${names.map((name) => `${name} ${shares[name]}`).join(", ")}, expected numbers above 0 that add up to 1.`,
    );
  const parts = deal(dataset, values, seed, strata);
  const empty = names.find((_, part) => parts[part]!.length === 0);
  if (empty !== undefined)
    throw new UsageError(
      `The part "${empty}" of ${dataset.provenance.name} gets no row: there are ${amount(dataset)}, and its share is ${shares[empty]}. Take more data, or a larger share.`,
    );
  return Object.fromEntries(names.map((name, part) => [name, parts[part]!])) as Record<Name, Int32Array>;
}

/**
 * Part the rows of a data set into folds for cross-validation, as `splitRows` does with equal shares.
 *
 * @throws UsageError where there are fewer than 2 folds, fewer groups or rows than folds, or `strata` is no field of labels.
 * @example
 * for (const { train, test } of splitFolds(dataset, { folds: 10, seed: "0", strata: "label" })) { ... }
 */
export function splitFolds(dataset: Dataset, { folds, seed, strata }: FoldOptions): readonly Fold[] {
  if (!Number.isInteger(folds) || folds < 2)
    throw new UsageError(`The number of folds is ${folds}, expected a whole number of at least 2.`);
  const parts = deal(dataset, Array<number>(folds).fill(1 / folds), seed, strata);
  if (parts.some((part) => part.length === 0))
    throw new UsageError(
      `${dataset.provenance.name} cannot be parted into ${folds} folds: there are ${amount(dataset)}. Take fewer folds.`,
    );
  return parts.map((test, fold) => ({
    train: Int32Array.from(parts.flatMap((rows, other) => (other === fold ? [] : [...rows]))).sort(),
    test,
  }));
}

function amount({ size, groups }: Dataset): string {
  return groups ? `${size} rows in ${new Set(groups).size} groups` : `${size} rows`;
}

/** Rows of each part. */
function deal(dataset: Dataset, shares: readonly number[], seed: string, strata?: string): Int32Array[] {
  const classes = strata === undefined ? undefined : labelsOf(dataset, strata);
  const classOf = (row: number) => classes?.[row] ?? 0;
  const random = createRandom(`${seed}/split`);
  const parts = shares.map((): number[] => []);
  if (dataset.groups) {
    const groups = groupsOf(dataset.groups, classOf);
    const order = shuffledOrder(groups.length, random);
    dealGroups(
      Array.from(order, (k) => groups[k]!),
      shares,
      parts,
    );
  } else dealRows(shuffledOrder(dataset.size, random), classOf, shares, parts);
  return parts.map((rows) => Int32Array.from(rows).sort());
}

function shuffledOrder(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, k) => k);
  random.shuffle(order);
  return order;
}

/** The class of each row. */
function labelsOf(dataset: Dataset, field: string): Int32Array {
  const description = dataset.fields[field];
  if (!description || description.shape.length > 0 || description.dtype !== "int32") {
    const labels = Object.entries(dataset.fields).filter(([, f]) => f.dtype === "int32" && !f.shape.length);
    throw new UsageError(
      `${dataset.provenance.name} has no labels "${field}" to be stratified by; its labels are: ${labels.map(([name]) => name).join(", ") || "none"}.`,
    );
  }
  const column = emptyRows({ [field]: description }, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    column,
  );
  return column[field] as Int32Array;
}

function groupsOf(numbers: Int32Array, classOf: (row: number) => number): readonly Group[] {
  const groups = new Map<number, Group>();
  for (const [row, number] of numbers.entries()) {
    const group: Group = groups.get(number) ?? { rows: [], counts: new Map() };
    group.rows.push(row);
    group.counts.set(classOf(row), (group.counts.get(classOf(row)) ?? 0) + 1);
    groups.set(number, group);
  }
  return [...groups.values()];
}

/** Deal rows class after class, always to the part that lacks most, of the class and of all. */
function dealRows(
  shuffled: Int32Array,
  classOf: (row: number) => number,
  shares: readonly number[],
  parts: readonly number[][],
): void {
  // a stable sort: each class keeps its shuffled order
  const order = shuffled.sort((a, b) => classOf(a) - classOf(b));
  const lacking = shares.map(() => 0);
  const ofClass = shares.map(() => 0);
  for (const [k, row] of order.entries()) {
    if (k > 0 && classOf(row) !== classOf(order[k - 1]!)) ofClass.fill(0);
    for (const [part, share] of shares.entries()) {
      lacking[part]! += share;
      ofClass[part]! += share;
    }
    // rounded, so that equal shares take turns
    const scores = lacking.map((all, part) => Math.round((all + ofClass[part]!) * 1e6));
    const place = scores.indexOf(Math.max(...scores));
    lacking[place]! -= 1;
    ofClass[place]! -= 1;
    parts[place]!.push(row);
  }
}

/** Deal groups, large ones first, to where the distance from the shares, of all rows and of each class, grows least. */
function dealGroups(shuffled: readonly Group[], shares: readonly number[], parts: readonly number[][]): void {
  const totals = new Map<number, number>();
  for (const { counts } of shuffled)
    for (const [label, count] of counts) totals.set(label, (totals.get(label) ?? 0) + count);
  const size = [...totals.values()].reduce((sum, count) => sum + count, 0);
  const lacking = shares.map((share) => ({
    rows: share * size,
    classes: new Map([...totals].map(([label, total]) => [label, share * total])),
  }));
  const growth = (part: number, { rows, counts }: Group) => {
    let sum = increase(lacking[part]!.rows, rows.length, shares[part]! * size);
    for (const [label, count] of counts)
      sum += increase(lacking[part]!.classes.get(label)!, count, shares[part]! * totals.get(label)!);
    return sum;
  };
  for (const group of shuffled.toSorted((a, b) => b.rows.length - a.rows.length)) {
    const growths = shares.map((_, part) => growth(part, group));
    const place = growths.indexOf(Math.min(...growths));
    lacking[place]!.rows -= group.rows.length;
    const { classes } = lacking[place]!;
    for (const [label, count] of group.counts) classes.set(label, classes.get(label)! - count);
    parts[place]!.push(...group.rows);
  }
}

/** How much the square of what is lacking grows as `count` are added, as a share of the `target`. */
function increase(lacking: number, count: number, target: number): number {
  return ((lacking - count) ** 2 - lacking ** 2) / target;
}

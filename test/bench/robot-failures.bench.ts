// Robot execution failures, problems 1 and 4: ten times ten folds, beside the nearest neighbours of each sample.
import { failureClassifier } from "../../agents/failure-classifier.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { type Dataset, emptyRows } from "../../src/data/dataset.js";
import { evaluatePredictor } from "../../src/learn/evaluate-predictor.js";
import { fitDefinition } from "../../src/learn/fit-definition.js";
import { meanOf } from "../../src/learn/metrics/intervals.js";
import { loadPublic } from "./public-data.js";

const [REPEATS, FOLDS] = [10, 10];
/** Neighbours that vote. */
const NEIGHBOURS = [1, 3, 5];

/** Fit 100 times for each problem by the last epoch: with so few samples nothing is chosen by a validation. */
export async function run(): Promise<BenchRow[]> {
  const engine = await loadEngine("native");
  const rows: BenchRow[] = [];
  for (const problem of ["lp1", "lp4"]) {
    const ours: number[] = [];
    const neighbours = NEIGHBOURS.map((): number[] => []);
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      let [right, count] = [0, 0];
      const voted = NEIGHBOURS.map(() => 0);
      for (let fold = 0; fold < FOLDS; fold++) {
        const splits = await loadPublic(
          "robot-failures",
          { problem, fold, validation: 0.01 },
          String(repeat),
        );
        const { network, last } = await fitDefinition(failureClassifier, splits, {
          seed: repeat,
          say: () => {},
        });
        const test = await splits.test();
        const { metrics } = await evaluatePredictor({ network, weights: last, dataset: test, engine });
        right += metrics.accuracy! * test.size;
        count += test.size;
        for (const [k, found] of nearest(splits.train, test).entries()) voted[k]! += found;
      }
      ours.push((100 * right) / count);
      for (const [k, found] of voted.entries()) neighbours[k]!.push((100 * found) / count);
    }
    console.warn(`robot failures, ${problem}: ${ours.map((value) => value.toFixed(1)).join(", ")} %`);
    const best = neighbours.reduce((a, b) => (meanOf(b) > meanOf(a) ? b : a));
    // the repeats share their samples: their spread is that of the folds
    const spread = 1.96 * Math.sqrt(meanOf(ours.map((value) => (value - meanOf(ours)) ** 2)) / (REPEATS - 1));
    rows.push({
      what: `robot failures ${problem.toUpperCase()}, accuracy over ${REPEATS} x ${FOLDS} folds`,
      value: meanOf(ours),
      unit: "%",
      against: "the best of 1, 3 and 5 nearest neighbours of standardised samples",
      ratio: meanOf(ours) / meanOf(best),
      others: { "95 % interval of the mean, +-": spread, "nearest neighbours": meanOf(best) },
    });
  }
  return rows;
}

/** For each number of neighbours: how many samples of `test` get their class by the vote. */
function nearest(train: Dataset, test: Dataset): number[] {
  const [known, asked] = [all(train), all(test)];
  const width = known.wrench!.length / train.size;
  const spread = deviations(known.wrench as Float32Array, width);
  const distance = (row: number, other: number) => {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const difference = asked.wrench![row * width + k]! - known.wrench![other * width + k]!;
      sum += (difference / spread[k]!) ** 2;
    }
    return sum;
  };
  const right = NEIGHBOURS.map(() => 0);
  for (let row = 0; row < test.size; row++) {
    const order = Array.from({ length: train.size }, (_, other) => [distance(row, other), other] as const);
    order.sort(([a], [b]) => a - b);
    for (const [k, count] of NEIGHBOURS.entries()) {
      const votes = new Map<number, number>();
      for (const [, other] of order.slice(0, count))
        votes.set(known.label![other]!, (votes.get(known.label![other]!) ?? 0) + 1);
      const [winner] = [...votes].reduce((a, b) => (b[1] > a[1] ? b : a));
      if (winner === asked.label![row]) right[k]!++;
    }
  }
  return right;
}

function all(dataset: Dataset) {
  const into = emptyRows(dataset.fields, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    into,
  );
  return into;
}

function deviations(values: Float32Array, width: number): number[] {
  return Array.from({ length: width }, (_, k) => {
    const column = [...values.filter((_, index) => index % width === k)];
    const center = meanOf(column);
    return Math.sqrt(meanOf(column.map((value) => (value - center) ** 2))) || 1;
  });
}

// Remaining life of turbofan engines, FD001: five seeds on all 100 engines, the official last windows; an ensemble; an interval.
import { remainingLifeLstm } from "../../agents/remaining-life-lstm.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { type Dataset, emptyRows } from "../../src/data/dataset.js";
import { evaluatePredictor } from "../../src/learn/evaluate-predictor.js";
import { fitDefinition } from "../../src/learn/fit-definition.js";
import type { FitWeights } from "../../src/learn/fit-state.js";
import { conformalQuantile, intervalCoverage } from "../../src/learn/metrics/calibration.js";
import { meanOf } from "../../src/learn/metrics/intervals.js";
import { nasaScore, rmse } from "../../src/learn/metrics/regression.js";
import type { PredictorNetwork } from "../../src/learn/predictor.js";
import { loadPublic } from "./public-data.js";

const SEEDS = [1, 2, 3, 4, 5];
const CAP = 125;
const COVERAGE = 0.9;

interface Forecast {
  readonly remaining: Float32Array;
  /** 5 % and 95 % after the last step. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Fit by the recipe as it ships, by the last epoch: nothing is chosen here. The recipe is that of earlier prototypes, whose test figures were known. */
export async function run(): Promise<BenchRow[]> {
  const engine = await loadEngine("native");
  const forecast = async (
    network: PredictorNetwork,
    weights: FitWeights,
    dataset: Dataset,
  ): Promise<Forecast> => {
    const { predictions } = await evaluatePredictor({ network, weights, dataset, engine, predictions: true });
    const { remaining, quantiles } = predictions as Record<string, Float32Array>;
    const width = quantiles!.length / dataset.size;
    const within = (value: number) => Math.max(0, Math.min(CAP, value));
    const lastOf = (from: number) =>
      Float32Array.from({ length: dataset.size }, (_, row) => quantiles![(row + 1) * width - from]!);
    return { remaining: remaining!.map(within), low: lastOf(3), high: lastOf(1) };
  };
  const errors: number[] = [];
  const scores: number[] = [];
  const all: Float32Array[] = [];
  let truth: Float32Array = new Float32Array();
  const start = performance.now();
  for (const seed of SEEDS) {
    // one engine is held back, since a fit needs a validation
    const splits = await loadPublic("cmapss-fd001", { validation: 0.01 }, String(seed));
    const { network, last } = await fitDefinition(remainingLifeLstm, splits, { seed });
    const test = await splits.test();
    truth = remainingOf(test);
    const { remaining } = await forecast(network, last, test);
    all.push(remaining);
    errors.push(rmse(truth, remaining));
    scores.push(nasaScore(truth, remaining));
    console.warn(
      `remaining life, seed ${seed}: ${errors.at(-1)!.toFixed(2)} cycles, score ${scores.at(-1)!.toFixed(0)}`,
    );
  }
  const seconds = (performance.now() - start) / 1000 / SEEDS.length;
  const together = truth.map((_, row) => meanOf(all.map((one) => one[row]!)));
  // an interval: quantiles of a fit on 80 engines, widened or narrowed by how far those of the other 20 miss
  const splits = await loadPublic("cmapss-fd001", {}, "1");
  const { network, last } = await fitDefinition(remainingLifeLstm, splits, { seed: 1 });
  const held = await forecast(network, last, splits.validation);
  const heldTruth = remainingOf(splits.validation);
  const margin = conformalQuantile(
    heldTruth.map((value, row) => Math.max(held.low[row]! - value, value - held.high[row]!)),
    COVERAGE,
  );
  const test = await splits.test();
  const { low, high } = await forecast(network, last, test);
  const covered = intervalCoverage(
    remainingOf(test),
    low.map((value) => value - margin),
    high.map((value) => value + margin),
  );
  const row = (what: string, value: number, unit: string, others?: Record<string, number>): BenchRow => {
    return { what, value, unit, against: null, ratio: null, ...(others ? { others } : {}) };
  };
  const bySeed = (values: readonly number[]) =>
    Object.fromEntries(SEEDS.map((seed, k) => [`seed ${seed}`, values[k]!]));
  return [
    row(
      "remaining life FD001, RMSE of the last windows, mean of five",
      meanOf(errors),
      "cycles",
      bySeed(errors),
    ),
    row("remaining life FD001, RMSE of the five together", rmse(truth, together), "cycles"),
    row("remaining life FD001, NASA's score, mean of five", meanOf(scores), "1", bySeed(scores)),
    row("remaining life FD001, NASA's score of the five together", nasaScore(truth, together), "1"),
    row("remaining life FD001, covered by the 90 % interval", 100 * covered, "%"),
    row("remaining life FD001, one fit, mean", seconds, "s"),
  ];
}

function remainingOf(dataset: Dataset): Float32Array {
  const into = emptyRows({ remaining: dataset.fields.remaining! }, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    into,
  );
  return into.remaining as Float32Array;
}

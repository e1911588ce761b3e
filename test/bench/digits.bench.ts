// Handwritten digits: classifier-cnn on 55,000 pictures, five epochs, the official test of 10,000, three seeds.
import { classifierCnn } from "../../agents/classifier-cnn.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { evaluatePredictor } from "../../src/learn/evaluate-predictor.js";
import { fitDefinition } from "../../src/learn/fit-definition.js";
import { meanOf } from "../../src/learn/metrics/intervals.js";
import { loadPublic } from "./public-data.js";

const SEEDS = [1, 2, 3];

/** Fit with each seed, and open the test once for each. */
export async function run(): Promise<BenchRow[]> {
  const engine = await loadEngine("native");
  const accuracies: number[] = [];
  const seconds: number[] = [];
  for (const seed of SEEDS) {
    const splits = await loadPublic("mnist", {}, String(seed));
    const start = performance.now();
    const { network, trained } = await fitDefinition(classifierCnn, splits, { seed });
    seconds.push((performance.now() - start) / 1000);
    const report = await evaluatePredictor({
      network,
      weights: trained,
      dataset: await splits.test(),
      engine,
    });
    accuracies.push(100 * report.metrics.accuracy!);
    console.warn(
      `digits, seed ${seed}: ${accuracies.at(-1)!.toFixed(2)} % in ${seconds.at(-1)!.toFixed(0)} s`,
    );
  }
  const others = Object.fromEntries(SEEDS.map((seed, k) => [`seed ${seed}`, accuracies[k]!]));
  return [
    {
      what: "digits, accuracy on the official test, mean",
      value: meanOf(accuracies),
      unit: "%",
      against: null,
      ratio: null,
      others,
    },
    {
      what: "digits, five epochs, the slowest seed",
      value: Math.max(...seconds),
      unit: "s",
      against: null,
      ratio: null,
    },
  ];
}

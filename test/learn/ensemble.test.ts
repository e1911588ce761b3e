import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { emptyRows } from "../../src/data/dataset.js";
import { ensembleOf } from "../../src/learn/ensemble.js";
import { evaluatePredictor } from "../../src/learn/evaluate-predictor.js";
import type { FitWeights } from "../../src/learn/fit-state.js";
import type { PredictorNetwork } from "../../src/learn/predictor.js";
import { surveyData } from "../../src/learn/survey-data.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { CLASSIFIER, points, READER, windows } from "./tiny-predictors.js";

const engine = await loadEngine("wasm");

function members(
  network: PredictorNetwork,
  normalizers: FitWeights["normalizers"],
  count: number,
): FitWeights[] {
  return Array.from({ length: count }, (_, seed) => ({
    parameters: initializeParameters(network.model.layout, createRandom(`member ${seed}`)),
    normalizers,
  }));
}

const softmax = (logits: readonly number[]) => {
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
};

test("an ensemble of classifiers gives each class the mean of its members' probabilities", async () => {
  const dataset = points(5, "ensemble");
  const each = members(CLASSIFIER, surveyData(CLASSIFIER, dataset).statistics, 3);
  const evaluated = (network: PredictorNetwork, weights: FitWeights) =>
    evaluatePredictor({ network, weights, dataset, engine, predictions: true });
  const alone: ArrayLike<number>[] = [];
  for (const weights of each) alone.push((await evaluated(CLASSIFIER, weights)).predictions!.logits!);
  const { network, weights } = ensembleOf(CLASSIFIER, each);
  expect(network.model.layout.specs[3]!.name).toBe("1/0/weight");
  const together = await evaluated(network, weights);
  const labels = emptyRows({ side: dataset.fields.side! }, 5);
  dataset.take(Int32Array.of(0, 1, 2, 3, 4), labels);
  for (let row = 0; row < 5; row++) {
    const of = (logits: ArrayLike<number>) => softmax([logits[2 * row]!, logits[2 * row + 1]!]);
    const mean = [0, 1].map((k) => alone.reduce((sum, logits) => sum + of(logits)[k]! / 3, 0));
    for (const k of [0, 1]) expect(of(together.predictions!.logits!)[k]).toBeCloseTo(mean[k]!, 5);
    expect(together.rowLosses[row]).toBeCloseTo(-Math.log(mean[labels.side![row]!]!), 5);
  }
});

test("members of an ensemble remember each by itself", async () => {
  const dataset = windows(124, "ensemble");
  const [one, other] = members(READER, {}, 2);
  const evaluated = (network: PredictorNetwork, weights: FitWeights) =>
    evaluatePredictor({ network, weights, dataset, engine, predictions: true });
  const first = (await evaluated(READER, one!)).predictions!.logits!;
  const second = (await evaluated(READER, other!)).predictions!.logits!;
  const { network, weights } = ensembleOf(READER, [one!, other!]);
  expect(network.model.memory).toEqual([
    { name: "0/lstm", size: 12 },
    { name: "1/lstm", size: 12 },
  ]);
  const together = (await evaluated(network, weights)).predictions!.logits!;
  for (let k = 0; k < together.length; k += 3) {
    const of = (logits: ArrayLike<number>) => softmax([logits[k]!, logits[k + 1]!, logits[k + 2]!])[0]!;
    expect(of(together)).toBeCloseTo((of(first) + of(second)) / 2, 5);
  }
});

test("members of other networks, and fits to other rows, are refused", () => {
  const { statistics } = surveyData(CLASSIFIER, points(5, "ensemble"));
  const [first, second] = members(CLASSIFIER, statistics, 2);
  expect(() => ensembleOf(CLASSIFIER, [])).toThrow("An ensemble has no members, expected one at least.");
  const short = { parameters: new Float32Array(3), normalizers: statistics };
  expect(() => ensembleOf(CLASSIFIER, [first!, short])).toThrow(
    "Member 1 of the ensemble has 3 parameters, the network 40. Join fits of the same network.",
  );
  const { statistics: others } = surveyData(CLASSIFIER, points(6, "others"));
  expect(() => ensembleOf(CLASSIFIER, [first!, { ...second!, normalizers: others }])).toThrow(
    "Member 1 of the ensemble standardises its inputs by other statistics than member 0. Join fits to the same rows.",
  );
});

import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { type DataArrays, type Dataset, emptyRows, tableDataset } from "../../src/data/dataset.js";
import { evaluatePredictor, reportMetrics } from "../../src/learn/evaluate-predictor.js";
import type { Objective, PredictorNetwork } from "../../src/learn/predictor.js";
import { worstRows } from "../../src/learn/predictor-report.js";
import { createRandom } from "../../src/math/random.js";
import { compileModel } from "../../src/model/compile-model.js";
import { initializeParameters, parameterLayout } from "../../src/nn/parameters.js";
import { READER, STEPS, windows } from "./tiny-predictors.js";

const engine = await loadEngine("wasm");

/** Says what it is given, times its one parameter. */
function echo(shape: readonly number[], ...objectives: readonly Objective[]): PredictorNetwork {
  return {
    model: {
      layout: parameterLayout([
        { name: "factor", shape: [1], initialization: { kind: "constant", value: 1 } },
      ]),
      inputs: { x: { shape } },
      outputs: Object.fromEntries(objectives.map(({ output }) => [output, { shape }])),
      apply: (factor, { x }) => {
        return Object.fromEntries(objectives.map(({ output }) => [output, tf.mul(x!, factor)]));
      },
    },
    objectives,
  };
}

function table(fields: Dataset["fields"], columns: DataArrays): Dataset {
  return tableDataset(fields, columns, { name: "rows", source: "generated" });
}

const ONE = { parameters: Float32Array.of(1), normalizers: {} };

test("classes: accuracy, macro-F1, calibration and confusion of all rows, more than are computed at once", async () => {
  const size = 300;
  const random = createRandom("echo");
  const x = Float32Array.from({ length: 3 * size }, () => 2 * random.normal());
  const label = Int32Array.from({ length: size }, () => random.integer(3));
  const dataset = table(
    { x: { shape: [3] }, label: { shape: [], dtype: "int32", classes: ["a", "b", "c"] } },
    { x, label },
  );
  const network = echo([3], { output: "y", target: "label", loss: "cross-entropy", weight: 2 });
  const report = await evaluatePredictor({ network, weights: ONE, dataset, engine, predictions: true });
  const rowOf = (row: number) => [...x.subarray(3 * row, 3 * row + 3)];
  const losses = Array.from(label, (truth, row) => {
    return 2 * (Math.log(rowOf(row).reduce((sum, v) => sum + Math.exp(v), 0)) - rowOf(row)[truth]!);
  });
  for (const row of [0, 255, 256, 299]) expect(report.rowLosses[row]).toBeCloseTo(losses[row]!, 4);
  expect(report.rowLosses).toHaveLength(size);
  expect(report.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / size, 5);
  expect(report.metrics.loss).toBe(report.loss);
  expect(report.objectives[0]!.value).toBeCloseTo(report.loss / 2, 6);
  const right = Array.from(label, (truth, row) => rowOf(row).indexOf(Math.max(...rowOf(row))) === truth);
  expect(report.metrics.accuracy).toBe(right.filter(Boolean).length / size);
  const { confusion, scores, names, reliability } = report.objectives[0]!.classes!;
  expect(names).toEqual(["a", "b", "c"]);
  expect(confusion!.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual(
    [0, 1, 2].map((k) => label.filter((truth) => truth === k).length),
  );
  expect(report.metrics.f1_macro).toBe(scores!.macro.f1);
  expect(reliability.reduce((sum, { count }) => sum + count, 0)).toBe(size);
  expect(report.predictions!.y).toEqual(x);
  const worst = worstRows(report, 3);
  const sorted = losses.map((_, row) => row).sort((a, b) => losses[b]! - losses[a]!);
  expect([...worst]).toEqual(sorted.slice(0, 3));
  expect(Object.keys(report.metrics)).toEqual(reportMetrics(network));
});

test("numbers and masks: errors of two outputs, overlap of what is marked, coverage of quantiles", async () => {
  const x = Float32Array.of(1, -2, 3, 4, -1, 0.5);
  const dataset = table(
    { x: { shape: [3] }, target: { shape: [3] }, mask: { shape: [3] } },
    { x, target: Float32Array.of(1, 1, 1, 1, 1, 1), mask: Float32Array.of(1, 1, 0, 1, 0, 1) },
  );
  const network = echo(
    [3],
    { output: "y", target: "target", loss: "huber" },
    { output: "marked", target: "mask", loss: "binary-cross-entropy", weight: 0.5 },
  );
  const { metrics, loss, objectives } = await evaluatePredictor({ network, weights: ONE, dataset, engine });
  // errors 0, -3, 2, 3, -2, -0.5
  expect(metrics.rmse).toBeCloseTo(Math.sqrt((9 + 4 + 9 + 4 + 0.25) / 6), 6);
  expect(metrics.mae).toBeCloseTo(10.5 / 6, 6);
  // marked: 1, 3, 4 and 0.5; true: 1, -2, 4 and 0.5
  expect(metrics["marked/iou"]).toBe(3 / 5);
  expect(metrics["marked/f1"]).toBe(6 / 8);
  expect(metrics["marked/accuracy"]).toBe(4 / 6);
  expect(loss).toBeCloseTo(objectives[0]!.value + 0.5 * objectives[1]!.value, 6);
  const quantiles = { output: "y", target: "one", loss: "quantile", quantiles: [0.1, 0.4, 0.9] } as const;
  const lives = table(
    { x: { shape: [3] }, one: { shape: [] } },
    { x: Float32Array.of(1, 2, 3, 4, 5, 9), one: Float32Array.of(3, 3) },
  );
  const report = await evaluatePredictor({
    network: echo([3], quantiles),
    weights: ONE,
    dataset: lives,
    engine,
  });
  expect(report.metrics).toMatchObject({ rmse: Math.sqrt(2.5), mae: 1.5, coverage: 0.5 });
});

test("pixels with a class each: overlap of classes, without those that are nowhere", async () => {
  const [a, b] = [
    [5, 0, 0, 0],
    [0, 5, 0, 0],
  ];
  const dataset = table(
    { x: { shape: [2, 2, 4] }, pixels: { shape: [2, 2], dtype: "uint8" } },
    { x: Float32Array.from([a, a, b, b].flat() as number[]), pixels: Uint8Array.of(0, 1, 1, 2) },
  );
  const network = echo([2, 2, 4], { output: "y", target: "pixels", loss: "cross-entropy" });
  const { metrics } = await evaluatePredictor({ network, weights: ONE, dataset, engine });
  // class 0: 1 of 2, class 1: 1 of 3, class 2: 0 of 1, class 3 is neither there nor predicted
  expect(metrics.iou).toBeCloseTo((1 / 2 + 1 / 3 + 0) / 3, 12);
  expect(metrics.accuracy).toBe(0.5);
});

test("streams are evaluated as they were read: memory goes on within a stretch, and ends with it and with a group", async () => {
  const whole = windows(304, "streams");
  // the second group begins at a letter of its own, at no multiple of a window
  const groups = Int32Array.from({ length: whole.size }, (_, row) => (row < 130 ? 0 : 1));
  const dataset: Dataset = { ...whole, groups };
  const parameters = initializeParameters(READER.model.layout, createRandom("reader"));
  const weights = { parameters, normalizers: {} };
  const report = await evaluatePredictor({ network: READER, weights, dataset, engine, predictions: true });
  const expected = [
    ...Array.from({ length: 33 }, (_, k) => STEPS * k),
    ...Array.from({ length: 43 }, (_, k) => 130 + STEPS * k),
  ];
  expect([...report.rows]).toEqual(expected);
  // 76 windows are read by four readers
  const stretch = 19;
  const runner = await compileModel(READER.model, engine);
  runner.load(weights);
  const row = emptyRows({ tokens: dataset.fields.tokens! }, 1);
  for (const [place, number] of expected.entries()) {
    if (place % stretch === 0 || number === 130) runner.reset();
    dataset.take(Int32Array.of(number), row);
    const { logits } = await runner.predict(row);
    const got = report.predictions!.logits!.subarray(place * STEPS * 3, (place + 1) * STEPS * 3);
    for (const [k, value] of logits!.entries()) expect(got[k]).toBeCloseTo(value, 5);
  }
  const nats = report.rowLosses.reduce((sum, loss) => sum + loss, 0) / expected.length;
  expect(report.metrics.nats).toBeCloseTo(nats, 5);
  await runner.dispose();
});

test("an evaluation ends where its signal is aborted", async () => {
  const dataset = table(
    { x: { shape: [1] }, y: { shape: [1] } },
    { x: new Float32Array(2), y: new Float32Array(2) },
  );
  const network = echo([1], { output: "out", target: "y", loss: "mse" });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(evaluatePredictor({ network, weights: ONE, dataset, engine, signal })).rejects.toThrow(
    "enough",
  );
});

// Predictors that read series and texts: what they give for the fields that they find, and what they cannot read.
import { expect, test } from "vitest";
import { failureClassifier } from "../../agents/failure-classifier.js";
import { remainingLifeLstm } from "../../agents/remaining-life-lstm.js";
import { sequenceLstm } from "../../agents/sequence-lstm.js";
import { createRandom, type DataField, loadEngine } from "../../src/index.js";
import { compileModel, initializeParameters, type ParameterLayout } from "../../src/nn.js";

const SERIES: DataField = { shape: [3, 2] };
const LABEL: DataField = { shape: [], dtype: "int32", classes: ["a", "b", "c"] };
const drawn = (layout: ParameterLayout) => initializeParameters(layout, createRandom("predictors.test"));
const STATISTICS = { mean: new Float32Array(2), scale: new Float32Array(2).fill(1) };

test("remaining life is the last step of a forecast that no later reading changes", async () => {
  const fields = { pressure: SERIES, left: { shape: [] }, left_each: { shape: [3], unit: "h" } };
  const { model, normalized } = remainingLifeLstm.createNetwork(fields, {
    ...remainingLifeLstm.settings,
    units: 5,
    cap: 40,
  });
  const runner = await compileModel(model, await loadEngine("native"), { rows: 2, normalized: normalized! });
  runner.load({ parameters: drawn(model.layout), normalizers: { pressure: STATISTICS } });
  // the same window twice, but for its last step
  const pressure = Float32Array.of(1, 2, -1, 0.5, 3, 1, 1, 2, -1, 0.5, -3, 0);
  const { remaining, forecast, quantiles } = await runner.predict({ pressure });
  expect([remaining!.length, forecast!.length, quantiles!.length]).toEqual([2, 6, 18]);
  expect([remaining![0], remaining![1]]).toEqual([forecast![2], forecast![5]]);
  // rows of a product differ in the last bit
  for (const k of [0, 1]) expect(forecast![k]).toBeCloseTo(forecast![k + 3]!, 4);
  expect(forecast![2]).not.toBe(forecast![5]);
  expect(model.outputs.remaining!.entries).toEqual([{ name: "remaining", unit: "h" }]);
});

test("noise on a series is a share of each entry's deviation", () => {
  const fields = { pressure: SERIES, left: { shape: [] }, left_each: { shape: [3] } };
  const { augment } = remainingLifeLstm.createNetwork(fields, { ...remainingLifeLstm.settings, noise: 0.5 });
  const pressure = new Float32Array(6000);
  augment!({ pressure }, 1000, createRandom("noise"), { pressure: Float32Array.of(2, 10) });
  const deviationOf = (entry: number) =>
    Math.sqrt(pressure.reduce((sum, v, k) => sum + (k % 2 === entry ? v * v : 0), 0) / 3000);
  expect(deviationOf(0)).toBeCloseTo(1, 1);
  expect(deviationOf(1) / 5).toBeCloseTo(1, 1);
});

test("a text is read from window to window as in one piece", async () => {
  const classes = ["a", "b", "c", "d"];
  const networkOf = (steps: number) =>
    sequenceLstm.createNetwork(
      {
        tokens: { shape: [steps], dtype: "int32", classes },
        next: { shape: [steps], dtype: "int32", classes },
      },
      { ...sequenceLstm.settings, units: 6, embedding: 3 },
    );
  const { model } = networkOf(4);
  expect(model.memory).toEqual(["h0", "c0", "h1", "c1"].map((name) => ({ name, size: 6 })));
  expect(networkOf(2).model.layout.total).toBe(model.layout.total);
  const weights = { parameters: drawn(model.layout), normalizers: {} };
  const logitsOf = async (steps: number, windows: readonly number[][]) => {
    const runner = await compileModel(networkOf(steps).model, await loadEngine("native"), { rows: 2 });
    runner.load(weights);
    const given: number[][] = [];
    for (const tokens of windows)
      given.push([...(await runner.predict({ tokens: Int32Array.from(tokens) })).logits!]);
    return given;
  };
  // two texts, [0, 1, 2, 3] and [3, 3, 0, 2]
  const [whole] = await logitsOf(4, [[0, 1, 2, 3, 3, 3, 0, 2]]);
  const [first, second] = await logitsOf(2, [
    [0, 1, 3, 3],
    [2, 3, 0, 2],
  ]);
  const halves = [...first!.slice(0, 8), ...second!.slice(0, 8), ...first!.slice(8), ...second!.slice(8)];
  for (const [k, value] of whole!.entries()) expect(halves[k]).toBeCloseTo(value, 5);
});

test("failures are told by one logit for each class, the network fits any length and width", async () => {
  const { model, objectives } = failureClassifier.createNetwork(
    { wrench: SERIES, label: LABEL },
    { ...failureClassifier.settings, filters: 4 },
  );
  expect(objectives).toEqual([{ output: "logits", target: "label", loss: "cross-entropy" }]);
  const runner = await compileModel(model, await loadEngine("native"), { normalized: ["wrench"] });
  const parameters = drawn(model.layout);
  runner.load({ parameters, normalizers: { wrench: STATISTICS } });
  const logits = async (wrench: readonly number[]) => [
    ...(await runner.predict({ wrench: Float32Array.from(wrench) })).logits!,
  ];
  expect((await logits([0, 0, 0, 0, 0, 0])).map(Math.abs)).toEqual([0, 0, 0]);
  expect(await logits([1, 0, 0, -2, 5, 0])).toHaveLength(3);
  expect(await logits([1, 0, 0, -2, 5, 0])).not.toEqual(await logits([1, 0, 0, -2, 5, 1]));
});

test("data without a text or a series is refused with what it has", () => {
  expect(() => sequenceLstm.createNetwork({ label: LABEL }, sequenceLstm.settings)).toThrow(
    'sequence-lstm needs one field of tokens with their classes [steps], called "tokens", the data has none: "label" [] int32 of 3 classes.',
  );
  expect(() => failureClassifier.createNetwork({ label: LABEL }, failureClassifier.settings)).toThrow(
    'failure-classifier needs one field of series [steps, entries], the data has none: "label" [] int32 of 3 classes.',
  );
});

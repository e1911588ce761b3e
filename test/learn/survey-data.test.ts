import type * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type DataArrays, type DataField, type Dataset, tableDataset } from "../../src/data/dataset.js";
import type { PredictorNetwork } from "../../src/learn/predictor.js";
import { requireFields, surveyData } from "../../src/learn/survey-data.js";
import { normalizerOfState } from "../../src/model/normalizer.js";
import { parameterLayout } from "../../src/nn/parameters.js";

/** Windows of two steps of three sensors, a class of three for each. */
const NETWORK: PredictorNetwork = {
  model: {
    layout: parameterLayout([]),
    inputs: { sensors: { shape: [2, 3] } },
    outputs: { logits: { shape: [3] } },
    apply: (_, { sensors }) => ({ logits: sensors as tf.Tensor }),
  },
  objectives: [{ output: "logits", target: "label", loss: "cross-entropy" }],
  normalized: ["sensors"],
};
const SENSORS: DataField = { shape: [2, 3] };
const LABEL: DataField = { shape: [], dtype: "int32", classes: ["free", "stuck", "slipped"] };

function rows(
  columns: DataArrays,
  fields: Record<string, DataField> = { sensors: SENSORS, label: LABEL },
): Dataset {
  return tableDataset(fields, columns, { name: "episodes", source: "generated" });
}

const GOOD = {
  sensors: Float32Array.of(1, 7, 0.1, 3, 7, 0.1, 5, 7, 0.1, 7, 7, 0.1),
  label: Int32Array.of(2, 0),
};

test("inputs have mean and spread of each entry of the last axis, over rows and steps; what does not vary is not scaled", () => {
  const { statistics, missing } = surveyData(NETWORK, rows(GOOD));
  const { mean, scale } = normalizerOfState(statistics.sensors!);
  // 1, 3, 5, 7
  expect([...mean]).toEqual([4, 7, Math.fround(0.1)]);
  expect([...scale]).toEqual([Math.fround(1 / Math.sqrt(5)), 1, 1]);
  expect(missing).toEqual({ label: ["stuck"] });
});

test("statistics of many rows far from zero are exact, and do not depend on how rows are read", () => {
  const count = 1000;
  const sensors = Float32Array.from(
    { length: 6 * count },
    (_, k) => 9000 + (k % 3) + 1e-3 * Math.floor(k / 3),
  );
  const { statistics } = surveyData(NETWORK, rows({ sensors, label: new Int32Array(count) }));
  for (const entry of [0, 1, 2]) {
    const own = Array.from({ length: 2 * count }, (_, k) => sensors[3 * k + entry]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
    expect(statistics.sensors!.mean[entry]).toBeCloseTo(mean, 8);
    expect(statistics.sensors!.seen![entry]! / variance).toBeCloseTo(1, 9);
  }
});

test("a number that is none, and a label that is no class, are named with field, row and value", () => {
  const sensors = GOOD.sensors.slice();
  sensors[10] = Number.NaN;
  expect(() => surveyData(NETWORK, rows({ ...GOOD, sensors }))).toThrow(
    'episodes: number 4 of the field "sensors" of row 1 is NaN, expected a finite number.',
  );
  for (const value of [3, -1])
    expect(() => surveyData(NETWORK, rows({ ...GOOD, label: Int32Array.of(2, value) }))).toThrow(
      `episodes: the field "label" of row 1 is ${value}, expected a class from 0 to 2.`,
    );
});

test("of windows that overlap each step is looked at, the last ones of each group as well", () => {
  const size = 700;
  const make = (bad: number): Dataset => {
    const series = Float32Array.from({ length: 3 * (size + 1) }, (_, k) => (k === 3 * bad ? Infinity : k));
    const sensors = Float32Array.from(
      { length: 6 * size },
      (_, k) => series[3 * Math.floor(k / 6) + (k % 6)]!,
    );
    const groups = Int32Array.from({ length: size }, (_, row) => (row < 301 ? 0 : 1));
    return { ...rows({ sensors, label: new Int32Array(size) }), groups, continuation: 2 };
  };
  expect(() => surveyData(NETWORK, make(-1))).not.toThrow();
  for (const bad of [0, 299, 300, 301, 302, 699, 700])
    expect(() => surveyData(NETWORK, make(bad)), `step ${bad}`).toThrow(/is Infinity/);
});

test("a data set that a network cannot read or learn is refused with what it has and what is needed", () => {
  const refusal = (dataset: Dataset) => {
    try {
      requireFields(NETWORK, dataset, "learn from");
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(refusal(rows(GOOD))).toBe("accepted");
  expect(refusal(rows({ sensors: new Float32Array(0), label: new Int32Array(0) }))).toBe(
    "episodes has no rows to learn from. Take more data, or split it otherwise.",
  );
  expect(refusal(rows({ force: GOOD.sensors, label: GOOD.label }, { force: SENSORS, label: LABEL }))).toBe(
    'episodes has no field "sensors", which the model reads. Its fields are: force, label.',
  );
  expect(
    refusal(rows({ sensors: GOOD.sensors, class: GOOD.label }, { sensors: SENSORS, class: LABEL })),
  ).toBe('episodes has no field "label", which the model learns. Its fields are: sensors, class.');
  expect(refusal(rows(GOOD, { sensors: { shape: [6] }, label: LABEL }))).toBe(
    'The field "sensors" of episodes is float32 [6], the model reads float32 [2, 3].',
  );
  const bytes = { sensors: new Uint8Array(12), label: GOOD.label };
  expect(refusal(rows(bytes, { sensors: { shape: [2, 3], dtype: "uint8" }, label: LABEL }))).toBe(
    'The field "sensors" of episodes is uint8 [2, 3], the model reads float32 [2, 3].',
  );
  const two = { sensors: GOOD.sensors, label: Int32Array.of(0, 1, 2, 0) };
  expect(refusal(rows(two, { sensors: SENSORS, label: { shape: [2], dtype: "int32" } }))).toBe(
    'The field "label" of episodes has the shape [2], the output "logits" learns [] by cross-entropy.',
  );
  const floats = { sensors: GOOD.sensors, label: Float32Array.of(0, 1) };
  expect(refusal(rows(floats, { sensors: SENSORS, label: { shape: [] } }))).toBe(
    'The field "label" of episodes is float32, expected the number of a class: int32 or uint8.',
  );
});

import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { emptyRows, subset } from "../../src/data/dataset.js";
import type { FitPredictorOptions } from "../../src/learn/fit-options.js";
import { fitPredictor } from "../../src/learn/fit-predictor.js";
import type { FitState } from "../../src/learn/fit-state.js";
import { FIT_DEFAULTS, type PredictorNetwork } from "../../src/learn/predictor.js";
import { type BatchStatistics, batchNorm, batchNormSpecs } from "../../src/nn/normalization.js";
import { parameterLayout, partNamed, splitParameters } from "../../src/nn/parameters.js";
import { CLASSIFIER, points, READER, windows } from "./tiny-predictors.js";

const engine = await loadEngine("wasm");

const CLASSIFYING: FitPredictorOptions = {
  network: CLASSIFIER,
  settings: {
    ...FIT_DEFAULTS,
    epochs: 4,
    batchSize: 32,
    learningRate: 0.02,
    schedule: "cosine",
    warmup: 0.1,
  },
  splits: { train: points(270, "train"), validation: points(300, "validation") },
  seed: 1,
  engine,
  clock: () => 0,
};

const READING: FitPredictorOptions = {
  network: READER,
  settings: { ...FIT_DEFAULTS, epochs: 3, batchSize: 4, learningRate: 0.03, maxGradNorm: 1 },
  splits: { train: windows(404, "train"), validation: windows(300, "validation") },
  seed: 1,
  engine,
  clock: () => 0,
};

test.each([
  ["a classifier with dropout, augmentation and standardised inputs", CLASSIFYING],
  ["a model with memory that learns from streams", READING],
])("%s, stopped amid an epoch and at its end, goes on to the same bits", async (_, options) => {
  const whole = await fitPredictor(options);
  expect(whole.endedBy).toBe("epochs");
  let from: FitState | undefined;
  // three minibatches at a time, then an epoch, then the rest
  for (const stop of [3, 6, "epoch", "end"] as const) {
    const stopping = new AbortController();
    let batches = 0;
    const { state } = await fitPredictor({
      ...options,
      ...(from ? { from } : {}),
      signal: stopping.signal,
      onBatch: () => void (++batches === stop && stopping.abort()),
      onEpoch: () => stop !== "epoch",
    });
    expect(state.finished).toBe(stop === "end");
    from = structuredClone(state);
  }
  expect(from).toEqual(whole.state);
});

test("batch normalisation learns by minibatches and is used by what their statistics came to", async () => {
  const layout = parameterLayout([
    ...batchNormSpecs("norm", 2),
    { name: "out", shape: [2, 2], initialization: { kind: "orthogonal", gain: 1 } },
  ]);
  const logits = (flat: tf.Tensor1D, point: tf.Tensor2D, statistics?: BatchStatistics) => {
    const p = splitParameters(flat, layout);
    return { logits: tf.matMul(batchNorm(point, p, "norm", statistics), p.out as tf.Tensor2D) };
  };
  const network: PredictorNetwork = {
    model: {
      layout,
      inputs: { point: { shape: [2] } },
      outputs: { logits: { shape: [2] } },
      apply: (flat, { point }) => logits(flat, point as tf.Tensor2D),
    },
    objectives: [{ output: "logits", target: "side", loss: "cross-entropy" }],
    applyTraining(flat, { point }) {
      const statistics: BatchStatistics = {};
      return { ...logits(flat, point as tf.Tensor2D, statistics), ...statistics };
    },
  };
  const settings = { ...FIT_DEFAULTS, epochs: 16, batchSize: 32, learningRate: 0.05 };
  const { state, history } = await fitPredictor({ ...CLASSIFYING, network, settings });
  // of points around 500 with a deviation of 20, over the about ten minibatches that count most
  const [mean, variance] = ["norm/mean", "norm/variance"].map(
    (name) => partNamed(state.optimizer.parameters, layout, name)![0]!,
  );
  expect(Math.abs(mean! - 500)).toBeLessThan(4);
  expect(Math.abs(variance! / 400 - 1)).toBeLessThan(0.25);
  expect(history.at(-1)!.metrics["eval/accuracy"]).toBeGreaterThan(0.9);
});

test("a fit learns: points on their sides, letters close to their entropy", async () => {
  const points = await fitPredictor(CLASSIFYING);
  expect(points.history.at(-1)!.metrics["eval/accuracy"]).toBeGreaterThan(0.93);
  const letters = await fitPredictor({
    ...READING,
    splits: { train: windows(1604, "train"), validation: windows(300, "validation") },
    settings: { ...READING.settings, epochs: 8 },
  });
  // one of three letters at random in a tenth of cases: 14/15 and two times 1/30
  const entropy = -(14 / 15) * Math.log(14 / 15) - (2 / 30) * Math.log(1 / 30);
  const { "eval/nats": nats } = letters.history[letters.bestEpoch - 1]!.metrics;
  expect(nats).toBeLessThan(entropy + 0.2);
});

test("the best epoch is kept, by the metric that the network names, and patience ends a fit that gets no better", async () => {
  const { settings } = CLASSIFYING;
  // a rate so high that it soon gets worse again
  const restless = { ...settings, epochs: 40, learningRate: 0.5, schedule: "constant", patience: 3 } as const;
  const { history, endedBy, bestEpoch, epochs, state, best, last } = await fitPredictor({
    ...CLASSIFYING,
    network: { ...CLASSIFIER, select: "accuracy" },
    settings: restless,
  });
  const accuracies = history.map(({ metrics }) => metrics["eval/accuracy"]!);
  expect(bestEpoch).toBe(1 + accuracies.indexOf(Math.max(...accuracies)));
  expect(endedBy).toBe("patience");
  expect(epochs).toBe(bestEpoch + 3);
  expect(state.finished).toBe(true);
  expect(state.best!.value).toBe(Math.max(...accuracies));
  expect(best.parameters).toBe(state.best!.parameters);
  expect(last.parameters).toEqual(state.optimizer.parameters);
  expect(last.parameters).not.toEqual(best.parameters);
});

test("callbacks log beside the fit's own metrics, see each epoch, and end it", async () => {
  const calls: string[] = [];
  const checkpoints: number[] = [];
  const result = await fitPredictor({
    ...CLASSIFYING,
    callbacks: [
      {
        onTrainingStart: ({ totalSteps }) => void calls.push(`start of ${totalSteps}`),
        onEvaluation: ({ validation, improved }, { iteration, log }) => {
          calls.push(`evaluation ${iteration} ${improved}`);
          log("custom/errors", validation.rows.length * (1 - validation.metrics.accuracy!));
        },
        onIteration: ({ epoch, updates, last }) => {
          calls.push(`epoch ${epoch} ${updates} ${last}`);
          return epoch < 2;
        },
        onTrainingEnd: ({ endedBy }) => void calls.push(`end ${endedBy}`),
      },
    ],
    checkpointBatches: 3,
    onCheckpoint: ({ epoch, batch }) => void checkpoints.push(epoch, batch),
  });
  expect(calls).toEqual([
    "start of 32",
    "evaluation 1 true",
    "epoch 1 8 false",
    "evaluation 2 true",
    "epoch 2 16 false",
    "end callback",
  ]);
  expect(checkpoints).toEqual([0, 3, 0, 6, 1, 0, 1, 3, 1, 6, 2, 0]);
  expect(Object.keys(result.history[1]!.metrics)).toEqual([
    ...["train/loss", "train/learning_rate", "eval/loss", "eval/accuracy", "eval/f1_macro", "eval/ece"],
    "custom/errors",
  ]);
  const refused = fitPredictor({ ...CLASSIFYING, onEpoch: (_, { log }) => log("eval/accuracy", 1) });
  await expect(refused).rejects.toThrow("has the name of a metric that training logs itself");
});

test("a fit begins with weights that it is given, their statistics included", async () => {
  const first = await fitPredictor(CLASSIFYING);
  const settings = { ...CLASSIFYING.settings, epochs: 1, learningRate: 1e-9 };
  const splits = { train: points(64, "others"), validation: CLASSIFYING.splits.validation };
  const second = await fitPredictor({ ...CLASSIFYING, settings, splits, start: first.best });
  expect(second.best.normalizers).toBe(first.best.normalizers);
  expect(second.history[0]!.metrics["eval/loss"]).toBeCloseTo(first.state.best!.metrics.loss!, 5);
  const start = { parameters: new Float32Array(3), normalizers: {} };
  await expect(fitPredictor({ ...CLASSIFYING, start })).rejects.toThrow(
    "The weights to start from have 3 parameters, the model 40. Take the model that was fitted.",
  );
});

test("a class that no row to learn from has is told", async () => {
  const { train } = CLASSIFYING.splits;
  const taken = emptyRows(train.fields, train.size);
  train.take(
    Int32Array.from({ length: train.size }, (_, row) => row),
    taken,
  );
  const left = subset(
    train,
    Int32Array.from([...(taken.side as Int32Array).keys()].filter((row) => taken.side![row] === 0)),
  );
  const lines: string[] = [];
  const settings = { ...CLASSIFYING.settings, epochs: 1 };
  const splits = { ...CLASSIFYING.splits, train: left };
  await fitPredictor({ ...CLASSIFYING, settings, splits, say: (line) => lines.push(line) });
  expect(lines).toEqual([
    "points: no row to learn from has the side right; the model will not learn what that is.",
  ]);
});

test("settings out of range, too few rows, and a state of another fit are refused", async () => {
  const refusal = async (options: Partial<FitPredictorOptions>) => {
    const error: unknown = await fitPredictor({ ...CLASSIFYING, ...options }).catch((thrown) => thrown);
    return (error as Error).message;
  };
  const { settings, splits } = CLASSIFYING;
  const set = (changed: object) => refusal({ settings: { ...settings, ...changed } });
  expect(await set({ epochs: 1.5 })).toBe(
    "The setting epochs is 1.5, expected a whole number from 1 to 1000000.",
  );
  expect(await set({ learningRate: 0 })).toBe(
    "The setting learningRate is 0, expected a number above 0 and at most 10.",
  );
  expect(await set({ schedule: "cosin" })).toBe(
    'The setting schedule is "cosin". Did you mean "cosine"? Expected one of: constant, linear, cosine.',
  );
  expect(await set({ batchSize: 271 })).toBe(
    "points has 270 rows to learn from, expected at least 271: one minibatch. Lower the setting batchSize, or take more data.",
  );
  expect(await refusal({ splits: { ...splits, validation: subset(splits.train, new Int32Array(0)) } })).toBe(
    "points has no rows to choose by. Take more data, or split it otherwise.",
  );
  expect(await refusal({ network: { ...CLASSIFIER, order: "streams" } })).toBe(
    "The rows of points do not continue each other, which a model that learns from streams needs. Take windows of texts or series, in their order.",
  );
  const { state: from } = await fitPredictor({ ...CLASSIFYING, settings: { ...settings, epochs: 1 } });
  expect(await refusal({ from })).toBe(
    "The setting epochs is 4, but the fit began with 1 and cannot go on with another. Start a new one.",
  );
  const same = { ...settings, epochs: 1 };
  expect(await refusal({ from, settings: same, splits: { ...splits, train: points(300, "more") } })).toBe(
    "The fit began with 270 rows to learn from, points has 300. Go on with the same data, or start a new fit.",
  );
  expect(await refusal({ from, settings: same, network: { ...CLASSIFIER, normalized: [] } })).toBe(
    "The state to go on from has statistics of point, the model standardises none. Go on with the model that was fitted.",
  );
});

test("a fit that diverges says where, by what, and what to try", async () => {
  const network = { ...CLASSIFIER, objectives: [{ ...CLASSIFIER.objectives[0]!, weight: 1e38 }] };
  await expect(fitPredictor({ ...CLASSIFYING, network })).rejects.toThrow(
    /^points: the fit diverged in epoch 1: .* after update 1\. In force were learningRate .*, maxGradNorm 0, batchSize 32\. Try a lower learningRate \(0\.007\) or a maxGradNorm of 1\.$/,
  );
});

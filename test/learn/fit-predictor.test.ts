import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
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

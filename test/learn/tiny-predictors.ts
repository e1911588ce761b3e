// Small predictors and data for tests: a classifier of points, and a reader of letters with a memory.
import * as tf from "@tensorflow/tfjs-core";
import { type Dataset, tableDataset } from "../../src/data/dataset.js";
import type { PredictorNetwork } from "../../src/learn/predictor.js";
import { createRandom } from "../../src/math/random.js";
import { lstmCell } from "../../src/nn/lstm.js";
import { memorySpecs, runMemory } from "../../src/nn/memory-cell.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";

/** Points of two classes: which side of a line, far from zero and of unlike spread. */
export function points(count: number, seed: string): Dataset {
  const random = createRandom(seed);
  const point = new Float32Array(2 * count);
  const side = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const [x, y] = [random.normal(), random.normal()];
    point.set([500 + 20 * x, 0.01 * y], 2 * row);
    side[row] = x + y > 0.3 ? 1 : 0;
  }
  return tableDataset(
    { point: { shape: [2] }, side: { shape: [], dtype: "int32", classes: ["left", "right"] } },
    { point, side },
    { name: "points", source: "generated" },
  );
}

/** Two layers with dropout between them. */
export const CLASSIFIER: PredictorNetwork = (() => {
  const layout = parameterLayout([
    { name: "0/weight", shape: [2, 8], initialization: { kind: "orthogonal", gain: 1 } },
    { name: "0/bias", shape: [8], initialization: { kind: "constant", value: 0 } },
    { name: "1/weight", shape: [8, 2], initialization: { kind: "orthogonal", gain: 1 } },
  ]);
  const apply = (flat: tf.Tensor1D, { point, mask }: Readonly<Record<string, tf.Tensor>>) => {
    const p = splitParameters(flat, layout);
    const hidden = tf.tanh(
      tf.add(tf.matMul(point as tf.Tensor2D, p["0/weight"] as tf.Tensor2D), p["0/bias"]!),
    );
    const kept = (mask ? tf.mul(hidden, mask) : hidden) as tf.Tensor2D;
    return { logits: tf.matMul(kept, p["1/weight"] as tf.Tensor2D) };
  };
  return {
    model: { layout, inputs: { point: { shape: [2] } }, outputs: { logits: { shape: [2] } }, apply },
    objectives: [{ output: "logits", target: "side", loss: "cross-entropy" }],
    normalized: ["point"],
    dropout: { mask: { shape: [8], rate: 0.25 } },
    applyTraining: apply,
    augment({ point }, rows, random) {
      for (let k = 0; k < 2 * rows; k++) point![k]! += k % 2 ? 0 : random.normal();
    },
  };
})();

export const STEPS = 4;

/** Windows at every place of a text of three letters, in which what comes next hangs on the two letters before it. */
export function windows(letters: number, seed: string): Dataset {
  const random = createRandom(seed);
  const text = Int32Array.of(0, 1, ...new Array<number>(letters - 2).fill(0));
  for (let k = 2; k < letters; k++)
    text[k] = random.uniform() < 0.1 ? random.integer(3) : (text[k - 1]! + text[k - 2]! + 1) % 3;
  const size = letters - STEPS;
  const column = (shift: number) =>
    Int32Array.from({ length: size * STEPS }, (_, k) => text[Math.floor(k / STEPS) + (k % STEPS) + shift]!);
  const field = { shape: [STEPS], dtype: "int32", classes: ["a", "b", "c"] } as const;
  const provenance = { name: "letters", source: "generated" };
  const table = tableDataset(
    { tokens: field, next: field },
    { tokens: column(0), next: column(1) },
    provenance,
  );
  return { ...table, continuation: STEPS };
}

/** An LSTM that reads letters, its memory going on from minibatch to minibatch. */
export const READER: PredictorNetwork = (() => {
  const units = 6;
  const layout = parameterLayout([
    ...memorySpecs("lstm", lstmCell, 3, units),
    { name: "out", shape: [units, 3], initialization: { kind: "orthogonal", gain: 1 } },
  ]);
  return {
    model: {
      layout,
      inputs: { tokens: { shape: [STEPS], dtype: "int32" } },
      outputs: { logits: { shape: [STEPS, 3] } },
      memory: [{ name: "lstm", size: 2 * units }],
      apply(flat, { tokens, memory }) {
        const p = splitParameters(flat, layout);
        const byStep = tf.reshape(tf.transpose(tokens as tf.Tensor2D), [-1, 1]);
        const letters = tf.cast(tf.equal(byStep, tf.tensor1d([0, 1, 2], "int32")), "float32") as tf.Tensor2D;
        const run = runMemory(lstmCell, letters, { memory: memory as tf.Tensor2D }, p, "lstm");
        const logits = tf.reshape(tf.matMul(run.outputs, p.out as tf.Tensor2D), [STEPS, -1, 3]);
        return { logits: tf.transpose(logits, [1, 0, 2]), memory: run.memory };
      },
    },
    objectives: [{ output: "logits", target: "next", loss: "cross-entropy" }],
    order: "streams",
  };
})();

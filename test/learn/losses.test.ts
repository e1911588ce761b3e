// Losses and their gradients, worked by hand.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { rowLosses } from "../../src/learn/losses.js";
import type { Loss } from "../../src/learn/predictor.js";

const engine = await loadEngine("wasm");
const [LN2, LN3, LN4, LN5, LN8] = [2, 3, 4, 5, 8].map(Math.log) as [number, number, number, number, number];

/** The loss of each row, and how their sum changes with each number of the output. */
async function computed(
  loss: Loss,
  [shape, output]: readonly [shape: readonly number[], output: readonly number[]],
  [targetShape, target]: readonly [shape: readonly number[], target: Int32Array | Float32Array],
) {
  const isLabels = target instanceof Int32Array;
  const compiled = await engine.compile(
    (inputs) => {
      const rows = (values: tf.Tensor) => rowLosses(loss, values, inputs.target!);
      return {
        rows: rows(inputs.output!),
        slopes: tf.grad((values) => tf.sum(rows(values)))(inputs.output!),
      };
    },
    { output: { shape }, target: { shape: targetShape, dtype: isLabels ? "int32" : "float32" } },
  );
  const { rows, slopes } = await compiled.run({ output: Float32Array.from(output), target });
  await compiled.dispose();
  return { rows: [...rows!], slopes: [...slopes!] };
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) expect(got[k], `number ${k}`).toBeCloseTo(value, 5);
}

/** Softmax of the second row: 2/8, 1/8, 5/8. */
const LOGITS = [
  [2, 3],
  [7, 7, 7, LN2, 0, LN5],
] as const;
const LABELS = [[2], Int32Array.of(1, 0)] as const;

test("cross-entropy is the logarithm of what the true class is given, its gradient softmax less one at the truth", async () => {
  const { rows, slopes } = await computed({ loss: "cross-entropy" }, LOGITS, LABELS);
  expectClose(rows, [LN3, LN4]);
  expectClose(slopes, [1 / 3, -2 / 3, 1 / 3, 2 / 8 - 1, 1 / 8, 5 / 8]);
});

test("label smoothing spreads a share of the truth over all classes, class weights scale rows by their class", async () => {
  const smoothed = await computed({ loss: "cross-entropy", labelSmoothing: 0.3 }, LOGITS, LABELS);
  const spread = 0.7 * LN4 + 0.1 * (LN4 + LN8 + Math.log(8 / 5));
  expectClose(smoothed.rows, [LN3, spread]);
  expectClose(smoothed.slopes.slice(3), [2 / 8 - 0.8, 1 / 8 - 0.1, 5 / 8 - 0.1]);
  const classWeights = [3, 0.5, 9];
  const weighted = await computed(
    { loss: "cross-entropy", labelSmoothing: 0.3, classWeights },
    LOGITS,
    LABELS,
  );
  expectClose(weighted.rows, [0.5 * LN3, 3 * spread]);
});

test("a row with a class at each position has the mean over its positions, of sequences and of pictures", async () => {
  const output = [7, 7, 7, LN2, 0, LN5, 0, 0, 0, LN2, 0, LN5];
  const target = Int32Array.of(1, 0, 2, 2);
  const sequence = await computed({ loss: "cross-entropy" }, [[2, 2, 3], output], [[2, 2], target]);
  expectClose(sequence.rows, [(LN3 + LN4) / 2, (LN3 + Math.log(8 / 5)) / 2]);
  expectClose(sequence.slopes.slice(9), [2 / 16, 1 / 16, -3 / 16]);
  const picture = await computed({ loss: "cross-entropy" }, [[1, 2, 2, 3], output], [[1, 2, 2], target]);
  expectClose(picture.rows, [(2 * LN3 + LN4 + Math.log(8 / 5)) / 4]);
});

test("focal loss scales cross-entropy by how much doubt is left", async () => {
  const { rows } = await computed({ loss: "focal" }, LOGITS, LABELS);
  expectClose(rows, [(2 / 3) ** 2 * LN3, (3 / 4) ** 2 * LN4]);
  const root = await computed({ loss: "focal", gamma: 0.5 }, LOGITS, LABELS);
  expectClose(root.rows, [Math.sqrt(2 / 3) * LN3, Math.sqrt(3 / 4) * LN4]);
  const none = await computed({ loss: "focal", gamma: 0 }, LOGITS, LABELS);
  expectClose(none.rows, [LN3, LN4]);
  expectClose(none.slopes.slice(3), [2 / 8 - 1, 1 / 8, 5 / 8]);
});

test("binary cross-entropy of logits weighs what is 1, and has a slope at a logit of 0", async () => {
  const output = [
    [2, 3],
    [0, LN3, -LN3, 0, 0, LN3],
  ] as const;
  const target = [[2, 3], Float32Array.of(1, 1, 0, 0, 1, 0)] as const;
  const { rows, slopes } = await computed({ loss: "binary-cross-entropy" }, output, target);
  const sure = Math.log(4 / 3);
  expectClose(rows, [(LN2 + 2 * sure) / 3, (2 * LN2 + LN4) / 3]);
  expectClose(slopes, [-0.5 / 3, -0.25 / 3, 0.25 / 3, 0.5 / 3, -0.5 / 3, 0.75 / 3]);
  const weighted = await computed({ loss: "binary-cross-entropy", positiveWeight: 3 }, output, target);
  expectClose(weighted.rows, [(3 * LN2 + 4 * sure) / 3, (4 * LN2 + LN4) / 3]);
});

test("errors of numbers: squared, Huber's, and pinball losses of quantiles", async () => {
  const output = [
    [2, 3],
    [1, 2, 3, 4, 5, 6],
  ] as const;
  const target = [[2, 3], Float32Array.of(2, -1, 3, 4, 9, 5.5)] as const;
  expectClose((await computed({ loss: "mse" }, output, target)).rows, [10 / 3, 16.25 / 3]);
  const huber = await computed({ loss: "huber", delta: 2 }, output, target);
  expectClose(huber.rows, [(0.5 + 4 + 0) / 3, (0 + 6 + 0.125) / 3]);
  expectClose(huber.slopes, [-1 / 3, 2 / 3, 0, 0, -2 / 3, 0.5 / 3]);
  expectClose((await computed({ loss: "huber" }, output, target)).rows, [(0.5 + 2.5) / 3, (3.5 + 0.125) / 3]);
  const quantiles = [0.1, 0.5, 0.9];
  const pinball = await computed({ loss: "quantile", quantiles }, output, [[2], Float32Array.of(2.5, 4.5)]);
  expectClose(pinball.rows, [(0.15 + 0.25 + 0.05) / 3, (0.05 + 0.25 + 0.15) / 3]);
  expectClose(pinball.slopes, [-0.1 / 3, -0.5 / 3, 0.1 / 3, -0.1 / 3, 0.5 / 3, 0.1 / 3]);
});

test.each([{ loss: "cross-entropy" }, { loss: "focal", gamma: 0.5 }, { loss: "focal", gamma: 0 }] as const)(
  "%o stays finite however sure a model is, rightly or wrongly",
  async (loss) => {
    const output = [
      [2, 2],
      [1000, -1000, 1000, -1000],
    ] as const;
    const { rows, slopes } = await computed(loss, output, [[2], Int32Array.of(0, 1)]);
    expectClose(rows, [0, 2000]);
    expectClose(slopes.slice(2), [1, -1]);
    for (const slope of slopes.slice(0, 2)) expect(Math.abs(slope)).toBeLessThan(1e-3);
  },
);

test("binary cross-entropy stays finite however sure a model is, rightly or wrongly", async () => {
  const output = [
    [1, 4],
    [200, -200, 200, -200],
  ] as const;
  const { rows, slopes } = await computed({ loss: "binary-cross-entropy" }, output, [
    [1, 4],
    Float32Array.of(1, 0, 0, 1),
  ]);
  expectClose(rows, [100]);
  expectClose(slopes, [0, 0, 0.25, -0.25]);
});

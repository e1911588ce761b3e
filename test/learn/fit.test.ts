import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { DivergedUpdate } from "../../src/learn/divergence.js";
import { fit } from "../../src/learn/fit.js";
import { copyRows, drawnMinibatches, shuffledMinibatches } from "../../src/learn/minibatches.js";
import { Optimizer } from "../../src/learn/optimizer.js";
import { createRandom } from "../../src/math/random.js";
import { adamInputs, adamUpdate } from "../../src/nn/adam.js";

/** Two parameters that are moved towards the mean of `x` [2, 2]; the error of each is a loss. */
async function towardsMean() {
  const engine = await loadEngine("wasm");
  return engine.compile(
    (inputs) => {
      const error = tf.sub(inputs.parameters!, tf.mean(inputs.x!, 0)) as tf.Tensor1D;
      return {
        ...adamUpdate(inputs, error),
        square: tf.sum(tf.square(error)) as tf.Scalar,
        first: tf.sum(tf.slice(error, [0], [1])) as tf.Scalar,
      };
    },
    { ...adamInputs(2), x: { shape: [2, 2] } },
  );
}

const X = Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, 4, 14);

/** All that `fit` is given besides, with the rows that it picks. */
async function recording() {
  const picked: number[][] = [];
  const x = new Float32Array(4);
  const gather = (rows: Int32Array) => {
    picked.push([...rows]);
    copyRows(X, rows, x, 2);
    return { x };
  };
  const optimizer = new Optimizer(Float32Array.of(0, 0), 0.5);
  return { picked, gather, optimizer, update: await towardsMean() };
}

test("each epoch goes through the rows in an order of its own, leaves out what makes no whole minibatch, and means its losses", async () => {
  const { picked, gather, optimizer, update } = await recording();
  const rows = Int32Array.of(0, 1, 2, 3, 4);
  const each: number[] = [];
  const epochs: number[] = [];
  const losses = await fit({
    optimizer,
    update,
    minibatches: shuffledMinibatches(rows, 2, createRandom("fit"), gather),
    numEpochs: 3,
    losses: ["square", "first"],
    onBatch: (batch, { first }) => void each.push(batch, first![0]!),
    onEpoch: ({ first }) => {
      epochs.push(first);
      return true;
    },
  });
  // the same stream shuffles the order that the epoch before left
  const order = Int32Array.of(0, 1, 2, 3, 4);
  const random = createRandom("fit");
  const expected: number[][] = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    random.shuffle(order);
    expected.push([...order.subarray(0, 2)], [...order.subarray(2, 4)]);
  }
  expect(picked).toEqual(expected);
  expect(optimizer.state().updates).toBe(6);
  expect(each.filter((_, k) => k % 2 === 0)).toEqual([0, 1, 0, 1, 0, 1]);
  // before the first step the parameters are 0: the error is minus the mean of the rows picked
  expect(each[1]).toBe(-(expected[0]![0]! + expected[0]![1]!) / 2);
  const means = [0, 4, 8].map((k) => each[k + 1]! / 2 + each[k + 3]! / 2);
  expect(epochs).toEqual(means);
  expect(losses.first).toBe(means[2]);
  expect(losses.square).toBeGreaterThan(losses.first ** 2);
});

test("rows are drawn with replacement from as many as there are by then", async () => {
  const { picked, gather, optimizer, update } = await recording();
  const draw = { numBatches: 3, batchSize: 2, numRows: (k: number) => k + 1 };
  const minibatches = drawnMinibatches(draw, createRandom("draw"), gather);
  await fit({ optimizer, update, minibatches, losses: [] });
  const random = createRandom("draw");
  expect(picked).toEqual([1, 2, 3].map((count) => [random.integer(count), random.integer(count)]));
  expect(picked[0]).toEqual([0, 0]);
});

test("an epoch that returns false, or an aborted signal, is the last; without any the losses are no number", async () => {
  const { picked, gather, optimizer, update } = await recording();
  const random = createRandom("fit");
  const aborting = new AbortController();
  const options = {
    optimizer,
    update,
    minibatches: shuffledMinibatches(Int32Array.of(0, 1, 2, 3), 2, random, gather),
    numEpochs: 5,
    losses: ["first"] as const,
  };
  let epochs = 0;
  await fit({ ...options, onEpoch: () => ++epochs < 2 });
  expect(picked).toHaveLength(4);
  // aborted amid an epoch: it is gone through to its end
  await fit({ ...options, signal: aborting.signal, onBatch: () => aborting.abort() });
  expect(picked).toHaveLength(6);
  expect(await fit({ ...options, signal: aborting.signal })).toEqual({ first: Number.NaN });
  expect(picked).toHaveLength(6);
});

test("each minibatch is learnt from at the rate that is given for it", async () => {
  const { gather, optimizer, update } = await recording();
  const rates: number[] = [];
  await fit({
    optimizer,
    update,
    minibatches: shuffledMinibatches(Int32Array.of(0, 1, 2, 3), 2, createRandom("fit"), gather),
    numEpochs: 2,
    losses: [],
    learningRate: (epoch, batch) => 0.1 * (1 + 2 * epoch + batch),
    onBatch: () => void rates.push(optimizer.learningRate),
  });
  expect(rates).toEqual([0.1, 0.2, 0.1 * 3, 0.4]);
});

test("a loss that is not finite ends it with what diverged", async () => {
  const { optimizer, update } = await recording();
  const x = Float32Array.of(3e38, 0, 3e38, 0);
  const minibatches = { numBatches: 1, next: () => ({ x }) };
  const thrown = await fit({ optimizer, update, minibatches, losses: ["square"] }).catch(
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(DivergedUpdate);
  expect([...optimizer.parameters]).toEqual([0, 0]);
});

test("rows are copied in the order given, narrow and wide, floats and bytes", () => {
  const narrow = new Float32Array(3);
  copyRows(Float32Array.of(1, 2, 3, 4), Int32Array.of(3, 0, 3), narrow, 1);
  expect([...narrow]).toEqual([4, 1, 4]);
  const wide = new Uint8Array(2 * 100);
  const bytes = Uint8Array.from({ length: 300 }, (_, k) => k % 251);
  copyRows(bytes, Int32Array.of(2, 1), wide, 100);
  expect([...wide]).toEqual([...bytes.subarray(200, 300), ...bytes.subarray(100, 200)]);
});

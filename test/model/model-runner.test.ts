import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { compileModel, modelGraphs } from "../../src/model/compile-model.js";
import type { Model } from "../../src/model/model.js";
import { ModelRunner } from "../../src/model/model-runner.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const zeros = { kind: "constant", value: 0 } as const;
const layout = parameterLayout([
  { name: "w", shape: [3, 2], initialization: zeros },
  { name: "u", shape: [2, 1], initialization: zeros },
]);

/**
 * No policy: `sum` = reading w + mean of the picture's bytes + what is remembered, which adds `sum` up; `square` = sum² u.
 * `tenth` is the same for all rows, `twice` is a tap.
 */
const model: Model = {
  layout,
  inputs: {
    reading: { shape: [3], entries: ["a", "b", "c"].map((name) => ({ name, unit: "m" })) },
    picture: { shape: [1, 2, 1], dtype: "uint8" },
  },
  outputs: { sum: { shape: [2] }, square: { shape: [] }, tenth: { shape: [1], isShared: true } },
  taps: { twice: { shape: [2] } },
  memory: [
    { name: "left", size: 1 },
    { name: "right", size: 1 },
  ],
  apply(parameters, { reading, picture, memory }) {
    const { w, u } = splitParameters(parameters, layout);
    const seen = tf.mean(tf.reshape(picture!, [-1, 2]), 1, true);
    const sum = tf.add(tf.add(tf.matMul(reading as tf.Tensor2D, w as tf.Tensor2D), seen), memory!);
    return {
      sum,
      square: tf.reshape(tf.matMul(tf.square(sum) as tf.Tensor2D, u as tf.Tensor2D), [-1]),
      tenth: tf.mul(tf.slice(tf.reshape(u!, [2]), [0], [1]), 0.1),
      twice: tf.mul(sum, 2),
      memory: tf.add(memory!, sum),
    };
  },
};

const weights = {
  parameters: Float32Array.of(1, 2, 3, 4, 5, 6, 10, 100),
  normalizers: { reading: { mean: Float32Array.of(1, 1, 1), scale: Float32Array.of(1, 2, 0.5) } },
};
// standardised: [1, 0, 1] and [0, 2, 0]
const reading = Float32Array.of(2, 1, 3, 1, 2, 1);
const picture = Uint8Array.of(1, 3, 0, 255);

describe.each(["native", "reference"])("on the engine %s", (name) => {
  const open = async (options = {}) => {
    const engine = await loadEngine(name);
    const runner = await compileModel(model, engine, { rows: 2, normalized: ["reading"], ...options });
    runner.load(weights);
    return runner;
  };

  test("it computes outputs and taps, and remembers row by row until it is reset", async () => {
    const runner = await open({ taps: ["twice"] });
    expect(runner.rows).toBe(2);
    expect(runner.widthOf("reading")).toBe(3);
    // [1, 0, 1] w = [6, 8], + 2; [0, 2, 0] w = [6, 8], + 127.5
    const first = [8, 10, 133.5, 135.5];
    const said = await runner.predict({ reading, picture });
    expect([...said.sum!]).toEqual(first);
    expect([...said.square!]).toEqual([10 * 64 + 100 * 100, 10 * 133.5 ** 2 + 100 * 135.5 ** 2]);
    expect(said.tenth).toEqual(Float32Array.of(1));
    expect([...said.twice!]).toEqual(first.map((value) => 2 * value));
    expect([...runner.memory!]).toEqual(first);
    const peeked = await runner.peek({ reading, picture });
    expect([...peeked.sum!]).toEqual(first.map((value) => 2 * value));
    expect([...runner.memory!]).toEqual(first);
    runner.reset(0);
    expect([...(await runner.predict({ reading, picture })).sum!]).toEqual([8, 10, 267, 271]);
    runner.reset();
    expect([...runner.memory!]).toEqual([0, 0, 0, 0]);
  });

  test("rows given one by one are predicted as those given together", async () => {
    const runner = await open();
    runner.inputs.reading!.set(reading);
    runner.inputs.picture!.set(picture);
    expect([...(await runner.predict()).sum!]).toEqual([8, 10, 133.5, 135.5]);
  });

  test("a fork has a memory of its own, and goes on from a copy of another's", async () => {
    const runner = await open();
    await runner.predict({ reading, picture });
    const fork = runner.fork();
    expect([...fork.memory!]).toEqual([0, 0, 0, 0]);
    fork.remember(runner.memory);
    fork.reset(1);
    expect([...runner.memory!]).toEqual([8, 10, 133.5, 135.5]);
    expect([...(await fork.predict({ reading, picture })).sum!]).toEqual([16, 20, 133.5, 135.5]);
    expect(() => fork.remember(new Float32Array(3))).toThrow(
      "The memory to go on from has 3 numbers, the model remembers 4 (2 rows).",
    );
  });

  test("gradients are those with respect to the inputs as they are given, per row, with memory held fixed", async () => {
    const runner = await open({ gradients: true });
    await runner.predict({ reading, picture: Uint8Array.of(0, 0, 0, 0) });
    const given = { reading, picture: Float32Array.from(picture) };
    const said = await runner.gradients(given, {
      sum: Float32Array.of(0, 1, 0, 0),
      square: Float32Array.of(0, 1),
    });
    // row 0: the second sum is [6, 8] + 2 + what was remembered, [6, 8]; row 1: 10 s₀² + 100 s₁² of [139.5, 143.5]
    expect([...said.output!]).toEqual([18, 10 * 139.5 ** 2 + 100 * 143.5 ** 2]);
    const [s0, s1] = [2 * 10 * 139.5, 2 * 100 * 143.5];
    const scaled = (of: readonly number[]) => of.map((value, k) => value * [1, 2, 0.5][k]!);
    const row1 = [s0 + 2 * s1, 3 * s0 + 4 * s1, 5 * s0 + 6 * s1];
    expect([...said["reading.gradient"]!]).toEqual([...scaled([2, 4, 6]), ...scaled(row1)]);
    expect([...said["picture.gradient"]!]).toEqual([0.5, 0.5, (s0 + s1) / 2, (s0 + s1) / 2]);
    expect([...said.twice!]).toEqual([28, 36, 279, 287]);
    expect([...runner.memory!]).toEqual([6, 8, 6, 8]);
  });
});

test("graphs that were traced and loaded again are run as the model is", async () => {
  const engine = await loadEngine("native");
  const { outputs, gradients } = modelGraphs(model, { normalized: ["reading"] });
  const runner = new ModelRunner(await engine.load(outputs), await engine.load(gradients));
  runner.load(weights);
  const row = { reading: reading.slice(0, 3), picture: picture.slice(0, 2) };
  expect(Object.keys(runner.inputs).sort()).toEqual(["picture", "reading"]);
  expect([...(await runner.predict(row)).sum!]).toEqual([8, 10]);
  expect([...(await runner.predict(row)).sum!]).toEqual([16, 20]);
  runner.reset();
  const { output } = await runner.gradients(
    { ...row, picture: Float32Array.from(row.picture) },
    { sum: Float32Array.of(1, 0), square: Float32Array.of(0) },
  );
  expect([...output!]).toEqual([8]);
});

test("a runner without gradients and a model whose names the compiled function needs are errors", async () => {
  const engine = await loadEngine("native");
  const runner = await compileModel(model, engine, { normalized: ["reading"] });
  expect(() => runner.gradients({}, {})).toThrow("this runner was made without gradients");
  const badly = { ...model, taps: { "reading.mean": { shape: [1] } } };
  await expect(compileModel(badly, engine)).rejects.toThrow(
    'a model\'s inputs and outputs cannot be called "reading.mean"',
  );
});

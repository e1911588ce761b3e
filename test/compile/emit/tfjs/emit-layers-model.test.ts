// LayersModels as the real @tensorflow/tfjs-layers loads and runs them.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { emitLayersModel } from "../../../../src/compile/emit/tfjs/emit-layers-model.js";
import type { TfjsModel } from "../../../../src/compile/emit/tfjs/tfjs-model.js";
import { loadEngine } from "../../../../src/compile/engines/load-engine.js";
import { type TensorFunction, traceGraph } from "../../../../src/compile/trace/trace.js";
import { installedRuntime } from "./installed-runtime.js";

type LoadTrainable = (handler: tf.io.IOHandler) => Promise<{
  compile(how: { optimizer: string; loss: string }): void;
  predict(x: tf.Tensor): tf.Tensor;
  trainOnBatch(x: tf.Tensor, y: tf.Tensor): Promise<number>;
}>;

const reference = await loadEngine("reference");
const runtime = await installedRuntime();
const inputs = { x: { shape: [1, 3] } };
const ROWS = [
  [0.3, -0.7, 0.11],
  [0, 0, 0],
  [1e4, -1e4, 5],
  [-3, 1e-20, 1e30],
];
const matrix = (rows: number, columns: number) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, k) => Math.sin(3 * k + 1)),
    [rows, columns],
  );
const dense = (x: tf.Tensor, columns: number) => tf.matMul(x, matrix(x.shape[1]!, columns));

/** Return the layers of `fn`, and expect that they compute every bit of it. */
async function layersOf(fn: (x: tf.Tensor) => tf.Tensor): Promise<string[]> {
  const named: TensorFunction = ({ x }) => ({ y: fn(x!) });
  const model = emitLayersModel(traceGraph(named, inputs)) as TfjsModel;
  const loaded = await runtime.loadLayersModel(model, inputs, "y");
  const eager = await reference.compile(named, inputs);
  for (const row of ROWS) {
    const x = Float32Array.from(row);
    expect((await loaded.run({ x })).y, `of ${row}`).toEqual((await eager.run({ x })).y);
  }
  const { layers } = JSON.parse(model.modelJson).modelTopology.model_config.config;
  return (layers as { class_name: string; config: { activation?: string } }[]).map(
    ({ class_name, config: { activation } }) => class_name + (activation ? ` ${activation}` : ""),
  );
}

test("products with biases and activations are Dense layers", async () => {
  const bias = tf.tensor1d([0.1, -2, 0.3, 4]);
  expect(await layersOf((x) => tf.relu(tf.add(bias, dense(tf.tanh(tf.add(dense(x, 4), bias)), 4))))).toEqual([
    "InputLayer",
    "Dense tanh",
    "Dense relu",
  ]);
  expect(await layersOf((x) => tf.sigmoid(tf.tanh(dense(x, 2))))).toEqual([
    "InputLayer",
    "Dense tanh",
    "Activation sigmoid",
  ]);
});

test("what single entries are shifted and scaled by is Dense layers that do not train", async () => {
  const [mean, scale, offset] = [tf.tensor1d([1, -2, 0.5]), tf.tensor1d([3, 0.25, 7]), tf.scalar(0.125)];
  const normalised = (x: tf.Tensor) => tf.add(tf.mul(tf.sub(x, mean), scale), offset);
  expect(await layersOf(normalised)).toEqual(["InputLayer", "Dense linear", "Dense linear"]);
  expect(await layersOf((x) => tf.mul(tf.add(tf.mul(scale, x), mean), offset))).toEqual([
    "InputLayer",
    "Dense linear",
    "Dense linear",
  ]);
  const named: TensorFunction = ({ x }) => ({ y: tf.tanh(dense(normalised(x!), 2)) });
  const { modelJson } = emitLayersModel(traceGraph(named, inputs)) as TfjsModel;
  const { layers } = JSON.parse(modelJson).modelTopology.model_config.config;
  const trainable = (layers as { config: { trainable?: boolean } }[]).map(({ config }) => config.trainable);
  expect(trainable).toEqual([undefined, false, false, true]);
});

test("it trains from what it is: the first loss against its own answers is 0", async () => {
  const [mean, scale] = [tf.tensor1d([1, -2, 0.5]), tf.tensor1d([3, 0.25, 7])];
  const named: TensorFunction = ({ x }) => ({
    y: tf.add(dense(tf.clipByValue(tf.mul(tf.sub(x!, mean), scale), -5, 5), 2), 0.5),
  });
  const { modelJson, weights } = emitLayersModel(traceGraph(named, inputs)) as TfjsModel;
  const { weightsManifest, ...artifacts } = JSON.parse(modelJson);
  const layersPackage: string = "@tensorflow/tfjs-layers";
  const { loadLayersModel } = (await import(layersPackage)) as { loadLayersModel: LoadTrainable };
  await tf.setBackend("cpu");
  const weightData = weights.slice().buffer;
  const model = await loadLayersModel(
    tf.io.fromMemory({ ...artifacts, weightSpecs: weightsManifest[0].weights, weightData }),
  );
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const x = tf.tensor2d(ROWS.slice(0, 3));
  const answers = model.predict(x);
  expect(await model.trainOnBatch(x, answers)).toBe(0);
  // against other answers it learns
  const others = tf.add(answers, 1);
  const before = await model.trainOnBatch(x, others);
  expect(before).toBeCloseTo(1, 5);
  expect(await model.trainOnBatch(x, others)).toBeLessThan(before);
});

test("limits keep every bit", async () => {
  const limit = ["ReLU", "Rescaling", "ReLU", "Rescaling", "Add"];
  expect(await layersOf((x) => tf.clipByValue(x, -10, 10))).toEqual(["InputLayer", ...limit]);
  expect(await layersOf((x) => tf.clipByValue(x, -0.4, 0.2))).toEqual(["InputLayer", ...limit]);
});

test("what is read twice is not changed, and encodings are put side by side", async () => {
  expect(
    await layersOf((x) => {
      const linear = dense(x, 2);
      return dense(tf.concat([tf.tanh(linear), linear], 1), 3);
    }),
  ).toEqual(["InputLayer", "Dense linear", "Activation tanh", "Concatenate", "Dense linear"]);
});

test("what stock layers do not compute has no LayersModel, and the reason is told", () => {
  const reason = (fn: TensorFunction, shapes: Parameters<typeof traceGraph>[1] = inputs) =>
    emitLayersModel(traceGraph(fn, shapes));
  expect(reason(({ x }) => ({ y: tf.mul(x!, tf.tanh(x!)) }))).toEqual({
    none: "no layer of Keras computes its Multiply as it is used there",
  });
  expect(reason(({ x }) => ({ y: tf.sub(1, x!) }))).toEqual({
    none: "no layer of Keras computes its Sub as it is used there",
  });
  expect(reason(({ x }) => ({ y: tf.clipByValue(x!, 0.5, 1) }))).toEqual({
    none: "no layer of Keras computes its ClipByValue as it is used there",
  });
  expect(reason(({ x }) => ({ y: tf.softplus(tf.reshape(x!, [3])) }))).toEqual({
    none: "no layer of Keras computes its Reshape as it is used there",
  });
  // a row and a column make a matrix
  const column = tf.tensor2d([[1], [2]]);
  expect(reason(({ x }) => ({ y: tf.add(x!, column) }))).toEqual({
    none: "no layer of Keras computes its Add as it is used there",
  });
  expect(reason(({ x }) => ({ y: tf.tanh(x!), z: tf.relu(x!) }))).toEqual({
    none: "it gives y, z, not one list of numbers",
  });
  const two = { obs: { shape: [1, 2] }, h_in: { shape: [1, 4] } };
  expect(reason(({ obs, h_in }) => ({ y: tf.concat([obs!, h_in!], 1) }), two)).toEqual({
    none: "it takes obs, h_in, not one list of numbers",
  });
});

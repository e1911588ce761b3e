// One update of a small predictor, worked by hand.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { traceGraph } from "../../src/compile/trace/trace.js";
import { FIT_DEFAULTS, type FitSettings, type PredictorNetwork } from "../../src/learn/predictor.js";
import { type FitHooks, updateFunction, updateInputs } from "../../src/learn/predictor-functions.js";
import { memorySize } from "../../src/model/model.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";
import { READER, STEPS, windows } from "./tiny-predictors.js";

const engine = await loadEngine("wasm");

const layout = parameterLayout([
  { name: "weight", shape: [2, 1], initialization: { kind: "constant", value: 0 } },
  { name: "bias", shape: [1], initialization: { kind: "constant", value: 0 } },
]);

/** y = x w + b, x being standardised, of which half the square of what is missing is the loss (Huber, far within its delta). */
const LINE: PredictorNetwork = {
  model: {
    layout,
    inputs: { x: { shape: [2] } },
    outputs: { y: { shape: [] } },
    apply(flat, { x }) {
      const { weight, bias } = splitParameters(flat, layout);
      return { y: tf.reshape(tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!), [-1]) };
    },
  },
  objectives: [{ output: "y", target: "goal", loss: "huber", delta: 1e6 }],
  normalized: ["x"],
};

const FIELDS = { x: { shape: [2] }, goal: { shape: [] } };
const PARAMETERS = [0.5, -2, 3];

/** Take the first step of Adam from `PARAMETERS`, with a rate of 0.1, by rows x and goals; statistics 1 and 1/2. */
async function step(
  {
    network = LINE,
    settings = {},
    hooks = {},
  }: {
    network?: PredictorNetwork;
    settings?: Partial<FitSettings>;
    hooks?: FitHooks;
  },
  x: readonly number[],
  goal: readonly number[],
  drawn: Readonly<Record<string, Float32Array>> = {},
) {
  const plan = { network, fields: FIELDS };
  const update = await engine.compile(
    updateFunction(plan, { ...FIT_DEFAULTS, ...settings }, hooks),
    updateInputs(plan, goal.length, hooks),
  );
  const outputs = await update.run({
    parameters: Float32Array.from(PARAMETERS),
    firstMoment: new Float32Array(3),
    secondMoment: new Float32Array(3),
    step: Float32Array.of(0),
    learningRate: Float32Array.of(0.1),
    "field.x": Float32Array.from(x),
    "field.goal": Float32Array.from(goal),
    "mean.x": Float32Array.of(1, 1),
    "scale.x": Float32Array.of(0.5, 0.5),
    ...drawn,
  });
  await update.dispose();
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, [...values]]));
}

function expectClose(got: readonly number[] | undefined, expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) expect(got![k], `number ${k}`).toBeCloseTo(value, 5);
}

// standardised: (1, 2) and (0, -1); y = 0.5 - 4 + 3 = -0.5 and 2 + 3 = 5; errors against 0.5 and 2: -1 and 3
const X = [3, 5, 1, -1];
const GOALS = [0.5, 2];
// mean of error times input: (-1, -2) and (0, -3), halved; of the bias: 1
const GRADIENT = [-0.5, -2.5, 1];

test("the loss is the mean over rows, its gradient that of the standardised inputs, and Adam steps against it", async () => {
  const { loss, firstMoment: _, nextFirstMoment, nextParameters } = await step({}, X, GOALS);
  expectClose(loss, [(0.5 + 4.5) / 2]);
  expectClose(
    nextFirstMoment,
    GRADIENT.map((slope) => 0.1 * slope),
  );
  expectClose(nextParameters, [0.6, -1.9, 2.9]);
});

test("Adam's epsilon is 1e-8: a gradient as small as that makes half a step", async () => {
  const tiny = { ...LINE, objectives: [{ ...LINE.objectives[0]!, weight: 1e-8 }] };
  const { nextParameters } = await step({ network: tiny }, X, GOALS);
  expectClose(nextParameters, [0.5 + 0.1 / 3, -2 + 0.25 / 3.5, 3 - 0.05]);
});

test("weights decay by rate and share, biases do not", async () => {
  const { nextParameters } = await step({ settings: { weightDecay: 0.2 } }, X, GOALS);
  expectClose(nextParameters, [0.6 - 0.1 * 0.2 * 0.5, -1.9 + 0.1 * 0.2 * 2, 2.9]);
});

test("a gradient longer than its norm is clipped, and its norm before is told", async () => {
  const norm = Math.hypot(...GRADIENT);
  const { gradNorm, nextFirstMoment } = await step({ settings: { maxGradNorm: 0.5 } }, X, GOALS);
  expectClose(gradNorm, [norm]);
  expectClose(
    nextFirstMoment,
    GRADIENT.map((slope) => (0.1 * slope * 0.5) / norm),
  );
  const long = await step({ settings: { maxGradNorm: 100 } }, X, GOALS);
  expectClose(
    long.nextFirstMoment,
    GRADIENT.map((slope) => 0.1 * slope),
  );
});

test("dropout masks reach applyTraining by their names, beside standardised inputs", async () => {
  const network: PredictorNetwork = {
    ...LINE,
    dropout: { kept: { shape: [2], rate: 0.5 } },
    applyTraining: (flat, { x, kept }) => LINE.model.apply(flat, { x: tf.mul(x!, kept!) }),
  };
  const masks = { "mask.kept": Float32Array.of(2, 0, 0, 2) };
  // inputs (2, 0) and (0, -2); y = 1 + 3 and 4 + 3; errors 3.5 and 5
  const { loss, nextFirstMoment } = await step({ network }, X, GOALS, masks);
  expectClose(loss, [(3.5 ** 2 + 5 ** 2) / 4]);
  expectClose(nextFirstMoment, [0.1 * 3.5, 0.1 * -5, 0.1 * 4.25]);
});

test("hardened inputs are learned from: by the sign of the loss's slope and noise, and no gradient passes through them", async () => {
  const hooks: FitHooks = {
    noise: { shift: [2] },
    harden: (inputs, lossOf, { shift }, { step: done, "scale.x": scale }) => {
      const slope = tf.grad((x) => lossOf({ ...inputs, x }))(inputs.x!);
      // after three updates, by the scale of 1/2: the shift itself
      const scaled = tf.mul(tf.mul(shift!, tf.div(done!, 3)), tf.mul(scale!, 2));
      return { ...inputs, x: tf.add(tf.add(inputs.x!, tf.sign(slope)), scaled) };
    },
  };
  const shift = { "noise.shift": Float32Array.of(0, 0, 0.5, 0), step: Float32Array.of(3) };
  // slopes have the signs of error times weight: -0.5, 2 and 1.5, -6; inputs become (2, 6), (2.5, -2), standardised (0.5, 2.5), (0.75, -1.5)
  // y = 0.25 - 5 + 3 = -1.75, 0.375 + 3 + 3 = 6.375; errors -2.25, 4.375
  const { loss, nextFirstMoment } = await step({ hooks }, X, GOALS, shift);
  expectClose(loss, [(2.25 ** 2 + 4.375 ** 2) / 4]);
  const slopes = [-2.25 * 0.5 + 4.375 * 0.75, -2.25 * 2.5 - 4.375 * 1.5, 2.125];
  expectClose(
    nextFirstMoment,
    slopes.map((slope) => 0.05 * slope),
  );
});

test("transformed parameters are run by, and the gradient reaches the true ones through the transformation", async () => {
  const hooks: FitHooks = { transformParameters: (flat) => tf.mul(flat, tf.tensor1d([1, 0, 1])) };
  // y = 0.5 + 3, 3; errors 3, 1
  const { loss, nextFirstMoment, nextParameters } = await step({ hooks }, X, GOALS);
  expectClose(loss, [(9 + 1) / 4]);
  expectClose(nextFirstMoment, [0.15, 0, 0.2]);
  expectClose(nextParameters, [0.4, -2, 2.9]);
});

test("the forward pass is traced once, and an eager engine keeps nothing of it", async () => {
  const { network, plan } = { network: READER, plan: { network: READER, fields: windows(12, "w").fields } };
  const inputs = updateInputs(plan, 2, {});
  const graph = traceGraph(updateFunction(plan, FIT_DEFAULTS, {}), inputs);
  // of each step: the candidate and the cell's state
  expect(graph.nodes.filter(({ operation }) => operation === "Tanh")).toHaveLength(2 * STEPS);
  const eager = await loadEngine("reference");
  const update = await eager.compile(updateFunction(plan, FIT_DEFAULTS, {}), inputs);
  const arrays = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, dtype === "int32" ? new Int32Array(size) : new Float32Array(size).fill(0.1)];
    }),
  );
  const first = await update.run(arrays);
  const before = tf.memory().numTensors;
  const second = await update.run(arrays);
  expect(tf.memory().numTensors).toBe(before);
  expect(second).toEqual(first);
  expect(first["memory.next"]).toHaveLength(2 * memorySize(network.model));
});

import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import type { Arrays } from "../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { createRandom } from "../../../src/math/random.js";
import { initializeParameters } from "../../../src/nn/parameters.js";
import { ppoUpdate, ppoUpdateInputs } from "../../../src/rl/ppo/ppo-update.js";

const policy = ppoMlp.createPolicy(5, 3, ppoMlp.settings);
const specs = ppoUpdateInputs(policy, 16);

function randomInputs(): Arrays {
  const random = createRandom("ppo update");
  const inputs: Arrays = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const length = shape.reduce((product, n) => product * n, 1);
      return [name, Float32Array.from({ length }, () => random.normal())];
    }),
  );
  inputs.parameters = initializeParameters(policy.layout, random);
  inputs.firstMoment = new Float32Array(policy.layout.total);
  inputs.secondMoment = new Float32Array(policy.layout.total);
  inputs.step = Float32Array.of(0);
  inputs.learningRate = Float32Array.of(1e-3);
  inputs.logProbs = Float32Array.from({ length: 16 }, () => -3.5 + 0.2 * random.normal());
  return inputs;
}

test("the compiled update equals the eager one on every engine", async () => {
  const update = ppoUpdate(policy, ppoMlp.settings);
  const inputs = randomInputs();
  const expected = await (await (await loadEngine("reference")).compile(update, specs)).run(inputs);
  for (const engine of ["native", "wasm"]) {
    const actual = await (await (await loadEngine(engine)).compile(update, specs)).run(inputs);
    for (const name in expected) {
      for (const [k, wanted] of expected[name]!.entries()) {
        expect(Math.abs(actual[name]![k]! - wanted), `${engine} ${name}`).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(wanted)),
        );
      }
    }
  }
});

test("repeated updates on one batch raise the objective and lower the value error", async () => {
  const compiled = await (await loadEngine("native")).compile(ppoUpdate(policy, ppoMlp.settings), specs);
  const inputs = randomInputs();
  const losses: { policy: number; value: number }[] = [];
  for (let step = 0; step < 60; step++) {
    const next = await compiled.run({ ...inputs, step: Float32Array.of(step) });
    losses.push({ policy: next.policyLoss![0]!, value: next.valueLoss![0]! });
    inputs.parameters = next.nextParameters!;
    inputs.firstMoment = next.nextFirstMoment!;
    inputs.secondMoment = next.nextSecondMoment!;
  }
  expect(losses.at(-1)!.value).toBeLessThan(0.7 * losses[0]!.value);
  expect(losses.at(-1)!.policy).toBeLessThan(losses[0]!.policy);
});

test("a minibatch of one row keeps its advantage: there is no spread to divide it by", async () => {
  const engine = await loadEngine("native");
  const one = await engine.compile(ppoUpdate(policy, ppoMlp.settings), ppoUpdateInputs(policy, 1));
  const all = randomInputs();
  const inputs: Arrays = {
    ...all,
    observations: all.observations!.slice(0, 5),
    actions: all.actions!.slice(0, 3),
    logProbs: all.logProbs!.slice(0, 1),
    returns: all.returns!.slice(0, 1),
    advantages: Float32Array.of(-1.5),
  };
  const { policyLoss } = await one.run({ ...inputs, logProbs: await logProbOf(inputs) });
  // the ratio is 1: the gain is the advantage
  expect(policyLoss![0]).toBeCloseTo(1.5, 4);
  await one.dispose();

  /** Log-probability of the action by the parameters themselves: log-ratio 0 there. */
  async function logProbOf(row: Arrays): Promise<Float32Array> {
    const { approxKl } = await one.run({ ...row, logProbs: Float32Array.of(0) });
    // exp(l) - 1 - l for the log-probability l < 0
    let logProb = -5;
    for (let k = 0; k < 50; k++)
      logProb -= (Math.exp(logProb) - 1 - logProb - approxKl![0]!) / (Math.exp(logProb) - 1);
    return Float32Array.of(logProb);
  }
});

test("1,000 updates leak no tensors", { timeout: 300_000 }, async () => {
  const small = ppoMlp.createPolicy(3, 1, { ...ppoMlp.settings, hiddenSize: 4 });
  const smallSpecs = ppoUpdateInputs(small, 4);
  const update = ppoUpdate(small, ppoMlp.settings);
  const inputs: Arrays = Object.fromEntries(
    Object.entries(smallSpecs).map(([name, { shape }]) => {
      return [name, new Float32Array(shape.reduce((product, n) => product * n, 1)).fill(0.1)];
    }),
  );
  const eager = await (await loadEngine("reference")).compile(update, smallSpecs);
  const native = await (await loadEngine("native")).compile(update, smallSpecs);
  await eager.run(inputs);
  await native.run(inputs);
  const before = tf.memory().numTensors;
  for (let step = 0; step < 1000; step++) {
    await eager.run(inputs);
    await native.run(inputs);
  }
  expect(tf.memory().numTensors).toBe(before);
});

import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import type { Arrays } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { memorySize } from "../../src/model/model.js";
import { gaussianLogProb } from "../../src/nn/gaussian.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { evaluatePolicy } from "../../src/rl/evaluate-policy.js";
import { policyRunner, policyWeights } from "../../src/rl/policy-model.js";
import { ppoUpdate, ppoUpdateInputs } from "../../src/rl/ppo/ppo-update.js";
import { ReturnNormalizer } from "../../src/rl/rollout/return-normalizer.js";
import { rolloutBatch } from "../../src/rl/rollout/rollout-batch.js";
import { rolloutBuffer } from "../../src/rl/rollout/rollout-buffer.js";
import { RolloutGroup } from "../../src/rl/rollout/rollout-group.js";
import { takeSequences } from "../../src/rl/rollout/sequence-minibatch.js";
import { train } from "../../src/rl/trainer.js";
import { cueEnv } from "./cue-env.js";

const [OBSERVATIONS, ACTIONS] = [3, 2];
const policyOf = (memory: "lstm" | "gru") =>
  ppoLstm.createPolicy(OBSERVATIONS, ACTIONS, { ...ppoLstm.settings, memory, hiddenSize: 5, chronoSpan: 6 });
const native = await loadEngine("native");

/** Inputs of an update of `steps` x `count` rows, drawn row by row in the order of `rows`. */
function updateInputs(memory: "lstm" | "gru", steps: number, count: number): Arrays {
  const policy = policyOf(memory);
  const random = createRandom(`recurrent update ${memory}`);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  const { total } = policy.layout;
  const rows = steps * count;
  return {
    // random biases too: from 0 some gradients would be
    parameters: initializeParameters(policy.layout, random).map((value) => value + 0.1 * random.normal()),
    firstMoment: new Float32Array(total),
    secondMoment: new Float32Array(total),
    step: Float32Array.of(0),
    learningRate: Float32Array.of(1e-3),
    observations: draw(rows * OBSERVATIONS),
    actions: draw(rows * ACTIONS),
    logProbs: draw(rows).map((value) => -2.5 + 0.2 * value),
    advantages: draw(rows),
    returns: draw(rows),
    memory: new Float32Array(count * memorySize(policy)),
    starts: new Float32Array(rows),
    weights: new Float32Array(rows).fill(1),
  };
}

function compileUpdate(memory: "lstm" | "gru", steps: number, count: number) {
  const policy = policyOf(memory);
  const update = ppoUpdate(policy, ppoLstm.settings);
  return native.compile(update, ppoUpdateInputs(policy, steps * count, count));
}

/** Copy rows of `source` [*, width] in the order of `order`; -1 stands for rows of 9. */
function reorder(source: Arrays[string], order: readonly number[], numRows: number): Float32Array {
  const width = source.length / numRows;
  return Float32Array.from(
    order.flatMap((row) =>
      row < 0 ? new Array(width).fill(9) : [...source.subarray(row * width, (row + 1) * width)],
    ),
  );
}

function reordered(inputs: Arrays, order: readonly number[]): Arrays {
  const numRows = inputs.weights!.length;
  const names = ["observations", "actions", "logProbs", "advantages", "returns"];
  return {
    ...inputs,
    ...Object.fromEntries(names.map((name) => [name, reorder(inputs[name]!, order, numRows)])),
  };
}

function expectSame(actual: Arrays, wanted: Arrays) {
  for (const name in wanted) {
    for (const [k, value] of wanted[name]!.entries())
      expect(actual[name]![k], `${name} ${k}`).toBeCloseTo(value, 5);
  }
}

describe.each(["lstm", "gru"] as const)("an update with %s", (memory) => {
  test("of one sequence with a reset inside equals that of its two episodes side by side", async () => {
    const sideBySide = updateInputs(memory, 3, 2);
    // rows t * 2 + e of the two episodes, one after the other
    const oneByOne = {
      ...reordered(sideBySide, [0, 2, 4, 1, 3, 5]),
      memory: new Float32Array(sideBySide.memory!.length / 2),
      starts: Float32Array.from([0, 0, 0, 1, 0, 0]),
    };
    const separate = await (await compileUpdate(memory, 3, 2)).run(sideBySide);
    expectSame(await (await compileUpdate(memory, 6, 1)).run(oneByOne), separate);
  });

  test("is not changed by padding, whatever it holds", async () => {
    const inputs = updateInputs(memory, 3, 2);
    const padded = {
      ...reordered(inputs, [0, 1, 2, 3, 4, 5, -1, -1, -1, -1]),
      starts: new Float32Array(10),
      weights: Float32Array.from([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]),
    };
    const plain = await (await compileUpdate(memory, 3, 2)).run(inputs);
    expectSame(await (await compileUpdate(memory, 5, 2)).run(padded), plain);
  });

  test("has the gradient that finite differences give", async () => {
    const inputs = updateInputs(memory, 4, 3);
    inputs.starts = Float32Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    inputs.weights = Float32Array.from([0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1]);
    const random = createRandom(`directions ${memory}`);
    inputs.memory = inputs.memory!.map(() => 0.5 * random.normal());
    const update = await compileUpdate(memory, 4, 3);
    const { nextFirstMoment, gradNorm } = await update.run(inputs);
    // a tenth of the gradient, scaled down to the greatest norm, is Adam's first moment after one step
    const scale = 10 / Math.min(1, ppoLstm.settings.maxGradNorm / gradNorm![0]!);
    const { valueCoef, entropyCoef } = ppoLstm.settings;
    for (let direction = 0; direction < 6; direction++) {
      const way = nextFirstMoment!.map(() => random.normal());
      const losses: number[] = [];
      for (const change of [3e-3, -3e-3]) {
        const parameters = inputs.parameters!.map((value, k) => value + change * way[k]!);
        const { policyLoss, valueLoss, entropy } = await update.run({ ...inputs, parameters });
        losses.push(policyLoss![0]! + valueCoef * valueLoss![0]! - entropyCoef * entropy![0]!);
      }
      const slope = (losses[0]! - losses[1]!) / 6e-3;
      let wanted = 0;
      for (const [k, value] of way.entries()) wanted += value * scale * nextFirstMoment![k]!;
      expect(Math.abs(slope - wanted) / Math.max(1, Math.abs(wanted))).toBeLessThan(5e-3);
    }
  });
});

const settings = {
  ...ppoLstm.settings,
  numEnvs: 8,
  envsPerGroup: 4,
  numSteps: 16,
  sequenceLength: 8,
  burnIn: 4,
  numMinibatches: 2,
  hiddenSize: 16,
  chronoSpan: 8,
  staggerEpisodes: true,
};

test("from its stored memories a rollout's every log-probability and value comes out again", async () => {
  const env = cueEnv();
  const policy = ppoLstm.createPolicy(2, 1, settings);
  const runner = await policyRunner(policy, native, 4);
  const random = createRandom("stored memory");
  const parameters = initializeParameters(policy.layout, random).map(
    (value) => value + 0.2 * random.normal(),
  );
  const acting = policyWeights({ parameters, statistics: new RunningStatistics(2).state() });
  const groups = [0, 1].map(
    (index) => new RolloutGroup(env, {}, settings, runner.fork(), { seed: 1, index }),
  );
  const data = groups.map(() => rolloutBuffer(settings, 2, 1, memorySize(policy)));
  // the second rollout starts amid episodes
  for (let round = 0; round < 2; round++)
    for (const [g, group] of groups.entries()) await group.collect(acting, data[g]!, { by: "policy" });
  expect(data[0]!.truncated).toContain(1);
  const batch = rolloutBatch(data, acting, settings, new ReturnNormalizer(8, 0.9));
  const { sequences } = batch;
  const count = sequences!.kept.length;
  const rows = count * 8;
  const minibatch = {
    observations: new Float32Array(rows * 2),
    actions: new Float32Array(rows),
    logProbs: new Float32Array(rows),
    advantages: new Float32Array(rows),
    returns: new Float32Array(rows),
    memory: new Float32Array(count * memorySize(policy)),
    starts: new Float32Array(rows),
    weights: new Float32Array(rows),
  };
  takeSequences(batch, sequences!, sequences!.kept, minibatch);
  const again = await native.compile(
    (tensors) => {
      const { mean, logStd, value } = policy.apply(
        tensors.parameters as tf.Tensor1D,
        tensors.observations as tf.Tensor2D,
        { memory: tensors.memory as tf.Tensor2D, starts: tensors.starts as tf.Tensor1D },
      );
      return { logProbs: gaussianLogProb(tensors.actions as tf.Tensor2D, mean, logStd), values: value };
    },
    {
      parameters: { shape: [policy.layout.total] },
      observations: { shape: [rows, 2] },
      actions: { shape: [rows, 1] },
      memory: { shape: [count, memorySize(policy)] },
      starts: { shape: [rows] },
    },
  );
  const { logProbs, values } = await again.run({ ...minibatch, parameters });
  expect(rows).toBe(192);
  for (let row = 0; row < rows; row++) {
    expect(logProbs![row], `row ${row}`).toBeCloseTo(minibatch.logProbs[row]!, 5);
    const value = batch.values[sequences!.rows[(row % count) * 8 + Math.floor(row / count)]!];
    expect(values![row], `row ${row}`).toBeCloseTo(value!, 5);
  }
});

test("a truncated episode's last value is that of its memory, not of an empty one", async () => {
  const env = cueEnv();
  const policy = ppoLstm.createPolicy(2, 1, settings);
  const runner = await policyRunner(policy, native, 4);
  const random = createRandom("bootstrap");
  const parameters = initializeParameters(policy.layout, random).map(
    (value) => value + 0.2 * random.normal(),
  );
  const acting = policyWeights({ parameters, statistics: new RunningStatistics(2).state() });
  const data = rolloutBuffer(settings, 2, 1, memorySize(policy));
  await new RolloutGroup(env, {}, settings, runner, { seed: 1, index: 0 }).collect(acting, data, {
    by: "policy",
  });
  // environment 0 plays a whole episode: run it again by hand, its final observation included
  expect([...data.truncated].findIndex((ended, row) => row % 4 === 0 && ended === 1)).toBe(5 * 4);
  const again = runner.fork();
  const observation = new Float32Array(8);
  for (let step = 0; step < 6; step++) {
    observation.set(data.observations.subarray(step * 8, step * 8 + 2));
    await again.predict({ observation });
  }
  observation.set([0, 0]);
  const { value } = await again.peek({ observation });
  expect(data.finalValues[5 * 4]).toBe(value![0]);
  again.reset();
  const empty = await again.peek({ observation });
  expect(Math.abs(empty.value![0]! - value![0]!)).toBeGreaterThan(1e-3);
});

const learning = {
  ...settings,
  numEnvs: 16,
  totalSteps: 20_480,
  numEpochs: 6,
  learningRate: 3e-3,
  gamma: 0.9,
  rewardScale: 1,
  evalInterval: 20_480,
  validationEpisodes: 8,
};

/** Train on the cue and measure on other seeds. */
async function successOf(memory: "lstm" | "gru" | "none"): Promise<number> {
  const options = { env: cueEnv(), agent: ppoLstm, settings: { ...learning, memory } };
  const { policy } = await train({ ...options, clock: () => 0 });
  return (await evaluatePolicy({ ...options, policy })).successRate;
}

test.each(["lstm", "gru"] as const)("%s learns to say a cue after 5 steps", async (memory) => {
  expect(await successOf(memory)).toBeGreaterThanOrEqual(0.98);
});

test("without memory half of the cues are said wrong", async () => {
  expect(await successOf("none")).toBeLessThan(0.65);
});

test("a run with memory that is cut in two ends with the same bits as one in a piece", async () => {
  const options = {
    env: cueEnv(),
    agent: ppoLstm,
    settings: { ...learning, totalSteps: 1024, evalInterval: 512 },
    clock: () => 0,
  };
  const whole = await train(options);
  const half = await train({ ...options, onIteration: ({ iteration }) => (iteration === 2 ? "stop" : "") });
  expect(half.state.groups[0]!.memory!.some((value) => value !== 0)).toBe(true);
  const rest = await train({ ...options, resume: half.state });
  expect(rest.state).toEqual(whole.state);
});

test("a checkpoint without memory is refused by an agent with memory, and the other way round", async () => {
  const short = { ...learning, totalSteps: 256, numSteps: 16 };
  const { memory, sequenceLength, burnIn, chronoSpan, staggerEpisodes, ...plain } = short;
  const env = cueEnv();
  const remembering = await train({ env, agent: ppoLstm, settings: short });
  const forgetful = await train({ env, agent: ppoMlp, settings: plain });
  const way = "Load it into the agent, and with the settings, that trained it.";
  await expect(train({ env, agent: ppoLstm, settings: short, resume: forgetful.state })).rejects.toThrow(
    `The checkpoint's policy has no memory, that of agent "ppo-lstm" remembers 32 numbers (h 16, c 16). ${way}`,
  );
  await expect(train({ env, agent: ppoMlp, settings: plain, resume: remembering.state })).rejects.toThrow(
    `The checkpoint's policy remembers 32 numbers (h 16, c 16), that of agent "ppo-mlp" has no memory. ${way}`,
  );
  await expect(
    evaluatePolicy({
      env,
      agent: ppoLstm,
      policy: remembering.policy,
      settings: { ...short, memory: "gru" },
    }),
  ).rejects.toThrow(
    `The checkpoint's policy remembers 32 numbers (h 16, c 16), that of agent "ppo-lstm" remembers 16 numbers (h 16). ${way}`,
  );
  await expect(
    evaluatePolicy({ env, agent: ppoMlp, policy: forgetful.policy, settings: { ...plain, hiddenSize: 8 } }),
  ).rejects.toThrow(`The checkpoint's policy has 675 parameters, that of agent "ppo-mlp" has 211. ${way}`);
});

import { expect, test } from "vitest";
import { experts } from "../../../agents/index.js";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import { expertPolicy } from "../../../agents/scripted-expert.js";
import { envs } from "../../../envs/index.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { recordDemonstration } from "../../../src/episodes/demonstrate.js";
import { createRandom } from "../../../src/math/random.js";
import { RunningStatistics } from "../../../src/math/running-statistics.js";
import { initializeParameters } from "../../../src/nn/parameters.js";
import { joinEpisodes } from "../../../src/recording/recording.js";
import {
  clonePolicy,
  cloneUpdate,
  cloneUpdateInputs,
  requireCloneable,
} from "../../../src/rl/imitation/cloning.js";
import { type Demonstrations, demonstrationsFrom } from "../../../src/rl/imitation/demonstrations.js";
import { observationFloors } from "../../../src/rl/observation-floor.js";
import { policyRunner } from "../../../src/rl/policy-model.js";
import { ppoUpdate, ppoUpdateInputs } from "../../../src/rl/ppo/ppo-update.js";
import { train } from "../../../src/rl/trainer.js";

const policy = ppoMlp.createPolicy(3, 2, ppoMlp.settings);
const start = () => initializeParameters(policy.layout, createRandom("clone/parameters"));

/** Actions that are a smooth function of observations far from zero mean and unit variance. */
function demonstrations(count: number): Demonstrations {
  const random = createRandom("clone/demonstrations");
  const observations = Float32Array.from(
    { length: 3 * count },
    (_, k) => 5 * (k % 3) + 0.1 * random.normal(),
  );
  const actions = new Float32Array(2 * count);
  for (let row = 0; row < count; row++) {
    const [a, b, c] = [0, 1, 2].map((k) => (observations[3 * row + k]! - 5 * k) / 0.1);
    actions[2 * row] = 0.4 * a! - 0.2 * b!;
    actions[2 * row + 1] = Math.sin(c!);
  }
  return { count, episodes: 1, observations, actions };
}

test("a clone does what was demonstrated; critic and spread stay as they were", async () => {
  const engine = await loadEngine("native");
  const parameters = start();
  const shown = demonstrations(2000);
  const options = { parameters, epochs: 40, random: createRandom("clone/shuffle") };
  const clone = await clonePolicy(engine, policy, shown, options);
  expect(clone.loss).toBeLessThan(0.01);
  const runner = await policyRunner(policy, engine, 500);
  const observation = {
    mean: Float32Array.from(clone.statistics.mean),
    scale: Float32Array.from(clone.statistics.variance, (v) => 1 / Math.sqrt(v)),
  };
  const run = (flat: Float32Array) => {
    runner.load({ parameters: flat, normalizers: { observation } });
    return runner.predict({ observation: shown.observations.slice(0, 1500) });
  };
  const [before, after] = [await run(parameters), await run(clone.parameters)];
  const error = [...after.mean!].reduce((sum, value, k) => sum + (value - shown.actions[k]!) ** 2, 0) / 1000;
  expect(error).toBeLessThan(0.01);
  expect(after.value).toEqual(before.value);
  expect(after.logStd).toEqual(before.logStd);
});

test("cloning the same demonstrations twice gives the same bits", async () => {
  const engine = await loadEngine("native");
  const once = () =>
    clonePolicy(engine, policy, demonstrations(300), {
      parameters: start(),
      epochs: 3,
      random: createRandom("clone/shuffle"),
    });
  expect((await once()).parameters).toEqual((await once()).parameters);
});

test("the compiled cloning step equals the eager one", async () => {
  const specs = cloneUpdateInputs(policy, 16);
  const { observations, actions } = demonstrations(16);
  const inputs = {
    parameters: start(),
    firstMoment: new Float32Array(policy.layout.total),
    secondMoment: new Float32Array(policy.layout.total),
    step: Float32Array.of(0),
    learningRate: Float32Array.of(1e-3),
    observations: observations.map((value, k) => value - 5 * (k % 3)),
    actions,
  };
  const [expected, actual] = await Promise.all(
    ["reference", "native"].map(async (name) =>
      (await (await loadEngine(name)).compile(cloneUpdate(policy), specs)).run(inputs),
    ),
  );
  for (const name in expected) {
    for (const [k, wanted] of expected[name]!.entries())
      expect(Math.abs(actual![name]![k]! - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)));
  }
});

test("an update of the critic alone leaves the actor's every bit", async () => {
  const random = createRandom("clone/critic");
  const specs = ppoUpdateInputs(policy, 16);
  const engine = await loadEngine("native");
  const compiled = await engine.compile(ppoUpdate(policy, ppoMlp.settings, "critic"), specs);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  const parameters = start();
  const { nextParameters } = await compiled.run({
    parameters,
    firstMoment: new Float32Array(policy.layout.total),
    secondMoment: new Float32Array(policy.layout.total),
    step: Float32Array.of(0),
    learningRate: Float32Array.of(1e-3),
    observations: draw(48),
    actions: draw(32),
    logProbs: draw(16),
    advantages: draw(16),
    returns: draw(16),
  });
  let offset = 0;
  for (const [index, { name }] of policy.layout.specs.entries()) {
    const end = offset + policy.layout.sizes[index]!;
    const same = nextParameters!.slice(offset, end).every((value, k) => value === parameters[offset + k]);
    if (name.startsWith("critic")) expect(same, name).toBe(false);
    else expect(same, name).toBe(true);
    offset = end;
  }
});

test("training from demonstrations first teaches the critic, and normalises as the demonstrations were", async () => {
  const env = envs["Reach-v1"].create();
  const actor = expertPolicy(experts["Reach-v1"], env.spec);
  const recordings = [1, 2, 3].map((seed) =>
    recordDemonstration(env, actor, seed, { agent: "expert-reach", noise: 0.2 }),
  );
  const shown = demonstrationsFrom(joinEpisodes(recordings), "demos.mcap", env.spec);
  const run = (criticWarmupIterations: number, iterations: number) =>
    train({
      env: envs["Reach-v1"],
      agent: ppoMlp,
      demonstrations: shown,
      settings: {
        criticWarmupIterations,
        totalSteps: 512 * iterations,
        numSteps: 16,
        bcEpochs: 20,
        validationEpisodes: 8,
      },
    });
  const [cloned, acting] = [await run(2, 2), await run(2, 3)];
  const floor = observationFloors(env.spec.observation);
  const statistics = new RunningStatistics(env.spec.observation.length, floor);
  statistics.update(shown.observations, shown.count);
  expect(acting.state.statistics).toEqual(statistics.state());
  const network = ppoMlp.createPolicy(env.spec.observation.length, env.spec.action.length, ppoMlp.settings);
  const actorOf = ({ state }: typeof cloned) => state.parameters.slice(0, network.layout.sizes[0]);
  const clone = await clonePolicy(await loadEngine("native"), network, shown, {
    parameters: initializeParameters(network.layout, createRandom("1/parameters")),
    epochs: 20,
    random: createRandom("1/clone"),
    floor,
  });
  expect(actorOf(acting)).not.toEqual(actorOf(cloned));
  expect(actorOf(cloned)).toEqual(clone.parameters.slice(0, network.layout.sizes[0]));
});

test("a policy with memory, or one that sees, is not cloned from single steps of the state", () => {
  expect(() => requireCloneable({ memory: [{ name: "h", size: 4 }] }, "ppo-lstm")).toThrow(
    'Agent "ppo-lstm" has a memory and cannot start from demonstrations. Leave the option "demos" out, or let it imitate while it acts: the option "teacher" as "expert".',
  );
  expect(() => requireCloneable({ image: { shape: [64, 64, 3] } }, "eyes")).toThrow(
    'Agent "eyes" reads images and cannot start from demonstrations. Leave the option "demos" out, or let it imitate while it acts: the option "teacher" as "expert".',
  );
  expect(() => requireCloneable({}, "ppo-mlp")).not.toThrow();
});

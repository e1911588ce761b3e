// A live policy acts as the recorder does, and its reasons are true.
import { beforeAll, describe, expect, test } from "vitest";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import {
  type LiveObservation,
  type LivePolicy,
  livePolicyDocument,
  openLivePolicy,
  parseLivePolicy,
} from "../../src/deploy/live-policy.js";
import { attribute } from "../../src/deploy/saliency.js";
import { createRandom } from "../../src/math/random.js";
import { weightArrays } from "../../src/model/model-runner.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { policyGraphs, policyRunner } from "../../src/rl/policy-model.js";

const OBSERVATIONS = 5;
const ACTIONS = 3;
const SEED = "live-policy";
const policy = ppoMlp.createPolicy(OBSERVATIONS, ACTIONS, { ...ppoMlp.settings, hiddenSize: 16 });
const random = createRandom(SEED);
const acting = {
  // the actor's last layer starts almost at zero: there would be nothing to explain
  parameters: initializeParameters(policy.layout, random).map((value) => value + 0.2 * random.normal()),
  normalizers: {
    observation: {
      mean: Float32Array.of(0.5, -0.1, 0, 2, 0.3),
      scale: Float32Array.of(10, 4, 1, 0.5, 25),
    },
  },
};
const entries = (names: string) => [...names].map((name) => ({ name, unit: "m" }));
const document = livePolicyDocument(
  {
    title: "tiny",
    env: "Tiny-v1",
    agent: "ppo-mlp",
    robot: "panda",
    controlMode: "ee-delta",
    steps: 7,
    successRate: null,
    observation: entries("abcde"),
    action: entries("xyz"),
  },
  policyGraphs(policy),
  weightArrays(acting),
);
const observation = Float32Array.of(0.46, 0.2, -0.7, 1.1, 0.31);

let live: LivePolicy;
beforeAll(async () => {
  const read = parseLivePolicy(JSON.parse(JSON.stringify(document)), "tiny.json");
  live = await openLivePolicy(read, await loadEngine("wasm"));
});

test("it says the same bits as the policy that records, on the same engine", async () => {
  const engine = await loadEngine("wasm");
  const recorder = await policyRunner(policy, engine);
  recorder.load(acting);
  const wanted = await recorder.predict({ observation });
  const said = await live.predict({ observation });
  expect([...said.mean, said.value]).toEqual([...wanted.mean!, ...wanted.value!]);
  await recorder.dispose();
});

describe.each([0, 1, 2, "value"] as const)("output %s", (output) => {
  test("the gradient is that of finite differences", async () => {
    const { gradient } = await live.gradients({ observation }, output);
    const perDeviation = gradient.map((slope, entry) => slope * live.typical.deviation[entry]!);
    const greatest = Math.max(...perDeviation.map(Math.abs));
    for (let entry = 0; entry < OBSERVATIONS; entry++) {
      const step = 0.02 / acting.normalizers.observation.scale[entry]!;
      const outputs: number[] = [];
      for (const sign of [1, -1]) {
        const moved = observation.slice();
        moved[entry]! += sign * step;
        outputs.push((await live.gradients({ observation: moved }, output)).output);
      }
      const slope = (outputs[0]! - outputs[1]!) / 0.04;
      expect(Math.abs(perDeviation[entry]! - slope), `entry ${entry}, seed ${SEED}`).toBeLessThan(
        2e-3 * greatest,
      );
    }
  });

  test("integrated gradients share out all of the difference from the average observation", async () => {
    const { shares, difference, error } = await attribute(live, { observation }, output);
    const sum = shares.reduce((total, share) => total + share, 0);
    expect(Math.abs(difference)).toBeGreaterThan(0.01);
    expect(Math.abs(sum - difference)).toBeLessThan(2e-3 * Math.max(...shares.map(Math.abs)));
    expect(error).toBeCloseTo(sum - difference, 6);
  });
});

test("a policy with memory says what the recorder says, step by step, and its reasons hold the memory fixed", async () => {
  const remembering = ppoLstm.createPolicy(OBSERVATIONS, ACTIONS, { ...ppoLstm.settings, hiddenSize: 8 });
  const parameters = initializeParameters(remembering.layout, random).map(
    (value) => value + 0.2 * random.normal(),
  );
  const state = { ...acting, parameters };
  const engine = await loadEngine("wasm");
  const asked = await openLivePolicy(
    livePolicyDocument(document, policyGraphs(remembering), weightArrays(state)),
    engine,
  );
  const recorder = await policyRunner(remembering, engine);
  recorder.load(state);
  expect(asked.hasMemory).toBe(true);
  let said = await asked.predict({ observation });
  for (let step = 0; step < 4; step++) {
    if (step > 0) said = await asked.predict({ observation }, said.memory);
    const wanted = await recorder.predict({ observation });
    expect([...said.mean, ...said.memory.memory!]).toEqual([...wanted.mean!, ...recorder.memory!]);
  }
  const before = said.memory;
  const moved = (step: number) => ({
    observation: observation.map((value, entry) => (entry === 2 ? value + step : value)),
  });
  const [up, down] = [await asked.predict(moved(0.01), before), await asked.predict(moved(-0.01), before)];
  const { gradient } = await asked.gradients({ observation }, 1, before);
  expect(gradient[2]).toBeCloseTo((up.mean[1]! - down.mean[1]!) / 0.02, 3);
  await asked.dispose();
  await recorder.dispose();
});

test("entries that are as on average have no share, however steep the output is there", async () => {
  const { shares } = await attribute(
    live,
    { observation: Float32Array.of(0.46, -0.1, -0.7, 2, 0.3) },
    "value",
  );
  expect([shares[1], shares[3], shares[4]]).toEqual([0, 0, 0].map((zero) => expect.closeTo(zero, 12)));
});

test("a document that is none is refused with what is wrong in it", () => {
  expect(() => parseLivePolicy({ ...document, steps: "many" }, "tiny.json")).toThrow(
    "tiny.json is no live policy: steps: Invalid input: expected number, received string. Ask the viewer's server again.",
  );
});

test("what is no finite number is refused by its entry's name, by the policy and by its reasons", async () => {
  for (const ask of [live.predict, (sensed: LiveObservation) => live.gradients(sensed, 0)]) {
    const given = (...values: unknown[]) => ask({ observation: values as number[] });
    await expect(given(0, 0, Number.NaN, 0, 0)).rejects.toThrow(
      'Observation entry 2, "c" (m), is NaN, expected a finite number.',
    );
    await expect(given(0, 0, 0, "7", 0)).rejects.toThrow(
      'Observation entry 3, "d" (m), is the text "7", expected a finite number.',
    );
    await expect(given(0, 0, 0, 0)).rejects.toThrow(
      'The observation has 4 entries, the policy needs 5, and "e" (m) is the first that is missing.',
    );
  }
});

test("a document with damaged numbers is refused, before it acts or when it does", async () => {
  const engine = await loadEngine("wasm");
  const withConstants = (constants: Record<string, string>) =>
    openLivePolicy({ ...document, constants: { ...document.constants, ...constants } }, engine);
  await expect(withConstants({ parameters: "AAA" })).rejects.toThrow(
    "The live policy tiny is damaged: constants.parameters. Ask for it again.",
  );
  await expect(withConstants({ "observation.mean": "AAAAAA==" })).rejects.toThrow(
    "The live policy tiny lacks its observation statistics. Ask for it again.",
  );
  const broken = acting.parameters.map(() => Number.NaN);
  const damaged = livePolicyDocument(
    document,
    policyGraphs(policy),
    weightArrays({ ...acting, parameters: broken }),
  );
  await expect((await openLivePolicy(damaged, engine)).predict({ observation })).rejects.toThrow(
    'The live policy tiny answers NaN for action entry 0, "x" (m): its parameters are damaged. Make it again from the run.',
  );
});

import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { checkEnv } from "../../../src/env/check/check-env.js";
import type { Env, EnvFactory } from "../../../src/env/env.js";
import {
  DEFAULT_RANDOMIZATION,
  parseRandomization,
  RANDOMIZATION_NAMES,
  type RandomizationName,
  scaleRange,
} from "../../../src/env/randomization/randomization.js";
import { createRandom } from "../../../src/math/random.js";
import { lineEnv } from "../line-env.js";

const PICK = { id: "PickPlace-v1", episodeSeconds: 2.5 };
const ALL = RANDOMIZATION_NAMES.join(", ");

/** Play random actions and return every observation and reward. */
function play(env: Env, options: { readonly seed: number; readonly difficulty?: number }, steps = 12) {
  const random = createRandom(`actions/${options.seed}`);
  const states = [env.reset(options).observation.state];
  const rewards: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { observation, reward } = env.step(env.spec.action.map(() => random.uniform(-1, 1)));
    states.push(observation.state);
    rewards.push(reward);
  }
  return { states, rewards };
}

test.each(Object.entries(envs))("%s keeps its contract where everything is randomised", (_, factory) => {
  const settings = { randomization: "default", controlMode: "ee-delta" } as const;
  const report = checkEnv({ ...factory, create: (config) => factory.create({ ...settings, ...config }) });
  // a warning that random actions earned nothing tells of those actions
  expect(report.items.filter(({ status }) => status === "fail")).toEqual([]);
});

test.each([
  "ee-absolute-pose",
  "osc",
  "joint-position",
  "joint-delta",
  "joint-velocity",
  "joint-torque",
] as const)("in control mode %s a snapshot amid late actions leads on with the same bits", (controlMode) => {
  const config = {
    controlMode,
    randomization: { ...DEFAULT_RANDOMIZATION, controlLatency: 0.03, observationDelay: 0.1 },
  };
  const act = (env: Env) => [0.3, -0.2, 0.1, 0.4].map((push) => env.step(env.spec.action.map(() => push)));
  const env = envs["PickPlace-v1"].create(config);
  env.reset({ seed: 3 });
  act(env);
  const snapshot = structuredClone(env.snapshot());
  const other = envs["PickPlace-v1"].create(config);
  expect(other.restore(snapshot)).toEqual(env.restore(snapshot));
  expect(act(other)).toEqual(act(env));
  expect(other.drawn()).toEqual(env.drawn());
});

test("every value lies in its range, differs between seeds and is the same for the same seed", () => {
  const env = envs["PickPlace-v1"].create({ randomization: "default" });
  const seen: Record<string, number[]> = {};
  for (let seed = 0; seed < 200; seed++) {
    env.reset({ seed });
    for (const [name, values] of Object.entries(env.drawn())) seen[name] = [...(seen[name] ?? []), ...values];
  }
  expect(Object.keys(seen)).toEqual(Object.keys(DEFAULT_RANDOMIZATION));
  for (const [name, values] of Object.entries(seen)) {
    const { low, high } = DEFAULT_RANDOMIZATION[name as RandomizationName]!;
    expect(Math.min(...values), name).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values), name).toBeLessThanOrEqual(high);
    expect(Math.max(...values) - Math.min(...values), name).toBeGreaterThan(0.9 * (high - low));
  }
  env.reset({ seed: 7 });
  const values = env.drawn();
  env.reset({ seed: 8 });
  expect(env.drawn()).not.toEqual(values);
  env.reset({ seed: 7 });
  expect(env.drawn()).toEqual(values);
});

test("what is drawn for one name does not depend on the others, nor does the task's own chance", () => {
  const alone = envs["PickPlace-v1"].create({ randomization: { friction: [0.5, 2] } });
  const beside = envs["PickPlace-v1"].create({ randomization: { friction: [0.5, 2], actionNoise: 0.2 } });
  const without = envs["PickPlace-v1"].create();
  for (const env of [alone, beside]) play(env, { seed: 5 });
  alone.reset();
  beside.reset();
  expect(beside.drawn().friction).toEqual(alone.drawn().friction);
  const start = without.reset({ seed: 5 }).observation;
  expect(alone.reset({ seed: 5 }).observation).toEqual(start);
  expect(without.drawn()).toEqual({});
});

test('at difficulty 0 an episode is, bit for bit, that of "none"', () => {
  const randomized = envs["Stack-v1"].create({ randomization: "default" });
  const none = envs["Stack-v1"].create();
  const easy = play(randomized, { seed: 2, difficulty: 0 });
  expect(easy).toEqual(play(none, { seed: 2, difficulty: 0 }));
  expect(play(randomized, { seed: 2 })).not.toEqual(easy);
});

test("a difficulty that is none, and a snapshot from the other side of randomisation, are refused", () => {
  const randomized = envs["Reach-v1"].create({ randomization: "default" });
  const plain = envs["Reach-v1"].create();
  expect(() => plain.reset({ difficulty: 1.5 })).toThrow(
    "Reach-v1: reset() got the difficulty 1.5, expected a number from 0 to 1.",
  );
  for (const env of [randomized, plain]) env.reset({ seed: 1 });
  expect(() => plain.restore(randomized.snapshot())).toThrow(
    "Reach-v1: the snapshot was taken with randomisation, this environment is without. Create it with the config of the other.",
  );
  expect(() => randomized.reset({ snapshot: plain.snapshot() })).toThrow(
    "Reach-v1: the snapshot was taken without randomisation, this environment is with. Create it with the config of the other.",
  );
});

test("ranges shrink towards what the environment was built with", () => {
  expect(scaleRange("objectMass", { low: 0.5, high: 2 }, 0.5)).toEqual({ low: 0.75, high: 1.5 });
  expect(scaleRange("controlLatency", { low: 0.02, high: 0.04 }, 0.5)).toEqual({ low: 0.01, high: 0.02 });
  expect(scaleRange("friction", { low: 0.7, high: 1.3 }, 0)).toEqual({ low: 1, high: 1 });
});

test("the spec says what was in force, and that gives the same environment again", () => {
  const { spec } = envs["Reach-v1"].create({ randomization: { friction: [0.5, 2], toolStart: 0.01 } });
  const written = { friction: { low: 0.5, high: 2 }, toolStart: { low: 0.01, high: 0.01 } };
  expect(spec.config.randomization).toEqual(written);
  expect(envs["Reach-v1"].create(spec.config).spec).toEqual(spec);
  expect(envs["Reach-v1"].create({ randomization: "default" }).spec.config.randomization).toEqual(
    DEFAULT_RANDOMIZATION,
  );
  expect(envs["Reach-v1"].create().spec.config.randomization).toBe("none");
});

test.each<[unknown, string]>([
  [
    "defualt",
    'Setting "randomization" of PickPlace-v1 is "defualt". Did you mean "default"? Expected "none", "default", or ranges by name, for example {"friction": [0.7, 1.3]}.',
  ],
  [
    true,
    'Setting "randomization" of PickPlace-v1 is true. Expected "none", "default", or ranges by name, for example {"friction": [0.7, 1.3]}.',
  ],
  [
    { frction: [0.7, 1.3] },
    `Unknown setting "randomization.frction" of PickPlace-v1. Did you mean "friction"? It has: ${ALL}.`,
  ],
  [
    { friction: "slippery" },
    'Setting "randomization.friction" of PickPlace-v1 is "slippery", expected a range like [0.7, 1.3] or one number (unit: ×).',
  ],
  [
    { friction: { low: 0.7, hgih: 1.3 } },
    'Setting "randomization.friction" of PickPlace-v1 is {"low":0.7,"hgih":1.3}, expected a range like [0.7, 1.3] or one number (unit: ×).',
  ],
  [
    { objectYaw: [0, 1, 2] },
    'Setting "randomization.objectYaw" of PickPlace-v1 is [0,1,2], expected a range like [-0.01, 0.01] or one number (unit: rad).',
  ],
  [
    { friction: [1.3, 0.7] },
    'Setting "randomization.friction" of PickPlace-v1 runs from 1.3 to 0.7: the first must not be greater.',
  ],
  [
    { objectMass: { low: -1, high: 2 } },
    'Setting "randomization.objectMass" of PickPlace-v1 holds -1, expected values of 0.1 to 10 (unit: ×).',
  ],
  [
    { objectYaw: 4 },
    'Setting "randomization.objectYaw" of PickPlace-v1 holds 4, expected values of -3.142 to 3.142 (unit: rad).',
  ],
  [
    { observationDelay: -0.1 },
    'Setting "randomization.observationDelay" of PickPlace-v1 holds -0.1, expected values of at least 0 (unit: s).',
  ],
  [
    { controlLatency: [0, 3] },
    'Setting "randomization.controlLatency" of PickPlace-v1 goes up to 3 s, but an episode lasts 2.5 s. Choose a shorter one.',
  ],
  [
    { pushRate: 1 },
    'Setting "randomization.pushRate" of PickPlace-v1 does nothing without "randomization.pushImpulse". Give both, for example pushImpulse [0, 0.03] N s.',
  ],
])("the setting %j is refused", (setting, message) => {
  expect(() => parseRandomization(setting, PICK)).toThrow(message);
  const pickPlace: EnvFactory = envs["PickPlace-v1"];
  expect(() => pickPlace.create({ randomization: setting })).toThrow(message);
});

test("an environment without a robot cell takes noise and delays, and refuses what it has not", () => {
  const line: EnvFactory = lineEnv({ settings: { randomization: "none" } });
  const create = (randomization: unknown) => line.create({ randomization });
  const env = create({ actionNoise: 0.3 });
  const { states } = play(env, { seed: 1 }, 5);
  expect(states).not.toEqual(play(create("none"), { seed: 1 }, 5).states);
  expect(() => create({ friction: [0.5, 1] })).toThrow(
    'Setting "randomization.friction" of Line-v1 needs a robot cell; this environment has none. Leave it out.',
  );
});

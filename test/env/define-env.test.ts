import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { checkEnv } from "../../src/env/check/check-env.js";
import type { EnvFactory } from "../../src/env/env.js";
import { findEnv } from "../../src/env/registry.js";
import { type Change, lineEnv } from "./line-env.js";

test("an environment in twenty lines keeps the whole contract", () => {
  expect(checkEnv(lineEnv()).items.filter(({ status }) => status !== "pass")).toEqual([]);
});

test("reward is the weighted sum of the terms, sparse reward follows success", () => {
  const dense = lineEnv().create();
  const start = dense.reset({ seed: 4 }).observation.state[0]!;
  const { reward, info } = dense.step([0.5]);
  expect(reward).toBeCloseTo(2 * (1 - Math.abs(start + 0.25)), 6);
  expect(info.rewardTerms.near).toBeCloseTo(1 - Math.abs(start + 0.25), 6);
  const sparse = lineEnv().create({ rewardMode: "sparse", speed: 0 });
  sparse.reset({ seed: 4 });
  expect(sparse.step([0]).reward).toBe(Math.abs(start) < 0.1 ? 0 : -1);
});

test("mistakes of use are refused by name", () => {
  const env = lineEnv().create();
  expect(() => env.step([0])).toThrow("Line-v1: step() was called before reset(). Call reset() first.");
  env.reset({ seed: 1 });
  expect(() => env.step([])).toThrow("Line-v1: the action has 0 entries, expected 1.");
  expect(() => env.step([Number.NaN])).toThrow(
    "Line-v1: action entry 0 (push) is NaN, expected a number from -1 to 1.",
  );
  for (let step = 0; step < 8; step++) env.step([0]);
  expect(() => env.step([0])).toThrow(
    "Line-v1: step() was called after the episode's end. Call reset() to start the next one.",
  );
  // as settings come from a command line
  const line: EnvFactory = lineEnv();
  expect(() => line.create({ sped: 1 })).toThrow(
    'Unknown setting "sped" of Line-v1. Did you mean "speed"? It has: rewardMode, rewardWeights, speed.',
  );
  expect(() => line.create({ speed: "fast" })).toThrow(
    'Setting "speed" of Line-v1 is "fast", expected a number like 0.5.',
  );
  expect(() => findEnv(envs, "PickPlce")).toThrow(
    'Unknown env "PickPlce". Did you mean "PickPlace-v1"? Run "armgym list".',
  );
});

test("the NaN guard ends the episode without success or a value that follows, keeps the last good observation and the frames before", () => {
  const env = lineEnv({ reward: (x) => (x > 1.5 ? Number.NaN : 0) }).create();
  let { state } = env.reset({ seed: 2 }).observation;
  for (let step = 0; step < 8; step++) {
    const result = env.step([1]);
    if (result.info.nonFinite === undefined) {
      state = result.observation.state;
      continue;
    }
    expect(result).toMatchObject({
      reward: 0,
      terminated: true,
      truncated: false,
      info: { nonFinite: 'reward term "near"', success: false },
    });
    expect(result.observation.state).toEqual(state);
    expect(env.lastFrames().at(-1)!.observation).toEqual(state);
    return;
  }
  throw new Error("the guard did not act");
});

test.each([
  [
    "a reward that is not finite",
    { reward: () => Number.NaN },
    "step returns an observation, reward and flags",
  ],
  ["an observation out of its bounds", { read: () => 20 }, "reset returns an observation of the space"],
  ["a seed that is ignored", { read: () => 1 }, "another seed gives another episode"],
  ["state shared between instances", { leak: true }, "two instances do not disturb each other"],
] as [string, Change, string][])("checkEnv finds %s", (_, change, name) => {
  const report = checkEnv(lineEnv(change));
  expect(report.passed).toBe(false);
  expect(report.items.find((item) => item.name === name)?.status).toBe("fail");
});

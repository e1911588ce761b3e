import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { sampleApart, sampleArea, tableArea } from "../../../src/cell/area.js";
import type { EnvFactory } from "../../../src/env/env.js";
import { Curriculum, parseCurriculum } from "../../../src/env/randomization/curriculum.js";
import { VecEnv } from "../../../src/env/vec-env.js";
import { createRandom } from "../../../src/math/random.js";
import { lineEnv } from "../line-env.js";

const SETTINGS = { start: 0.25, step: 0.5, raiseAt: 0.75, lowerAt: 0.25, window: 4 };

test("difficulty rises and falls at the end of a window, and stays from 0 to 1", () => {
  const curriculum = new Curriculum(SETTINGS);
  const after = (...successes: number[]) => {
    for (const success of successes) curriculum.observe(success === 1);
    return curriculum.difficulty;
  };
  expect(after(1, 1, 1)).toBe(0.25);
  expect(after(0)).toBe(0.75);
  expect(after(1, 1, 0, 0)).toBe(0.75);
  expect(after(1, 1, 1, 1)).toBe(1);
  expect(after(0, 0, 1, 0)).toBe(0.5);
  expect(after(0, 0, 0, 0, 0, 0, 0, 0)).toBe(0);
  const copy = new Curriculum(SETTINGS);
  after(1, 1);
  copy.restore(structuredClone(curriculum.snapshot()));
  for (const success of [true, false]) {
    curriculum.observe(success);
    copy.observe(success);
  }
  expect(copy.snapshot()).toEqual(curriculum.snapshot());
  expect(copy.difficulty).toBe(0.5);
});

test.each<[unknown, string]>([
  [
    "easy",
    'Setting "curriculum" of Reach-v1 is "easy", expected true, false, or settings like {"start": 0.2}.',
  ],
  [
    { strat: 0.5 },
    'Unknown setting "curriculum.strat" of Reach-v1. Did you mean "start"? It has: start, step, raiseAt, lowerAt, window.',
  ],
  [{ start: 2 }, 'Setting "curriculum.start" of Reach-v1 is 2, expected a number from 0 to 1.'],
  [{ step: 0 }, 'Setting "curriculum.step" of Reach-v1 is 0, expected a number above 0, at most 1.'],
  [{ window: 2.5 }, 'Setting "curriculum.window" of Reach-v1 is 2.5, expected a whole number of at least 1.'],
  [
    { lowerAt: 0.8 },
    'Setting "curriculum.lowerAt" of Reach-v1 is 0.8, expected less than curriculum.raiseAt (0.7).',
  ],
])("the setting %j is refused", (setting, message) => {
  const reach: EnvFactory = envs["Reach-v1"];
  expect(() => reach.create({ curriculum: setting })).toThrow(message);
});

test("true stands for the usual curriculum, part of the settings for the rest of it", () => {
  expect(parseCurriculum(false, "Reach-v1")).toBeUndefined();
  const usual = parseCurriculum(true, "Reach-v1");
  expect(parseCurriculum({ start: 0.5 }, "Reach-v1")).toEqual({ ...usual, start: 0.5 });
  expect(envs["Reach-v1"].create({ curriculum: true }).spec.config.curriculum).toEqual(usual);
});

test("an easier area is the middle of the whole one, as far as it holds what is to lie in it", () => {
  const area = tableArea("area", { low: [0.2, -0.4, 0], high: [0.8, 0.2, 0.3] }, 0.02);
  const random = createRandom("easier areas");
  for (let trial = 0; trial < 200; trial++) {
    const [x, y, z] = sampleArea(area, random, 0.5);
    // 0.2 + 0.8 / 2 of each side
    expect(Math.abs(x - 0.5)).toBeLessThanOrEqual(0.6 * 0.3);
    expect(Math.abs(y + 0.1)).toBeLessThanOrEqual(0.6 * 0.3);
    expect(z).toBe(0.02);
  }
  const [near, far] = sampleApart(area, 2, 0.05, random, 0);
  for (const [x, y] of [near!, far!]) {
    expect(Math.abs(x - 0.5)).toBeLessThanOrEqual(0.06);
    expect(Math.abs(y + 0.1)).toBeLessThanOrEqual(0.06);
  }
  // 40 cm do not fit into the middle 12
  const [one, other] = sampleApart(area, 2, 0.4, random, 0);
  expect(Math.hypot(one![0] - other![0], one![1] - other![1])).toBeGreaterThanOrEqual(0.4);
});

test("each environment of a group follows its own success, and a restored group goes on the same", () => {
  const plan = { runSeed: 3, numEnvs: 3, totalEnvs: 3, autoresetMode: "SameStep" } as const;
  const settings = { curriculum: { ...SETTINGS, window: 1 }, speed: 0 };
  const make = () => new VecEnv(lineEnv({ settings: { curriculum: false } }), settings, plan);
  const group = make();
  const play = (envs: VecEnv, steps: number) =>
    Array.from({ length: steps }, () => envs.step(new Float32Array(3))).flat();
  const begin = play(group, 30);
  const restored = make();
  restored.restore(structuredClone(group.snapshot()));
  const end = play(group, 60);
  expect(play(restored, 60)).toEqual(end);
  // speed 0: a point succeeds where it started near enough; the difficulty told is that before the episode counted
  const expected = [0.25, 0.25, 0.25];
  for (const { env, success, difficulty } of [...begin, ...end]) {
    expect(difficulty).toBe(expected[env]);
    expected[env] = Math.max(0, Math.min(1, expected[env]! + (success ? 0.5 : -0.5)));
  }
  expect(begin.length + end.length).toBeGreaterThan(20);
});

test("without a curriculum no difficulty is told, and an environment starts at the hardest", () => {
  const plan = { runSeed: 3, numEnvs: 1 };
  const group = new VecEnv(envs["Reach-v1"], {}, plan);
  const episodes = Array.from({ length: 50 }, () => group.step(new Float32Array(3))).flat();
  expect(episodes).toHaveLength(1);
  expect(episodes[0]).not.toHaveProperty("difficulty");
  const env = envs["Reach-v1"].create({ curriculum: true });
  const plain = envs["Reach-v1"].create();
  expect(env.reset({ seed: 3 }).observation).toEqual(plain.reset({ seed: 3 }).observation);
});

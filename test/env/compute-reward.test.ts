import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { defineEnv } from "../../src/env/define-env.js";
import { createRandom } from "../../src/math/random.js";
import { UsageError } from "../../src/math/usage-error.js";

const PUSH = { name: "push", unit: "m", low: -1, high: 1, meaning: "moves it", scale: 1, offset: 0 };
const computeReward = envs["PickPlace-v1"].create().computeReward!;
/** Within 2.5 cm of the first of `WANTED`, not of the second. */
const REACHED = [
  [0.5, 0, 0.02],
  [0.5, 0.1, 0.02],
];
const WANTED = [
  [0.5, 0.02, 0.02],
  [0.5, 0.1, 0.06],
];

test("one goal gives a number, a list of goals and a flat array of them a Float32Array", () => {
  expect(computeReward(REACHED[0]!, WANTED[0]!)).toBe(0);
  expect(computeReward(REACHED[1]!, WANTED[1]!)).toBe(-1);
  expect(computeReward(REACHED, WANTED)).toEqual(Float32Array.from([0, -1]));
  expect(computeReward(REACHED.flat(), Float64Array.from(WANTED.flat()))).toEqual(Float32Array.from([0, -1]));
  expect(computeReward(REACHED.slice(0, 1), [Float32Array.from(WANTED[0]!)])).toEqual(Float32Array.from([0]));
});

test("a batch gives what its goals give one by one", () => {
  const random = createRandom("computeReward of 57 goals");
  const draw = () => Array.from({ length: 57 }, () => [0, 1, 2].map(() => random.uniform(0, 0.05)));
  const [achieved, desired] = [draw(), draw()];
  const alone = achieved.map((goal, row) => computeReward(goal, desired[row]!) as number);
  expect(new Set(alone)).toEqual(new Set([0, -1]));
  expect(computeReward(achieved, desired)).toEqual(Float32Array.from(alone));
  expect(computeReward(achieved.flat(), desired.flat())).toEqual(Float32Array.from(alone));
});

test.each<[unknown, unknown, string]>([
  [
    [1, 2],
    [1, 2, 3],
    "got 2 numbers as the achieved goal, expected 3, or a multiple of that for several goals.",
  ],
  [[1, 2, 3], [], "got 0 numbers as the desired goal, expected 3, or a multiple of that for several goals."],
  [
    undefined,
    [1, 2, 3],
    "got no numbers as the achieved goal, expected 3, or a multiple of that for several goals.",
  ],
  [[1, 2, 3], [1, 2, 3, 4, 5, 6], "got 1 achieved and 2 desired goals, expected as many of both."],
  [
    [
      [1, 2, 3],
      [1, 2],
    ],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    "got 2 numbers as achieved goal 1, expected 3.",
  ],
  [
    [1, 2, 3, 4, Number.NaN, 6],
    [1, 2, 3, 4, 5, 6],
    "got NaN as entry 1 of achieved goal 1, expected a finite number.",
  ],
  [["1", 2, 3], [1, 2, 3], "got 1 as entry 0 of achieved goal 0, expected a finite number."],
])("goals %j and %j are refused", (achieved, desired, message) => {
  expect(() => computeReward(achieved as number[], desired as number[])).toThrow(
    new UsageError(`PickPlace-v1: computeReward() ${message}`),
  );
});

test("there is none where the policy must remember the goal", () => {
  const without = Object.values(envs).filter((factory) => {
    const { spec, computeReward } = factory.create();
    return spec.goal && !computeReward;
  });
  expect(without.map(({ id }) => id)).toEqual(["RememberGoal-v1", "Occluded-v1"]);
});

test("there is none where success is more than reaching the goal", () => {
  const create = (parts: object) =>
    defineEnv({
      id: "Stop-v1",
      description: "Stop at 0.",
      maxEpisodeSteps: 8,
      defaults: { rewardMode: "sparse" as const, rewardWeights: { near: 1 } },
      build: () => ({
        x: 0.1,
        simulation: { actionEntries: [PUSH], step: () => {}, snapshot: () => 0, restore: () => {} },
      }),
      reset: () => {},
      observation: [
        {
          group: "point",
          entries: [{ name: "x", unit: "m", low: -1, high: 1 }],
          read: ({ x }, out, offset) => out.set([x], offset),
        },
      ],
      goal: {
        size: 1,
        unit: "m",
        threshold: 0.2,
        achieved: ({ x }, out) => out.set([x]),
        desired: (_, out) => out.set([0]),
      },
      reward: () => ({ near: 0 }),
      ...parts,
    }).create();
  expect(create({}).computeReward!([0.1], [0])).toBe(0);
  const env = create({ success: () => false });
  expect(env.computeReward).toBeUndefined();
  expect(env.reset().info.success).toBe(false);
});

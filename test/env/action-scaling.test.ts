import { expect, test } from "vitest";
import { actionScaling } from "../../src/env/action-scaling.js";
import { checkEnv } from "../../src/env/check/check-env.js";
import { defineEnv } from "../../src/env/define-env.js";
import { VecEnv } from "../../src/env/vec-env.js";
import { UsageError } from "../../src/math/usage-error.js";
import type { ActionEntry } from "../../src/spaces/action-entry.js";

/** A mass on a line that is pulled with 0 to 10 N and turned by -2 to 1 degrees. */
const pulled = (taken: number[][], entries?: readonly unknown[]) =>
  defineEnv({
    id: "Pulled-v1",
    description: "Pull.",
    maxEpisodeSteps: 20,
    defaults: { rewardMode: "dense" as const, rewardWeights: { near: 1 } },
    build() {
      const mass = { x: 0 };
      const simulation = {
        actionEntries: (entries ?? [
          { name: "pull", unit: "N", low: 0, high: 10, meaning: "pulls", scale: 1, offset: 0 },
          {
            name: "turn",
            unit: "rad",
            low: -2,
            high: 1,
            meaning: "turns",
            scale: Math.PI / 180,
            offset: 0.5,
          },
        ]) as readonly ActionEntry[],
        step(action: Float32Array) {
          taken.push([...action]);
          mass.x += 0.01 * (action[0]! - 5);
        },
        snapshot: () => ({ ...mass }),
        restore: (old: { x: number }) => Object.assign(mass, old),
      };
      return { mass, simulation };
    },
    reset({ mass }, random) {
      mass.x = random.uniform(-1, 1);
    },
    observation: [
      {
        group: "mass",
        entries: [{ name: "x", unit: "m", low: -5, high: 5 }],
        read({ mass }, out, offset) {
          out[offset] = mass.x;
        },
      },
    ],
    reward: ({ mass }) => ({ near: -Math.abs(mass.x) }),
    success: ({ mass }) => Math.abs(mass.x) < 0.1,
  });

test("actions from -1 to 1 reach a simulation within the bounds that it declares", () => {
  const taken: number[][] = [];
  const env = pulled(taken).create();
  env.reset({ seed: 1 });
  env.step([-1, 1]);
  env.step([0.5, 0]);
  const { info } = env.step([7, -7]);
  expect(taken).toEqual([
    [0, 1],
    [7.5, -0.5],
    [10, -2],
  ]);
  expect(info.clippedActions).toBe(2);
});

test("the spec says what an action means: scale and offset lead to the physical value, as a controller needs them", () => {
  const { spec, actionSpace } = pulled([]).create();
  expect(actionSpace).toMatchObject({ low: [-1, -1], high: [1, 1] });
  expect(spec.action).toEqual([
    { name: "pull", unit: "N", low: -1, high: 1, meaning: "pulls", scale: 5, offset: 5 },
    {
      name: "turn",
      unit: "rad",
      low: -1,
      high: 1,
      meaning: "turns",
      scale: (Math.PI / 180) * 1.5,
      offset: (Math.PI / 180) * -0.5 + 0.5,
    },
  ]);
});

test("rollouts scale as a single environment does, and the contract is kept", () => {
  const taken: number[][] = [];
  const group = new VecEnv(pulled(taken), {}, { runSeed: 1, numEnvs: 2 });
  group.step(Float32Array.from([-1, 0, 1, 1]));
  expect(taken).toEqual([
    [0, -0.5],
    [10, 1],
  ]);
  expect(checkEnv(pulled([])).items.filter(({ status }) => status !== "pass")).toEqual([]);
});

test("entries from -1 to 1 are handed on as they are, and what they leave out is filled in", () => {
  const scaling = actionScaling("Short-v1", [{ name: "push", low: -1, high: 1 }]);
  const action = Float32Array.from([0.1]);
  expect(scaling.apply(action)).toBe(action);
  expect(scaling.entries).toEqual([
    { name: "push", unit: "1", low: -1, high: 1, meaning: "", scale: 1, offset: 0 },
  ]);
});

test.each<[readonly unknown[], string]>([
  [[], "the simulation has no action entries, expected at least one. List them as its actionEntries."],
  [[{ low: -1, high: 1 }], "action entry 0 has no name. Give each entry one of its own."],
  [
    [{ name: "a", low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }],
    'action entry 0 ("a") runs from -Infinity to Infinity, expected finite bounds, low below high: actions from -1 to 1 are scaled to them.',
  ],
  [
    [{ name: "a", low: 1, high: 1 }],
    'action entry 0 ("a") runs from 1 to 1, expected finite bounds, low below high: actions from -1 to 1 are scaled to them.',
  ],
  [
    [{ name: "a" }],
    'action entry 0 ("a") runs from undefined to undefined, expected finite bounds, low below high: actions from -1 to 1 are scaled to them.',
  ],
  [
    [{ name: "a", kind: "discrete", n: 3 }],
    'action entry 0 ("a") is "discrete", expected a number with low and high: policies here give numbers. Choose by its sign, or by the largest of several.',
  ],
  [
    [
      { name: "a", low: -1, high: 1 },
      { name: "a", low: -1, high: 1 },
    ],
    'action entry 1 ("a") has the name of another one. Give each entry its own.',
  ],
  [
    [{ name: "a", low: -1, high: 1, scale: Number.NaN }],
    'action entry 0 ("a") has scale NaN and offset 0, expected finite numbers.',
  ],
])("action entries %j are refused when the environment is made", (entries, message) => {
  expect(() => pulled([], entries).create()).toThrow(new UsageError(`Pulled-v1: ${message}`));
});

// What goal-conditioned environments give of their observations.
import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { defineEnv } from "../../src/env/define-env.js";
import { UsageError } from "../../src/math/usage-error.js";
import { servedParts } from "../../src/serve/served-parts.js";

const goalMode = { rewardMode: "sparse" as const };
const entriesOf = (id: "Push-v1" | "PegInsert-v1", goal: boolean) =>
  servedParts(envs[id].create(goalMode), goal)[0]!.entries!;

test("entries that depend on the goal are left out for relabelling, whatever their names, and are there without", () => {
  expect(entriesOf("Push-v1", false)).toContain("behind_from_tcp_x");
  expect(entriesOf("Push-v1", true).filter((name) => /goal|behind/.test(name))).toEqual([]);
  expect(entriesOf("Push-v1", true)).toContain("cube_from_tcp_x");
  expect(entriesOf("PegInsert-v1", true).filter((name) => name.startsWith("hole"))).toEqual([
    "hole_turn_from_peg",
    "hole_near_turn",
  ]);
});

test("an entry that is named after the goal and not marked as depending on it is refused", () => {
  const name = "goal_from_point";
  const point = (dependsOnGoal: boolean) =>
    defineEnv({
      id: "Point-v1",
      description: "A point.",
      maxEpisodeSteps: 5,
      defaults: { rewardMode: "sparse", rewardWeights: { near: 1 } },
      build: () => ({
        simulation: {
          actionEntries: [{ name: "push", unit: "m", low: -1, high: 1, meaning: "", scale: 1, offset: 0 }],
          step: () => {},
          snapshot: () => ({}),
          restore: () => {},
        },
      }),
      reset: () => {},
      observation: [
        {
          group: "point",
          entries: [
            { name: "x", unit: "m", low: -1, high: 1 },
            { name, unit: "m", low: -1, high: 1, ...(dependsOnGoal ? { dependsOnGoal } : {}) },
          ],
          read: (_, out, offset) => out.set([0, 0], offset),
        },
      ],
      goal: { size: 1, unit: "m", threshold: 0.1, achieved: () => {}, desired: () => {} },
      reward: () => ({ near: 0 }),
    }).create();
  expect(servedParts(point(true), true)[0]).toMatchObject({ entries: ["x"], kept: [0] });
  expect(() => servedParts(point(false), true)).toThrow(
    new UsageError(
      'Point-v1 cannot be goal-conditioned: its observation entry "goal_from_point" is named after the goal and not marked as depending on it. Mark it by ofGoal(...), or name it otherwise.',
    ),
  );
});

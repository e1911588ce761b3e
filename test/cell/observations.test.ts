import { expect, test } from "vitest";
import { observationGroup, scalar, vector } from "../../src/index.js";

interface Scene {
  readonly goal: readonly [number, number, number];
  readonly isHeld: boolean;
}

test("a group's entries are named, and its numbers read, in the order of its parts", () => {
  const group = observationGroup<Scene>("cube", [
    scalar("held", "1", ({ isHeld }) => (isHeld ? 1 : 0)),
    vector("goal", "m", ({ goal }) => goal, 2),
    scalar("height", "m", ({ goal }) => goal[2], [-3, 3]),
  ]);
  expect(group.entries).toEqual([
    { name: "held", unit: "1", low: 0, high: 1 },
    { name: "goal_x", unit: "m", low: -2, high: 2 },
    { name: "goal_y", unit: "m", low: -2, high: 2 },
    { name: "goal_z", unit: "m", low: -2, high: 2 },
    { name: "height", unit: "m", low: -3, high: 3 },
  ]);
  const out = new Float32Array(7).fill(9);
  group.read({ goal: [0.5, -1, 2], isHeld: true }, out, 1);
  expect([...out]).toEqual([9, 1, 0.5, -1, 2, 2, 9]);
});

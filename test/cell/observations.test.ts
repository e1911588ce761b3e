import { expect, test } from "vitest";
import { CELL_DEFAULTS } from "../../src/cell/cell-config.js";
import {
  derived,
  observationGroup,
  planarVector,
  quarterYaw,
  quaternionFromAxisAngle,
  RobotCell,
  scalar,
  vector,
} from "../../src/index.js";

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

test("a vector along the table leaves out the height", () => {
  const part = planarVector<Scene>("goal", "m", ({ goal }) => goal, 3);
  expect(part.entries).toEqual([
    { name: "goal_x", unit: "m", low: -3, high: 3 },
    { name: "goal_y", unit: "m", low: -3, high: 3 },
  ]);
  const out = new Float32Array(4).fill(9);
  part.read({ goal: [0.5, -1, 2], isHeld: true }, out, 1);
  expect([...out]).toEqual([9, 0.5, -1, 9]);
});

test("what is derived from the scene is derived once for all of its parts, at each reading", () => {
  let derivations = 0;
  const part = derived<Scene, { readonly height: number }>(
    ({ goal }) => ({ height: goal[2] + derivations++ }),
    [
      scalar("height", "m", ({ height }) => height, [0, 9]),
      scalar("half", "m", ({ height }) => height / 2, [0, 9]),
    ],
  );
  expect(part.entries.map(({ name }) => name)).toEqual(["height", "half"]);
  const out = new Float32Array(3).fill(9);
  part.read({ goal: [0, 0, 2], isHeld: false }, out, 1);
  expect([...out]).toEqual([9, 2, 1]);
  part.read({ goal: [0, 0, 2], isHeld: false }, out, 0);
  expect([...out]).toEqual([3, 1.5, 1]);
});

test("a group that the robot knows of itself says so, another does not", () => {
  const own = observationGroup<Scene>("goal", [vector("goal", "m", ({ goal }) => goal)], {
    proprioception: true,
  });
  expect(own.proprioception).toBe(true);
  expect(observationGroup<Scene>("goal", [])).not.toHaveProperty("proprioception");
});

test("a box is seen by four times its turn against the hand, a ball and a cylinder are the same from all sides", () => {
  const simulation = new RobotCell({
    ...CELL_DEFAULTS,
    boxes: [{ name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: 0.1, color: [1, 0, 0, 1] }],
    objects: [
      { name: "ball", shape: { type: "sphere", radius: 0.02 }, mass: 0.1, color: [1, 0, 0, 1] },
      {
        name: "can",
        shape: { type: "cylinder", radius: 0.02, length: 0.05 },
        mass: 0.1,
        color: [1, 0, 0, 1],
      },
    ],
  });
  simulation.reset([0.45, 0, 0.2]);
  const seen = simulation.world.freeBodies.map((body) => {
    body.setPose([0.5, 0, 0.02], quaternionFromAxisAngle([0, 0, 1], 0.1));
    const out = new Float32Array(2);
    quarterYaw<{ readonly simulation: RobotCell }>(() => body).read({ simulation }, out, 0);
    return [...out];
  });
  // the hand stands at about yaw 0: sin 0.4 and cos 0.4
  expect(seen[0]![0]).toBeCloseTo(0.3894, 2);
  expect(seen[0]![1]).toBeCloseTo(0.9211, 2);
  expect(seen.slice(1)).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

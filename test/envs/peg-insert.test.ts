import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";
import { POSE_SIZE } from "../../src/scene/scene.js";

const { create } = envs["PegInsert-v1"];

/** Poses and sizes of the entities whose name begins with `name`. */
function find(env: Env, name: string) {
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  env.poses(poses);
  return entities.flatMap(({ id, shapes: [shape] }, index) => {
    if (!id.startsWith(name) || shape?.type !== "box") return [];
    return [{ size: shape.size, pose: [...poses.subarray(POSE_SIZE * index, POSE_SIZE * (index + 1))] }];
  });
}

test.each([
  [0.001, 1],
  [0.002, 1],
  [0.007, 1],
  [0.002, 0.9],
  [0.002, 1.1],
])(
  "the hole is wider than the peg by a clearance of %f m, both ways, for a peg of %f times its usual size",
  (clearance, objectSize) => {
    const env = create({ clearance, maxTurn: 0, randomization: { objectSize } });
    env.reset({ seed: 1 });
    const [peg] = find(env, "peg");
    expect(peg!.size[0]).toBeCloseTo(0.03 * objectSize, 12);
    const walls = find(env, "block");
    expect(walls).toHaveLength(4);
    for (const [first, axis] of [
      [0, 0],
      [1, 1],
    ] as const) {
      const [one, other] = [walls[first]!, walls[first + 2]!];
      const between = Math.abs(one.pose[axis]! - other.pose[axis]!);
      const hole = between - one.size[axis]! / 2 - other.size[axis]! / 2;
      expect(hole - peg!.size[axis]!).toBeCloseTo(clearance, 12);
    }
  },
);

test("the block moves and turns from episode to episode, and a snapshot brings it back", () => {
  const env = create();
  env.reset({ seed: 1 });
  const snapshot = structuredClone(env.snapshot());
  const before = find(env, "block").map(({ pose }) => pose);
  env.reset({ seed: 2 });
  const after = find(env, "block").map(({ pose }) => pose);
  for (const [index, pose] of after.entries()) {
    expect(Math.hypot(pose[0]! - before[index]![0]!, pose[1]! - before[index]![1]!)).toBeGreaterThan(0.01);
    expect(pose[5]).not.toBe(before[index]![5]);
  }
  env.reset({ snapshot });
  expect(find(env, "block").map(({ pose }) => pose)).toEqual(before);
});

test("a clearance that no peg or every peg passes, and a turn that a square has not, are refused", () => {
  expect(() => create({ clearance: 0 })).toThrow(
    'Setting "clearance" of PegInsert-v1 is 0, expected a number from 0.0005 to 0.01, in m.',
  );
  expect(() => create({ maxTurn: 1 })).toThrow(
    'Setting "maxTurn" of PegInsert-v1 is 1, expected a number from 0 to 0.39, in rad.',
  );
});

test("success is a tip within 1 cm of the hole's floor", () => {
  const { computeReward } = create();
  expect(computeReward!([0.5, 0.1, 0.0099], [0.5, 0.1, 0])).toBe(0);
  expect(computeReward!([0.5, 0.1, 0.0101], [0.5, 0.1, 0])).toBe(-1);
});

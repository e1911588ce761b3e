import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { POSE_SIZE } from "../../src/scene/scene.js";

test("the goal's mark is where the handle will be, and the closed drawer is never the answer", () => {
  const env = envs["Drawer-v1"].create();
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  const placeOf = (id: string) => {
    const at = POSE_SIZE * entities.findIndex((entity) => entity.id === id);
    return poses.slice(at, at + 3);
  };
  for (let seed = 0; seed < 50; seed++) {
    const { observation, info } = env.reset({ seed });
    env.poses(poses);
    const [handle, goal] = [placeOf("drawer"), placeOf("goal")];
    const way = Math.hypot(goal[0]! - handle[0]!, goal[1]! - handle[1]!, goal[2]! - handle[2]!);
    expect(way).toBeCloseTo(observation.desiredGoal![0]!, 6);
    expect(way).toBeGreaterThan(0.089);
    expect(way).toBeLessThan(0.181);
    expect(observation.achievedGoal![0]).toBe(0);
    expect(info.success).toBe(false);
  }
});

test("every control mode moves the arm beside the drawer, and none moves the drawer by itself", () => {
  for (const controlMode of [
    "ee-absolute-pose",
    "osc",
    "joint-position",
    "joint-delta",
    "joint-torque",
  ] as const) {
    const env = envs["Drawer-v1"].create({ controlMode });
    env.reset({ seed: 3 });
    const zero = new Float32Array(env.spec.action.length);
    for (let step = 0; step < 5; step++) env.step(zero);
    expect(Math.abs(env.jointPositions().at(-1)!)).toBeLessThan(1e-9);
  }
});

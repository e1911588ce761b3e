import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";
import { findRobot } from "../../src/robots/models/robots.js";
import { POSE_SIZE } from "../../src/scene/scene.js";
import { lineEnv } from "../env/line-env.js";

const { low, high } = findRobot("panda").workspace;
const SCENES = 200;

function entry(env: Env, state: Float32Array, name: string): number {
  return state[env.spec.observation.find((known) => known.name === name)!.index]!;
}

test("the arm is anywhere in its workspace, and one in two cubes is below the hand or held, never in the table", () => {
  const env = envs["PickPlace-v1"].create();
  const quarters = new Set<string>();
  let [near, held, goals] = [0, 0, 0];
  for (let seed = 0; seed < SCENES; seed++) {
    const { state } = env.sampleScene(seed);
    const at = (name: string) => entry(env, state, name);
    for (const [k, axis] of ["x", "y", "z"].entries()) {
      expect(at(`tcp_${axis}`)).toBeGreaterThan(low[k]! - 0.01);
      expect(at(`tcp_${axis}`)).toBeLessThan(high[k]! + 0.01);
      // where it is told to be, and at rest
      expect(Math.abs(at(`tcp_tracking_error_${axis}`))).toBeLessThan(0.01);
      expect(at(`tcp_velocity_${axis}`)).toBe(0);
    }
    quarters.add(`${at("tcp_x") > 0.5} ${at("tcp_y") > 0} ${at("tcp_z") > 0.2}`);
    const [x, y, z] = ["x", "y", "z"].map((axis) => at(`cube_from_tcp_${axis}`)) as [number, number, number];
    expect(z + at("tcp_z")).toBeGreaterThan(0.0199);
    if (Math.hypot(x, y) < 0.06) near++;
    if (Math.hypot(x, y, z) < 0.03 && Math.abs(at("finger_opening") - 0.02) < 1e-6) held++;
    const goal = ["x", "y", "z"].map((axis) => at(`cube_from_tcp_${axis}`) + at(`goal_from_cube_${axis}`));
    if (goal.every((away) => Math.abs(away) < 0.05)) goals++;
  }
  expect(quarters.size).toBe(8);
  expect(near).toBeGreaterThan(0.4 * SCENES);
  expect(held).toBeGreaterThan(0.15 * SCENES);
  expect(held).toBeLessThan(0.45 * SCENES);
  expect(goals).toBeGreaterThan(0.1 * SCENES);
});

test("scenes of RememberGoal-v1 are such as show the goal: the picture and the state tell where it is", () => {
  const env = envs["RememberGoal-v1"].create();
  for (let seed = 0; seed < 20; seed++) {
    const { state, desiredGoal } = env.sampleScene(seed);
    expect(entry(env, state, "goal_shown")).toBe(1);
    for (const [k, axis] of ["x", "y", "z"].entries()) {
      const goal = entry(env, state, `tcp_${axis}`) + entry(env, state, `goal_from_tcp_if_shown_${axis}`);
      expect(goal).toBeCloseTo(desiredGoal![k]!, 6);
    }
  }
});

test("a seed gives the same scene again, whatever was shown or lived through before", () => {
  const [one, two] = [0, 1].map(() => envs["Stack-v1"].create({ observationMode: "camera" })) as [Env, Env];
  two.reset({ seed: 5 });
  two.step([0.5, 0, 0, 1]);
  two.sampleScene("other");
  expect(two.sampleScene("scene/7")).toEqual(one.sampleScene("scene/7"));
  expect(one.sampleScene("scene/8").image).not.toEqual(one.sampleScene("scene/7").image);
});

test("tasks without fingers keep them as they are, and things that stand stay where they stand", () => {
  const env = envs["Push-v1"].create();
  env.reset({ seed: 3 });
  const fingers = () => env.jointPositions()[7];
  const closed = fingers();
  const entities = env.scene().entities;
  const poses = new Float64Array(POSE_SIZE * entities.length);
  for (let seed = 0; seed < 20; seed++) {
    env.sampleScene(seed);
    expect(fingers()).toBe(closed);
    env.poses(poses);
    expect([...poses.subarray(0, 3)]).toEqual([0, 0, 0]);
  }
});

test("a scene is not an episode: the next step needs a reset; and without a robot there is none", () => {
  const env = envs["Reach-v1"].create();
  env.sampleScene(1);
  expect(() => env.step([0, 0, 0])).toThrow(
    "Reach-v1: step() was called after the episode's end. Call reset() to start the next one.",
  );
  env.reset({ seed: 1 });
  expect(() => env.step([0, 0, 0])).not.toThrow();
  expect(() => lineEnv().create().sampleScene(1)).toThrow(
    "Line-v1 has no scenes to sample: it needs a robot cell.",
  );
});

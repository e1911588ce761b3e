import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import type { Env } from "../../../src/env/env.js";
import type { ControlMode } from "../../../src/robots/control/controller.js";

/** Where the tool is after each of `steps` control steps at full speed along x. */
function path(env: Env, steps: number): number[] {
  const xs = [env.reset({ seed: 1 }).observation.state[0]!];
  for (let step = 0; step < steps; step++) xs.push(env.step([1, 0, 0]).observation.state[0]!);
  return xs;
}

const reach = (controlLatency: number, controlMode: ControlMode = "ee-delta") =>
  envs["Reach-v1"].create({ controlMode, randomization: { controlLatency } });

test("a latency of whole control steps moves the tool's path by so many steps", () => {
  const [now, late] = [path(reach(0), 6), path(reach(0.1), 8)];
  expect(Math.abs(late[2]! - late[0]!)).toBeLessThan(2e-4);
  for (const [step, x] of now.entries()) expect(late[step + 2]).toBeCloseTo(x, 3);
  expect(now.at(-1)! - now[0]!).toBeGreaterThan(0.1);
});

test("a latency of some physics steps lies between", () => {
  const [now, half, late] = [0, 0.025, 0.05].map((latency) => path(reach(latency), 5));
  for (let step = 2; step <= 5; step++) {
    expect(half![step]).toBeLessThan(now![step]!);
    expect(half![step]).toBeGreaterThan(late![step]!);
  }
  // less than half a physics step is none
  expect(path(reach(0.002), 5)).toEqual(now);
});

test.each([
  "ee-delta",
  "ee-absolute-pose",
  "osc",
  "joint-position",
  "joint-velocity",
  "joint-torque",
] as const)("until the first action arrives the arm holds still in control mode %s", (mode) => {
  const env = reach(0.5, mode);
  const { state } = env.reset({ seed: 2 }).observation;
  for (let step = 0; step < 9; step++) {
    const { observation } = env.step(env.spec.action.map(() => 1));
    for (let k = 0; k < 3; k++) expect(Math.abs(observation.state[k]! - state[k]!)).toBeLessThan(3e-3);
  }
});

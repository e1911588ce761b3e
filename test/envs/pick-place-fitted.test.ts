import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { pickPlace } from "../../envs/pick-place.js";
import { resolveTraining } from "../../src/rl/resolve-settings.js";

const CUBE = ["cubeSize", "cubeMass", "liftHeight", "threshold"] as const;

function cubeOf(config: Readonly<Record<string, unknown>>): unknown[] {
  return CUBE.map((name) => config[name]);
}

test("a gripper that opens wide takes the cube of the defaults", () => {
  expect(cubeOf(pickPlace.create({ robot: "ur5e" }).spec.config)).toEqual([0.04, 0.1, 0.04, 0.025]);
});

test("a gripper that opens less takes a smaller cube, and the task shrinks with it", () => {
  const [edge, mass, lift, threshold] = cubeOf(pickPlace.create({ robot: "wx250s" }).spec.config) as number[];
  expect(edge).toBe(0.033);
  // 33 / 40 cubed times 100 g; 33 / 40 of 40 and 25 mm
  expect(mass).toBeCloseTo(0.05615, 5);
  expect(lift).toBeCloseTo(0.033, 12);
  expect(threshold).toBeCloseTo(0.020625, 12);
});

test("what is set stays as it is set", () => {
  const { config } = pickPlace.create({ robot: "wx250s", cubeSize: 0.02, threshold: 0.01 }).spec;
  expect(cubeOf(config)).toEqual([0.02, 0.1, 0.04, 0.01]);
});

test("a training has the robot's values in the environments that it trains on as in those that it is measured on", async () => {
  const { trainEnv, spec, origins } = await resolveTraining({
    env: pickPlace,
    agent: ppoMlp,
    user: { envConfig: { robot: "wx250s" } },
  });
  expect(cubeOf(trainEnv)).toEqual(cubeOf(spec.config));
  expect(trainEnv.cubeSize).toBe(0.033);
  expect(Object.keys(origins.envConfig)).toEqual(["robot"]);
});

import { expect, test } from "vitest";
import type { Quat } from "../../src/math/quaternion.js";
import type { BodyShape } from "../../src/physics/bodies/body-shape.js";
import { World } from "../../src/physics/world.js";
import { createController } from "../../src/robots/control/create-controller.js";
import { panda } from "../../src/robots/models/panda.js";

const SUBSTEPS = 12;
/** Turns z to x: the round sides of a lying body face the fingers, which close along y. */
const ALONG_X: Quat = [0, Math.SQRT1_2, 0, Math.SQRT1_2];

/** A body between the closed fingers of a Panda, 15 cm above the table. */
function held(shape: BodyShape, height: number, turn: Quat, patchRadius?: number) {
  const world = new World({ timestep: 1 / 240 });
  world.addTable();
  const arm = world.addArticulation(panda.articulation);
  const body = world.addBody({
    name: "body",
    shape,
    mass: 0.1,
    ...(patchRadius === undefined ? {} : { patchRadius }),
  });
  const controller = createController("ee-delta", panda, arm);
  controller.reset([0.5, 0, height], 0, 0.04);
  body.setPose([0.5, 0, height], turn);
  world.settle();
  const act = (steps: number, rise: number) => {
    for (let step = 0; step < steps; step++) {
      controller.setAction([0, 0, rise / 0.05, -1]);
      for (let substep = 1; substep <= SUBSTEPS; substep++) {
        controller.beforeSubstep(substep, SUBSTEPS);
        world.step();
      }
    }
  };
  act(20, 0);
  act(40, 0.15 / 40);
  act(10, 0);
  return { world, body, act };
}

test.each<[string, BodyShape, number, Quat]>([
  ["ball", { type: "sphere", radius: 0.02 }, 0.02, [0, 0, 0, 1]],
  ["lying cylinder", { type: "cylinder", radius: 0.02, length: 0.06 }, 0.02, ALONG_X],
  ["standing cylinder", { type: "cylinder", radius: 0.02, length: 0.06 }, 0.03, [0, 0, 0, 1]],
  ["lying capsule", { type: "capsule", radius: 0.02, length: 0.04 }, 0.02, ALONG_X],
])("a %s is lifted and held for 5 s without slipping", (_, shape, height, turn) => {
  const { body, act } = held(shape, height, turn);
  const before = body.position;
  expect(before[2]).toBeGreaterThan(height + 0.13);
  act(100, 0);
  const [x, y, z] = body.position;
  expect(Math.hypot(x - before[0], y - before[1], z - before[2])).toBeLessThan(2e-4);
  const { angularVelocity: w } = body;
  expect(Math.hypot(w[0], w[1], w[2])).toBeLessThan(1e-3);
});

test("a ball held by two fingers and hit does not spin between them; without a patch it would go on spinning", () => {
  const spin = (patchRadius: number): number => {
    const { body, act } = held({ type: "sphere", radius: 0.02 }, 0.02, [0, 0, 0, 1], patchRadius);
    body.setVelocity([0, 0, 0], [0, 5, 0]);
    act(1, 0);
    return body.angularVelocity[1];
  };
  expect(Math.abs(spin(0.005))).toBeLessThan(1e-3);
  expect(spin(0)).toBeGreaterThan(4.5);
});

import { describe, expect, test } from "vitest";
import type { Quat } from "../../src/math/quaternion.js";
import type { Articulation } from "../../src/physics/articulation/articulation.js";
import type { ArticulationModel } from "../../src/physics/articulation/articulation-model.js";
import type { BodyShape } from "../../src/physics/bodies/body-shape.js";
import type { FreeBody } from "../../src/physics/bodies/free-body.js";
import { World } from "../../src/physics/world.js";
import { HALF, objects, type TestObject } from "./fidelity/objects.js";

const RATE = 240;
const FORCE = 500;
const MASSES = [0.01, 0.1, 2];

/** A plate of 2 kg that slides up and down; its underside stands 4 cm above the table at joint position 0. */
const press: ArticulationModel = {
  links: [
    {
      name: "press",
      parent: -1,
      position: [0, 0, 2 * HALF + 0.01],
      quaternion: [0, 0, 0, 1],
      mass: 2,
      centerOfMass: [0, 0, 0],
      inertia: [1, 1, 1, 0, 0, 0],
      joint: {
        name: "slide",
        type: "prismatic",
        axis: [0, 0, 1],
        lower: -1,
        upper: 1,
        velocityLimit: 1,
        effortLimit: FORCE,
        stiffness: 20000,
        damping: 2000,
        armature: 0.1,
        viscousFriction: 0,
      },
      collision: [{ type: "box", halfExtents: [0.05, 0.05, 0.01], position: [0, 0, 0] }],
    },
  ],
};

interface Pressed {
  /** Deepest that any contact got, m. */
  readonly deepest: number;
  /** Fastest that the body was after the force had gone, m/s. */
  readonly fastest: number;
}

/** Press the body for 1 s, let it go for half a second; `push` acts before each step and `away` from the end on. */
function pressed(
  { shape, turn }: TestObject,
  mass: number,
  start: number | undefined,
  push: (body: FreeBody, arm: Articulation | undefined, time: number) => void,
): Pressed {
  const world = new World({ timestep: 1 / RATE });
  world.addTable();
  const arm = start === undefined ? undefined : world.addArticulation(press);
  const body = world.addBody({ name: "body", shape, mass });
  body.setPose([0, 0, HALF], turn);
  arm?.reset([start!]);
  world.settle();
  let deepest = 0;
  let fastest = 0;
  for (let step = 0; step < 1.5 * RATE; step++) {
    if (arm) arm.feedForward[0] = arm.biasForces[0]!;
    if (step < RATE) push(body, arm, step / RATE);
    else if (arm) arm.jointTargets[0] = 0.05;
    world.step();
    deepest = Math.max(deepest, world.deepestPenetration);
    const [x, y, z] = body.velocity;
    if (step > RATE + 1) fastest = Math.max(fastest, Math.hypot(x, y, z));
  }
  return { deepest, fastest };
}

const shapes: readonly [string, TestObject][] = [
  ...Object.entries(objects),
  ["lying cylinder", { shape: objects.cylinder.shape as BodyShape, turn: objects.capsule.turn as Quat }],
];

describe.each(shapes.flatMap(([name, object]) => MASSES.map((mass) => ({ name, object, mass }))))(
  "a $name of $mass kg",
  ({ object, mass }) => {
    test("on which 500 N act gives way to the table by 0.51 mm at most, and lies still afterwards", () => {
      const { deepest, fastest } = pressed(object, mass, undefined, (body) => {
        const [x, y, z] = body.velocity;
        const [wx, wy, wz] = body.angularVelocity;
        body.setVelocity([x, y, z - FORCE / mass / RATE], [wx, wy, wz]);
      });
      expect(deepest).toBeLessThan(5.1e-4);
      expect(fastest).toBeLessThan(0.05);
    });

    test("that a plate is pressed on at once with 500 N gives way by less than 1 mm and is not shot away", () => {
      const { deepest, fastest } = pressed(object, mass, 0, (_, arm) => {
        arm!.jointTargets[0] = -0.5;
      });
      expect(deepest).toBeLessThan(1e-3);
      expect(fastest).toBeLessThan(1);
    });

    test("that a plate comes down on at 0.2 m/s and presses with 500 N gives way by less than 1 mm", () => {
      const { deepest, fastest } = pressed(object, mass, 0.03, (_, arm, time) => {
        arm!.jointTargets[0] = 0.03 - 0.2 * time;
      });
      expect(deepest).toBeLessThan(1e-3);
      expect(fastest).toBeLessThan(1);
    });
  },
);

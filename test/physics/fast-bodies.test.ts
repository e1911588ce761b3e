import { describe, expect, test } from "vitest";
import type { BodyShape } from "../../src/physics/bodies/body-shape.js";
import { World } from "../../src/physics/world.js";
import { objects, type TestObject } from "./fidelity/objects.js";

const RATE = 240;
const BALL: BodyShape = { type: "sphere", radius: 0.003 };

/** A wall of 2 mm across x at x = 0, 20 cm wide and high. */
function worldWithWall() {
  const world = new World({ timestep: 1 / RATE, gravity: 0, friction: 0 });
  world.addFixture({ name: "wall", halfExtents: [0.001, 0.1, 0.1], position: [0, 0, 0] });
  return world;
}

const small: readonly [string, TestObject][] = [
  ["ball of 6 mm", { shape: BALL, turn: [0, 0, 0, 1] }],
  ...Object.entries(objects),
];

describe.each(small)("a %s", (_, { shape, turn }) => {
  test.each([0.5, 1.5, 5, 20])("that flies at %f m/s against a wall of 2 mm is stopped by it", (speed) => {
    const world = worldWithWall();
    const body = world.addBody({ name: "body", shape, mass: 0.01 });
    let worst = Number.NEGATIVE_INFINITY;
    let deepest = 0;
    // wherever within a step it comes to the wall
    for (let phase = 0; phase < 10; phase++) {
      body.setPose([-0.08 - (phase / 10) * (speed / RATE), 0.01, 0.02], turn);
      body.setVelocity([speed, 0, 0]);
      world.settle();
      for (let step = 0; step < 60; step++) {
        world.step();
        deepest = Math.max(deepest, world.deepestPenetration);
      }
      worst = Math.max(worst, body.position[0]);
      expect(Math.abs(body.velocity[0])).toBeLessThan(1e-3 * speed + 0.01);
    }
    expect(worst).toBeLessThan(-0.003);
    expect(deepest).toBeLessThan(3e-4);
  });
});

test("a wall thrown at a ball takes it along", () => {
  const world = new World({ timestep: 1 / RATE, gravity: 0 });
  const wall = world.addBox({ name: "wall", halfExtents: [0.001, 0.1, 0.1], mass: 10 });
  const ball = world.addBody({ name: "ball", shape: BALL, mass: 0.01 });
  wall.setPose([-0.2, 0, 0]);
  wall.setVelocity([5, 0, 0]);
  ball.setPose([0, 0, 0]);
  world.settle();
  for (let step = 0; step < 60; step++) world.step();
  expect(ball.position[0]).toBeGreaterThan(wall.position[0] + 0.003);
  expect(ball.velocity[0]).toBeCloseTo(5, 1);
});

test.each([0.5, 2, 5, 20])(
  "a ball that passes the edge of a wall 0.6 mm away at %f m/s flies on as if there were none",
  (speed) => {
    for (let phase = 0; phase < 20; phase++) {
      const world = worldWithWall();
      const ball = world.addBody({ name: "ball", shape: BALL, mass: 0.01 });
      const x = -0.06 - (phase / 20) * (speed / RATE);
      ball.setPose([x, 0.1036, 0]);
      ball.setVelocity([speed, 0, 0]);
      world.settle();
      const steps = Math.ceil((0.15 / speed) * RATE);
      for (let step = 0; step < steps; step++) world.step();
      expect(ball.velocity[0]).toBe(speed);
      expect(ball.velocity[1]).toBe(0);
      expect(ball.position[0]).toBeCloseTo(x + (steps * speed) / RATE, 12);
    }
  },
);

test("a ball that flies past a wall obliquely, and would meet it in a later step, is not held before", () => {
  const world = worldWithWall();
  const ball = world.addBody({ name: "ball", shape: BALL, mass: 0.01 });
  ball.setPose([-0.04, 0, 0]);
  // along the wall at 5 m/s, towards it at 0.5: 36 mm take 17.3 steps
  ball.setVelocity([0.5, 5, 0]);
  world.settle();
  for (let step = 0; step < 4; step++) world.step();
  expect(ball.velocity[0]).toBe(0.5);
  expect(ball.velocity[1]).toBe(5);
});

test.each([240, 60])("a ball dropped from 20 cm stops on the table without a rebound at %i Hz", (rate) => {
  for (let phase = 0; phase < 8; phase++) {
    const world = new World({ timestep: 1 / rate });
    world.addTable();
    const ball = world.addBody({ name: "ball", shape: { type: "sphere", radius: 0.02 }, mass: 0.1 });
    ball.setPose([0, 0, 0.22 + 0.002 * phase]);
    world.settle();
    let fastest = 0;
    let hit = false;
    for (let step = 0; step < rate; step++) {
      world.step();
      if (ball.position[2] < 0.0205) hit = true;
      if (hit) fastest = Math.max(fastest, ball.velocity[2]);
      // what starts to fall just above the table falls by g h² in its first step, 2.7 mm at 60 Hz, where 0.5 mm are looked ahead
      expect(world.deepestPenetration).toBeLessThan(rate === 240 ? 3e-4 : 6e-4);
    }
    expect(ball.position[2]).toBeGreaterThan(0.0197);
    expect(ball.position[2]).toBeLessThan(0.02);
    expect(fastest).toBeLessThan(0.02);
  }
});

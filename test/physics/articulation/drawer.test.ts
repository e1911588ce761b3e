import { expect, test } from "vitest";
import { type DrawerOptions, drawer } from "../../../src/physics/articulation/drawer.js";
import { World } from "../../../src/physics/world.js";
import { createController } from "../../../src/robots/control/create-controller.js";
import { panda } from "../../../src/robots/models/panda.js";

const TIMESTEP = 1 / 240;

function makeDrawer(options: Partial<DrawerOptions> = {}) {
  return drawer({
    name: "drawer",
    position: [0, 0, 0.1],
    axis: [1, 0, 0],
    travel: 0.3,
    mass: 0.5,
    damping: 2,
    collision: [{ type: "box", halfExtents: [0.02, 0.1, 0.05], position: [0, 0, 0] }],
    ...options,
  });
}

test("a drawer that was pushed coasts m v / b and stands", () => {
  const world = new World({ timestep: TIMESTEP });
  const slide = world.addArticulation({ links: [makeDrawer()] });
  slide.reset([0.02]);
  slide.jointVelocities[0] = 0.8;
  world.settle();
  for (let step = 0; step < 1200; step++) world.step();
  expect(slide.jointPositions[0]).toBeCloseTo(0.02 + (0.5 * 0.8) / 2, 6);
});

test("a drawer stops at its ends", () => {
  const world = new World({ timestep: TIMESTEP });
  const slide = world.addArticulation({ links: [makeDrawer({ damping: 0.1 })] });
  for (const [speed, end] of [
    [2, 0.3],
    [-2, 0],
  ] as const) {
    slide.jointVelocities[0] = speed;
    world.settle();
    for (let step = 0; step < 240; step++) world.step();
    expect(slide.jointPositions[0]).toBeCloseTo(end, 9);
    expect(slide.jointVelocities[0]).toBeCloseTo(0, 9);
  }
});

test("a box that runs into a drawer moves on with it at m v / (m + M) within 3 %, momentum kept", () => {
  const world = new World({ timestep: TIMESTEP, gravity: 0, friction: 0 });
  const slide = world.addArticulation({ links: [makeDrawer({ damping: 0 })] });
  const box = world.addBox({ name: "box", halfExtents: [0.02, 0.02, 0.02], mass: 0.2 });
  slide.reset([0]);
  box.setPose([-0.06, 0, 0.1]);
  box.setVelocity([0.7, 0, 0]);
  world.settle();
  for (let step = 0; step < 60; step++) world.step();
  const expected = (0.2 * 0.7) / (0.2 + 0.5);
  expect(slide.jointVelocities[0]! / expected).toBeGreaterThan(0.97);
  expect(slide.jointVelocities[0]! / expected).toBeLessThan(1.03);
  expect(0.2 * box.velocity[0] + 0.5 * slide.jointVelocities[0]!).toBeCloseTo(0.2 * 0.7, 9);
});

test("an arm shuts a drawer with its hand", () => {
  const world = new World({ timestep: TIMESTEP });
  world.addTable();
  const links = [...panda.articulation.links, makeDrawer({ position: [0.45, 0, 0.06] })];
  const arm = world.addArticulation({ ...panda.articulation, links });
  const slide = arm.numDofs - 1;
  const controller = createController("ee-delta", panda, arm);
  arm.jointPositions[slide] = 0.15;
  controller.reset([0.7, 0, 0.08], 0, 0.02);
  world.settle();
  expect(arm.jointPositions[slide]).toBe(0.15);
  for (let step = 0; step < 60; step++) {
    controller.setAction([-0.1, 0, 0, 0]);
    for (let substep = 1; substep <= 12; substep++) {
      controller.beforeSubstep(substep, 12);
      world.step();
    }
  }
  expect(arm.jointPositions[slide]).toBeLessThan(0.06);
  expect(arm.jointPositions[slide]).toBeGreaterThan(-1e-6);
});

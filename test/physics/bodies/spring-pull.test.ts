// A hand's spring pulls bodies as a critically damped spring does, and moves an arm against its servos.
import { expect, test } from "vitest";
import { World } from "../../../src/physics/world.js";
import { panda } from "../../../src/robots/models/panda.js";

test("a body pulled at its centre comes as the critically damped spring of 20/s says, whatever its mass", () => {
  for (const mass of [0.05, 4]) {
    const world = new World({ timestep: 1 / 4000, gravity: 0 });
    const body = world.addBox({ name: "box", halfExtents: [0.02, 0.03, 0.01], mass });
    body.setPose([0.1, 0.2, 0.5]);
    world.pull({ body: 0, point: [0, 0, 0], target: [0.3, 0.2, 0.4] });
    const away = Math.hypot(0.2, 0.1);
    for (let step = 1; step <= 1200; step++) {
      world.step();
      if (step % 200 > 0) continue;
      const t = step / 4000;
      const left = away * (1 + 20 * t) * Math.exp(-20 * t);
      const [x, y, z] = body.position;
      expect(Math.hypot(0.3 - x, 0.2 - y, 0.4 - z)).toBeCloseTo(left, 3);
    }
  }
});

test("a body pulled at a corner turns until the corner stands at the target and all is at rest", () => {
  const world = new World({ timestep: 1 / 240 });
  const body = world.addBox({ name: "box", halfExtents: [0.02, 0.02, 0.02], mass: 0.1 });
  body.setPose([0, 0, 0.5]);
  world.pull({ body: 0, point: [0.02, 0.02, 0.02], target: [0.02, 0.02, 0.52] });
  for (let step = 0; step < 2400; step++) world.step();
  const [x, y, z] = body.position;
  // it hangs below the hand: gravity stretches the spring, which knows the mass at the corner only
  expect(Math.hypot(x - 0.02, y - 0.02)).toBeLessThan(0.02);
  expect(z).toBeLessThan(0.52);
  const heldAt = body.position[2];
  world.pull(undefined);
  for (let step = 0; step < 24; step++) world.step();
  expect(body.position[2]).toBeLessThan(heldAt - 0.03);
});

test("a pulled hand gives way to the pull and comes back when it is let go", () => {
  const world = new World({ timestep: 1 / 240, gravity: 0 });
  const arm = world.addArticulation(panda.articulation);
  arm.reset([0, -0.3, 0, -2.2, 0, 2, 0.8]);
  const hand = arm.linkIndex(panda.tcp.link);
  const where = () => [...arm.linkPositions.subarray(3 * hand, 3 * hand + 3)];
  const [x, y, z] = where() as [number, number, number];
  world.pull({ link: hand, point: [0, 0, 0], target: [x, y + 0.3, z] });
  for (let step = 0; step < 240; step++) world.step();
  const moved = where();
  expect(moved[1]! - y).toBeGreaterThan(0.01);
  expect(Math.abs(moved[0]! - x)).toBeLessThan(moved[1]! - y);
  world.pull(undefined);
  for (let step = 0; step < 480; step++) world.step();
  expect(Math.abs(where()[1]! - y)).toBeLessThan(1e-3);
});

import { expect, test } from "vitest";
import type { ArticulationModel, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { World } from "../../../src/physics/world.js";
import { createController } from "../../../src/robots/control/create-controller.js";
import { robots } from "../../../src/robots/models/robots.js";

/** A flat chain of links of 0.2 m that turn about z, each with a ball of 3 cm at its end. */
function chain(count: number, mayOverlap: ArticulationModel["mayOverlap"] = []): ArticulationModel {
  const links = Array.from(
    { length: count },
    (_, k): LinkModel => ({
      name: `link${k}`,
      parent: k - 1,
      position: k === 0 ? [0, 0, 1] : [0.2, 0, 0],
      quaternion: [0, 0, 0, 1],
      mass: 1,
      centerOfMass: [0.1, 0, 0],
      inertia: [0.001, 0.004, 0.004, 0, 0, 0],
      joint: {
        name: `joint${k}`,
        type: "revolute",
        axis: [0, 0, 1],
        lower: -4,
        upper: 4,
        velocityLimit: 10,
        effortLimit: 20,
        stiffness: 100,
        damping: 10,
        armature: 0,
        viscousFriction: 0,
      },
      collision: [{ type: "sphere", radius: 0.03, position: [0.2, 0, 0] }],
    }),
  );
  return { links, mayOverlap };
}

/** Gap between the balls of the first and the last link when the last one is folded back over the first. */
function foldedGap(model: ArticulationModel, selfCollision: boolean): number {
  const world = new World({ timestep: 1 / 240, selfCollision });
  const arm = world.addArticulation(model);
  arm.reset([0, 1, 1]);
  world.settle();
  // the balls' centres are 0.4 cos(q/2) m apart, q being the last joint's angle: they touch at q = 2.84
  arm.jointTargets.set([0, 2.6, 3]);
  for (let step = 0; step < 480; step++) world.step();
  const [a, b] = [0, 2].map((link) =>
    [0, 1, 2].map((k) => arm.linkPositions[3 * link + k]! + 0.2 * arm.linkRotations[9 * link + 3 * k]!),
  );
  return Math.hypot(...a!.map((value, k) => value - b![k]!)) - 0.06;
}

test("links that are not neighbours stop each other, to 0.2 mm; switched off or excepted they pass through", () => {
  expect(foldedGap(chain(3), true)).toBeGreaterThan(-2e-4);
  expect(foldedGap(chain(3), true)).toBeLessThan(1e-3);
  const through = foldedGap(chain(3), false);
  expect(through).toBeCloseTo(0.4 * Math.cos(1.5) - 0.06, 4);
  expect(foldedGap(chain(3, [["link2", "link0"]]), true)).toBe(through);
});

test("a contact between two links pushes both with the same force", () => {
  const world = new World({ timestep: 1 / 240 });
  const arm = world.addArticulation(chain(3));
  arm.reset([0, 1, 1]);
  world.settle();
  arm.jointTargets.set([0, 2.6, 3]);
  for (let step = 0; step < 480; step++) world.step();
  const [contact] = world.contacts();
  expect([contact!.bodyA, contact!.bodyB].sort()).toEqual(["link0", "link2"]);
  // at rest the torque of the last servo balances the contact force about its joint
  const [x, y] = [0, 1].map((k) => contact!.position[k]! - arm.linkPositions[3 * 2 + k]!);
  const sign = contact!.bodyB === "link2" ? 1 : -1;
  const [fx, fy] = [contact!.force[0] * sign, contact!.force[1] * sign];
  expect(Math.abs(x! * fy - y! * fx + arm.appliedTorques[2]!)).toBeLessThan(0.02 * arm.effortLimits[2]!);
  expect(contact!.normalForce).toBeGreaterThan(10);
});

test.each(Object.values(robots))("$id has no contact with itself in its home and rest postures", (robot) => {
  const world = new World({ timestep: 1 / 240 });
  const arm = world.addArticulation(robot.articulation);
  for (const posture of [robot.home, [...robot.rest, robot.gripper!.open]]) {
    arm.reset(posture);
    world.settle();
    world.step();
    expect(world.contacts()).toEqual([]);
  }
});

test.each(Object.values(robots))("$id moves with the same bits with and without self-collision", (robot) => {
  const play = (selfCollision: boolean) => {
    const world = new World({ timestep: 1 / 240, selfCollision });
    world.addTable();
    const arm = world.addArticulation(robot.articulation);
    const cube = world.addBox({ name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: 0.1 });
    const controller = createController("ee-delta", robot, arm);
    cube.setPose([robot.start[0], 0.02, 0.02]);
    controller.reset(robot.start, 0, robot.gripper!.open);
    world.settle();
    for (let step = 0; step < 60; step++) {
      controller.setAction([0.3 * Math.sin(step / 5), 0.3 * Math.cos(step / 7), -0.1, Math.sin(step / 9)]);
      for (let substep = 1; substep <= 12; substep++) {
        controller.beforeSubstep(substep, 12);
        world.step();
      }
    }
    return [...arm.jointPositions, ...arm.jointVelocities, ...cube.position];
  };
  expect(play(true)).toEqual(play(false));
});

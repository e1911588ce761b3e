// Contacts, pulls and joints that nothing answers to: there is no effective mass to divide by.
import { expect, test } from "vitest";
import type { JointModel, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { World } from "../../../src/physics/world.js";

const SERVO = { velocityLimit: 2, effortLimit: 50, stiffness: 500, damping: 50, viscousFriction: 0 };

function link(
  name: string,
  parent: number,
  place: Partial<LinkModel>,
  joint: Partial<JointModel>,
): LinkModel {
  return {
    ...{ name, parent, position: [0, 0, 0], quaternion: [0, 0, 0, 1], mass: 2 },
    ...{ centerOfMass: [0, 0, 0], inertia: [0.01, 0.02, 0.03, 0, 0, 0], collision: [] },
    ...place,
    joint: {
      name,
      type: "revolute",
      axis: [0, 0, 1],
      lower: -3,
      upper: 3,
      armature: 0.1,
      ...SERVO,
      ...joint,
    },
  };
}

function run(world: World, steps: number): void {
  for (let step = 0; step < steps; step++) world.step();
}

const pillar = { type: "box", halfExtents: [0.05, 0.06, 0.1], position: [0.01, 0, 0.09] } as const;

test.each([0, 1e-9, 1e-5])(
  "a column that turns about an axis %f rad off the vertical and dips into the table goes where its servo says",
  (tilt) => {
    const world = new World({ timestep: 1 / 240 });
    world.addTable();
    const quaternion = [Math.sin(tilt / 2), 0, 0, Math.cos(tilt / 2)] as const;
    const arm = world.addArticulation({
      links: [
        link("column", -1, { collision: [pillar], quaternion }, {}),
        link("arm", 0, { position: [0, 0, 0.2], centerOfMass: [0, 0, 0.15] }, { axis: [0, 1, 0] }),
      ],
    });
    arm.jointTargets.set([1, 0.3]);
    let fastest = 0;
    for (let step = 0; step < 480; step++) {
      world.step();
      fastest = Math.max(fastest, Math.abs(arm.jointVelocities[0]!));
    }
    expect(arm.jointPositions[0]).toBeCloseTo(1, 2);
    expect(fastest).toBeLessThan(20);
  },
);

test("a slider that runs against a wall along its own way stops there", () => {
  const world = new World({ timestep: 1 / 240 });
  world.addFixture({ name: "wall", halfExtents: [0.05, 0.5, 0.5], position: [0.35, 0, 0] });
  const cube = { type: "box", halfExtents: [0.05, 0.05, 0.05], position: [0, 0, 0] } as const;
  const arm = world.addArticulation({
    links: [link("slider", -1, { collision: [cube] }, { type: "prismatic", axis: [1, 0, 0] })],
  });
  arm.jointTargets[0] = 0.28;
  run(world, 480);
  expect(arm.jointPositions[0]).toBeCloseTo(0.25, 3);
  expect(Math.abs(arm.jointVelocities[0]!)).toBeLessThan(1e-6);
});

test("a pull at a point on the axis of the only joint moves nothing", () => {
  const world = new World({ timestep: 1 / 240 });
  const quaternion = [0.5, 0.5, 0.5, 0.5] as const;
  const arm = world.addArticulation({ links: [link("column", -1, { quaternion }, { axis: [0, 0, 1] })] });
  // the same axis but for rounding
  world.pull({ link: 0, point: [1e-17, 0, 0.3], target: [0.2, 0.1, 1] });
  run(world, 100);
  expect(Math.abs(arm.jointPositions[0]!)).toBeLessThan(1e-9);
});

test("a joint that moves no inertia stands still, and the others move as without it", () => {
  const world = new World({ timestep: 1 / 240 });
  const weightless = { mass: 0, inertia: [0, 0, 0, 0, 0, 0] } as const;
  const free = { stiffness: 0, damping: 0, armature: 0 };
  const arm = world.addArticulation({
    links: [
      link("arm", -1, { centerOfMass: [0.2, 0, 0] }, { axis: [0, 1, 0], ...free }),
      link("feather", 0, { position: [0.3, 0, 0], ...weightless }, { axis: [0, 1, 0], ...free }),
    ],
  });
  world.step();
  // 2 kg at 0.2 m about y: 9.81 * 0.4 / (0.02 + 0.08)
  expect(arm.jointVelocities[0]).toBeCloseTo((9.81 * 0.4) / 0.1 / 240, 10);
  expect(arm.jointVelocities[1]).toBe(0);
  run(world, 100);
  expect(arm.jointPositions[0]).toBeGreaterThan(0.5);
  expect(arm.jointPositions[1]).toBe(0);
});

import { expect, test } from "vitest";
import type { JointModel, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { World } from "../../../src/physics/world.js";
import { panda } from "../../../src/robots/models/panda.js";
import { robotToMjcf } from "../mjcf.js";
import { compileMjcf, mujoco } from "../mujoco.js";

const RATE = 240;
const FREE = {
  velocityLimit: 100,
  effortLimit: 50,
  stiffness: 0,
  damping: 0,
  armature: 0,
  viscousFriction: 0,
};

function link(name: string, mass: number, joint: Partial<JointModel>, parent = -1): LinkModel {
  return {
    ...{ name, parent, position: parent < 0 ? [0, 0, 1] : [0, 0, -0.4], quaternion: [0, 0, 0, 1] },
    ...{ mass, centerOfMass: [0, 0, -0.25], inertia: [0.02, 0.03, 0.01, 0, 0, 0] },
    joint: { name, type: "revolute", axis: [0, 1, 0], lower: -9, upper: 9, ...FREE, ...joint },
    collision: [],
  };
}

/** A block of 1.7 kg on a plane inclined by 0.4 rad. */
const INCLINE = 0.4;
const WEIGHT = 1.7 * 9.81 * Math.sin(INCLINE);

function block(dryFriction: number) {
  const world = new World({ timestep: 1 / RATE });
  const axis = [Math.cos(INCLINE), 0, -Math.sin(INCLINE)] as const;
  const arm = world.addArticulation({
    links: [link("block", 1.7, { type: "prismatic", axis, dryFriction })],
  });
  return { world, arm };
}

test("a block on an incline stays where it is under less than its friction, and slides under more as Coulomb says", () => {
  const held = block(1.001 * WEIGHT);
  for (let step = 0; step < 10 * RATE; step++) held.world.step();
  expect(Math.abs(held.arm.jointPositions[0]!)).toBeLessThan(1e-12);

  const friction = 0.7 * WEIGHT;
  const sliding = block(friction);
  for (let step = 0; step < RATE; step++) sliding.world.step();
  const acceleration = 9.81 * Math.sin(INCLINE) - friction / 1.7;
  expect(sliding.arm.jointVelocities[0]).toBeCloseTo(acceleration, 10);
  // explicit positions: half a step's way more than a t² / 2
  expect(sliding.arm.jointPositions[0]).toBeCloseTo((acceleration * (1 + 1 / RATE)) / 2, 10);
});

test("a block that was pushed up slows by friction and weight, stops, and stays", () => {
  const { world, arm } = block(1.3 * WEIGHT);
  arm.jointVelocities[0] = -2;
  for (let step = 0; step < 2 * RATE; step++) world.step();
  const way = 2 ** 2 / (2 * ((2.3 * WEIGHT) / 1.7));
  expect(arm.jointPositions[0]).toBeGreaterThan(-way - 1 / RATE);
  expect(arm.jointPositions[0]).toBeLessThan(-way + 2 / RATE);
  const stopped = arm.jointPositions[0]!;
  for (let step = 0; step < 5 * RATE; step++) world.step();
  expect(Math.abs(arm.jointPositions[0]! - stopped)).toBeLessThan(1e-12);
});

test("joints that carry one another stay under less than their friction, a follower's counts by its ratio", () => {
  const world = new World({ timestep: 1 / RATE });
  const arm = world.addArticulation({
    links: [
      link("upper", 2, { dryFriction: 4.5 }),
      link("lower", 0.6, { dryFriction: 1.2 }, 0),
      link("wheel", 0.1, { mimic: "lower", mimicRatio: -3, dryFriction: 0.2 }),
    ],
  });
  expect([...arm.dryFriction]).toEqual([4.5, expect.closeTo(1.8, 12)]);
  arm.reset([0.4, 0.2]);
  const [first, second] = arm.biasForces;
  // held by friction alone, nearly all of it
  expect(Math.abs(first!)).toBeGreaterThan(3);
  expect(Math.abs(first!)).toBeLessThan(4.5);
  expect(Math.abs(second!)).toBeGreaterThan(1);
  expect(Math.abs(second!)).toBeLessThan(1.8);
  for (let step = 0; step < 20 * RATE; step++) world.step();
  expect(arm.jointPositions[0]).toBeCloseTo(0.4, 8);
  expect(arm.jointPositions[1]).toBeCloseTo(0.2, 8);
});

test("two joints that slip all the time move as with MuJoCo's frictionloss", () => {
  const links = [link("upper", 2, { dryFriction: 0.9 }), link("lower", 0.6, { dryFriction: 0.3 }, 0)];
  const timestep = 1 / 2000;
  const world = new World({ timestep });
  const arm = world.addArticulation({ links });
  const xml = robotToMjcf(
    { ...panda, articulation: { links } },
    { timestep, actuators: "none", limits: false },
  );
  const { model, data } = compileMjcf(xml);
  (model.dof_frictionloss as Float64Array).set([0.9, 0.3]);
  // as hard as it can be made: it is a soft constraint
  (model.dof_solref as Float64Array).set([0.001, 1, 0.001, 1]);
  (model.dof_solimp as Float64Array).set([0.9999, 0.9999, 0.001, 0.5, 2, 0.9999, 0.9999, 0.001, 0.5, 2]);
  arm.reset([1.9, 0.3]);
  data.qpos.set([1.9, 0.3]);
  let worst = 0;
  for (let step = 0; step < 0.6 / timestep; step++) {
    world.step();
    mujoco.mj_step(model, data);
    const q = data.qpos as Float64Array;
    for (let k = 0; k < 2; k++) worst = Math.max(worst, Math.abs(arm.jointPositions[k]! - q[k]!));
  }
  expect(arm.jointPositions[0]).toBeLessThan(-0.3);
  expect(worst).toBeLessThan(1e-10);
});

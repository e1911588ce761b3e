// Joints that follow others in any ratio: one degree of freedom, by virtual work.
import { expect, test } from "vitest";
import type { Vec3 } from "../../../src/math/vector.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import type { JointModel, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { panda } from "../../../src/robots/models/panda.js";
import { robotToMjcf } from "../mjcf.js";
import { compileMjcf, mujoco } from "../mujoco.js";

/** A slider of 1.3 kg that turns a pendulum it carries by 2.5 rad per m, and a wheel beside it by -4 rad per m. */
const rack = {
  links: [
    part("slider", -1, 1.3, [0, 0, 0], { type: "prismatic", axis: [1, 0, 0], armature: 0.2 }),
    part("pendulum", 0, 0.7, [0, 0, -0.3], {
      mimicRatio: 2.5,
      armature: 0.01,
      effortLimit: 4,
      viscousFriction: 0.3,
    }),
    part("wheel", -1, 0.4, [0.02, 0, 0.05], { mimicRatio: -4, stiffness: 6, damping: 0.5, effortLimit: 3 }),
  ],
} as const;

function part(
  name: string,
  parent: number,
  mass: number,
  centerOfMass: Vec3,
  joint: Partial<JointModel>,
): LinkModel {
  const passive = { effortLimit: 5, stiffness: 0, damping: 0, armature: 0, viscousFriction: 0 };
  const range = { lower: -8, upper: 9, velocityLimit: 10 };
  return {
    ...{ name, parent, position: [0.1, 0, 0.2], quaternion: [0, 0, 0, 1], mass, centerOfMass },
    inertia: [0.004, 0.003, 0.002, 0, 0, 0],
    joint: {
      ...{ name, type: "revolute", axis: [0, 1, 0], ...passive, ...range },
      ...(name === "slider" ? {} : { mimic: "slider" }),
      ...joint,
    },
    collision: [],
  };
}

test("a mass matrix, servos and limits count followers by their ratios, as worked by hand", () => {
  const arm = new Articulation(rack);
  expect(arm.numDofs).toBe(1);
  const q = 0.16;
  arm.reset([q]);
  // the pendulum's centre is at x = q - 0.3 sin(2.5 q), z = -0.3 cos(2.5 q): per unit of q it moves by these
  const [dx, dz] = [1 - 0.75 * Math.cos(2.5 * q), 0.75 * Math.sin(2.5 * q)];
  const slider = 1.3 + 0.2;
  const pendulum = 0.7 * (dx ** 2 + dz ** 2) + 2.5 ** 2 * (0.003 + 0.01);
  const wheel = 4 ** 2 * (0.003 + 0.4 * (0.02 ** 2 + 0.05 ** 2));
  expect(arm.massMatrix[0]).toBeCloseTo(slider + pendulum + wheel, 12);
  // gravity: the change of height per unit of q; the wheel's centre turns by -4 q about y
  const rise = -4 * (-0.02 * Math.cos(-4 * q) - 0.05 * Math.sin(-4 * q));
  expect(arm.biasForces[0]).toBeCloseTo(9.81 * (0.7 * dz + 0.4 * rise), 12);
  expect(arm.viscousFriction[0]).toBeCloseTo(2.5 ** 2 * 0.3, 12);
  // the pendulum has no gains: it is moved by the slider's servo; the wheel's helps
  expect(arm.effortLimits[0]).toBe(5 + 4 * 3);
  expect([arm.stiffness[0], arm.damping[0]]).toEqual([16 * 6, 16 * 0.5]);
  // -8 to 9 of each: the wheel's, turned round, are the narrower
  expect([arm.lowerLimits[0], arm.upperLimits[0]]).toEqual([9 / -4, 8 / 4]);
});

test("followers of any ratio keep their energy, and agree with MuJoCo's joints moved by hand in the same ratios", () => {
  const frictionless = rack.links.map((link) => {
    const joint = { ...link.joint!, stiffness: 0, damping: 0, viscousFriction: 0 };
    return { ...link, joint: joint as JointModel };
  });
  const arm = new Articulation({ links: frictionless });
  const { model, data } = compileMjcf(
    robotToMjcf({ ...panda, articulation: { links: frictionless } }, { mimic: false, limits: false }),
  );
  const ratios = [1, 2.5, -4];
  const energy = () => {
    let height = 0;
    for (const [link, { mass, centerOfMass: c }] of frictionless.entries()) {
      const R = arm.linkRotations.subarray(9 * link + 6, 9 * link + 9);
      height += mass * (arm.linkPositions[3 * link + 2]! + R[0]! * c[0] + R[1]! * c[1] + R[2]! * c[2]);
    }
    return 9.81 * height + 0.5 * arm.massMatrix[0]! * arm.jointVelocities[0]! ** 2;
  };
  arm.reset([0.5]);
  arm.jointVelocities[0] = -1.7;
  const before = energy();
  let [worst, drift] = [0, 0];
  for (let step = 0; step < 20_000; step++) {
    arm.computeDynamics();
    if (step % 1000 === 0) {
      data.qpos.set(ratios.map((ratio) => ratio * arm.jointPositions[0]!));
      data.qvel.set(ratios.map((ratio) => ratio * arm.jointVelocities[0]!));
      mujoco.mj_forward(model, data);
      const bias = data.qfrc_bias as Float64Array;
      const virtual = ratios.reduce((sum, ratio, k) => sum + ratio * bias[k]!, 0);
      worst = Math.max(worst, Math.abs(arm.biasForces[0]! - virtual));
      drift = Math.max(drift, Math.abs(energy() - before));
    }
    arm.predictVelocities(5e-5);
    arm.integrate(5e-5);
    arm.forwardKinematics();
  }
  expect(worst).toBeLessThan(1e-10);
  // a first-order step of 5e-5 s
  expect(drift).toBeLessThan(2e-3);
});

test.each([0, Number.NaN])("a mimicRatio of %f is refused", (mimicRatio) => {
  const [slider, pendulum] = rack.links;
  const links = [slider, { ...pendulum, joint: { ...pendulum.joint!, mimicRatio } }];
  expect(() => new Articulation({ links })).toThrow(
    `Joint "pendulum" has a mimicRatio of ${mimicRatio}; expected a number other than 0.`,
  );
});

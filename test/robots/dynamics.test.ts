import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { Articulation } from "../../src/physics/articulation/articulation.js";
import { robots } from "../../src/robots/models/robots.js";
import {
  freeMotionDifference,
  freeMotionErrors,
  independentFingers,
} from "../physics/fidelity/free-motion.js";
import { robotToMjcf } from "../physics/mjcf.js";
import { compileMjcf, mujoco } from "../physics/mujoco.js";
import { thorough } from "./thorough.js";

describe.each(Object.values(robots))("$id", (robot) => {
  test("kinematics, bias forces and mass matrix agree with MuJoCo to 1e-10 at 20 random states", () => {
    const random = createRandom(`states/${robot.id}`);
    const arm = new Articulation(independentFingers(robot));
    const { model, data } = compileMjcf(robotToMjcf(robot, { mimic: false }));
    const n = arm.numDofs;
    let worst = 0;
    const compare = (ours: ArrayLike<number>, theirs: ArrayLike<number>, offset = 0) => {
      for (let k = 0; k < ours.length; k++) worst = Math.max(worst, Math.abs(ours[k]! - theirs[k + offset]!));
    };
    for (let state = 0; state < 20; state++) {
      for (let i = 0; i < n; i++) {
        arm.jointPositions[i] = random.uniform(arm.lowerLimits[i], arm.upperLimits[i]);
        arm.jointVelocities[i] = random.uniform(-2, 2);
      }
      arm.forwardKinematics();
      arm.computeDynamics();
      data.qpos.set(arm.jointPositions);
      data.qvel.set(arm.jointVelocities);
      mujoco.mj_forward(model, data);
      compare(arm.linkPositions, data.xpos as Float64Array, 3);
      compare(arm.linkRotations, data.xmat as Float64Array, 9);
      const bias = Float64Array.from(data.qfrc_bias as Float64Array);
      compare(arm.biasForces, bias);
      // column j of M = inverse dynamics difference: M e_j = bias at acceleration e_j minus bias
      for (let j = 0; j < n; j++) {
        data.qacc.set(Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)));
        mujoco.mj_inverse(model, data);
        const torque = data.qfrc_inverse as Float64Array;
        const passive = data.qfrc_passive as Float64Array;
        compare(
          Array.from({ length: n }, (_, i) => arm.massMatrix[i * n + j]!),
          Array.from({ length: n }, (_, i) => torque[i]! + passive[i]! - bias[i]!),
        );
      }
    }
    expect(worst).toBeLessThan(1e-10);
  });
});

describe.each(Object.values(thorough))("$id", (robot) => {
  test.each([
    ["position", 1e-12],
    ["motor", 1e-9],
  ] as const)(
    "under %s commands that saturate no servo it moves as in MuJoCo at the same step within %f RMS over 3 s",
    (actuators, tolerance) => {
      expect(freeMotionDifference(robot, actuators)).toBeLessThan(tolerance);
    },
  );

  test("with its real effort limits it is at most 1 percent farther from MuJoCo at 24 kHz than MuJoCo at the same step is", () => {
    for (const { ours, mujoco } of freeMotionErrors(robot, [240, 120, 60]))
      expect(ours).toBeLessThan(1.01 * mujoco);
  });
});

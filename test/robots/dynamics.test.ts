import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { Articulation } from "../../src/physics/articulation.js";
import type { RobotModel } from "../../src/robots/robot-model.js";
import { robots } from "../../src/robots/robots.js";
import { robotToMjcf } from "../physics/mjcf.js";
import { compileMjcf, mujoco } from "../physics/mujoco.js";

// MuJoCo has no shared degree of freedom: both get the fingers as two independent joints.
function independentFingers(robot: RobotModel) {
  return {
    links: robot.articulation.links.map(({ joint, ...link }) => {
      if (!joint) return link;
      const { mimic: _, ...independent } = joint;
      return { ...link, joint: independent };
    }),
  };
}

/** One value per independent joint from one per degree of freedom. */
function spread(robot: RobotModel, values: readonly number[]): number[] {
  const arm = new Articulation(robot.articulation);
  return robot.articulation.links.flatMap(({ joint }, link) =>
    joint ? [values[arm.dofOfLink[link]!]!] : [],
  );
}

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

  test.each(["position", "motor"] as const)(
    "under %s commands it moves as in MuJoCo within 1e-9 RMS over 3 s",
    (actuators) => {
      const timestep = 1 / 240;
      const random = createRandom(`free motion/${robot.id}/${actuators}`);
      const arm = new Articulation(independentFingers(robot));
      arm.controlModes.fill(actuators === "motor" ? "torque" : "position");
      const { model, data } = compileMjcf(
        robotToMjcf(robot, { timestep, actuators, limits: false, mimic: false }),
      );
      const rest = spread(robot, [...robot.rest, robot.gripper!.open / 2]);
      const isArm = (i: number) => i < robot.armJoints.length;
      const start = rest.map((q, i) => q + (isArm(i) ? random.uniform(-0.15, 0.15) : 0));
      arm.reset(start);
      data.qpos.set(start);
      // a tenth of each motor's torque on top of gravity's at the start
      const amplitude = start.map((_, i) => {
        if (actuators === "position") return isArm(i) ? 0.4 : 0.01;
        return isArm(i) ? 0.1 * arm.effortLimits[i]! : 0.01;
      });
      const offset = actuators === "motor" ? arm.biasForces.slice() : start;
      const rate = amplitude.map(() => random.uniform(0.3, 1));
      const phase = amplitude.map(() => random.uniform(0, 2 * Math.PI));
      let squares = 0;
      let count = 0;
      for (let step = 0; step * timestep < 3; step++) {
        const command = amplitude.map(
          (a, i) => offset[i]! + a * Math.sin(2 * Math.PI * rate[i]! * step * timestep + phase[i]!),
        );
        data.ctrl.set(command);
        if (actuators === "motor") arm.feedForward.set(command);
        else arm.jointTargets.set(command);
        mujoco.mj_step(model, data);
        arm.predictVelocities(timestep);
        arm.integrate(timestep);
        arm.forwardKinematics();
        const positions = data.qpos as Float64Array;
        for (let i = 0; i < start.length; i++) squares += (arm.jointPositions[i]! - positions[i]!) ** 2;
        count += start.length;
      }
      expect(Math.sqrt(squares / count)).toBeLessThan(1e-9);
    },
  );
});

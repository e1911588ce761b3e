// Free motion: an arm without contacts, driven alike in both engines.
import { createRandom } from "../../../src/math/random.js";
import { Articulation } from "../../../src/physics/articulation.js";
import type { ArticulationModel } from "../../../src/physics/model.js";
import type { RobotModel } from "../../../src/robots/robot-model.js";
import { robotToMjcf } from "../mjcf.js";
import { compileMjcf, mujoco } from "../mujoco.js";

/** Fingers as two independent joints: MuJoCo has no shared degree of freedom. */
export function independentFingers(robot: RobotModel): ArticulationModel {
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

/** Wave all joints for 3 s at 240 Hz; return the root mean square of the joints' differences from MuJoCo, rad and m. */
export function freeMotionDifference(robot: RobotModel, actuators: "position" | "motor"): number {
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
  return Math.sqrt(squares / count);
}

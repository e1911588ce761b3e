// How far a robot steps and how large a thing it takes: what scales tasks by the robot, so that one recipe trains every arm.
import { fingerOpening, type RobotModel } from "../models/robot-model.js";

/** The step of the Panda, m, for a task region of this side, m, and a tool that may be this fast, m/s. */
const STEP = 0.05;
const SIDE = 0.3;
const SPEED = 1;
/** How steep the reward of being near is for it, per m. */
const STEEPNESS = 5;
/** The shortest step that a robot gets, m. */
const LEAST_STEP = 0.005;
/** Room that the open fingers have beside the largest cube, m. */
const ROOM = 0.008;

/**
 * Return how far action 1 should move the commanded tool of `robot` in a control step, m, in whole mm: 5 cm, less where the task region is
 * smaller than 30 x 30 cm or the first three joints do not move the tool by 1 m/s.
 */
export function fittingToolStep({ taskRegion, armJoints, articulation: { links } }: RobotModel): number {
  const { low, high } = taskRegion;
  const side = Math.sqrt((high[0] - low[0]) * (high[1] - low[1]));
  const reach = Math.hypot((low[0] + high[0]) / 2, (low[1] + high[1]) / 2);
  const speeds = armJoints.slice(0, 3).map((name) => {
    const { type, velocityLimit } = links.find(({ joint }) => joint?.name === name)!.joint!;
    return type === "revolute" ? velocityLimit * reach : velocityLimit;
  });
  const share = Math.min(1, side / SIDE, Math.min(...speeds) / SPEED);
  return Math.max(LEAST_STEP, Math.round(1000 * STEP * share) / 1000);
}

/**
 * Return how steep the reward of being near is for `robot`, per m: 5, and as much steeper as its tool's steps are shorter, since its ways are, too.
 *
 * @throws Nothing.
 * @example
 * const reach = reachTerm(simulation, cube, nearSteepness(simulation.model));
 */
export function nearSteepness({ toolStep = STEP }: RobotModel): number {
  return (STEEPNESS * STEP) / toolStep;
}

/**
 * Return the edge of the largest cube that the open gripper of `robot` goes down beside at any turn of the cube, m, in whole mm; 0 without a
 * gripper.
 *
 * @throws Nothing.
 * @example
 * const edge = Math.min(0.04, largestCube(findRobot("wx250s")));
 */
export function largestCube({ gripper }: RobotModel): number {
  if (!gripper) return 0;
  const opening = 2 * fingerOpening(gripper, gripper.open);
  return Math.max(0, Math.floor((1000 * (opening - ROOM)) / Math.SQRT2) / 1000);
}

/**
 * Return the force that each finger of `robot` presses with at most, N, by the effort limits of the gripper's joints; 0 without a gripper.
 *
 * Joints that have a servo pull together with the one that they mimic; a jaw that turns presses with its torque over the way of its tip.
 *
 * @throws Nothing.
 * @example
 * const heaviest = (2 * friction * gripForceLimit(findRobot("wx250s"))) / 9.81;
 */
export function gripForceLimit({ gripper, articulation: { links } }: RobotModel): number {
  if (!gripper) return 0;
  const efforts = links.map(({ joint }) => {
    if (joint?.name === gripper.joint) return joint.effortLimit;
    const pulls = joint?.mimic === gripper.joint && joint.stiffness + joint.damping > 0;
    return pulls ? Math.abs(joint.mimicRatio ?? 1) * joint.effortLimit : 0;
  });
  const effort = efforts.reduce((sum, one) => sum + one, 0);
  // the work of the joints is that of both fingers
  const ways = 2 * Math.abs(fingerOpening(gripper, 1) - fingerOpening(gripper, 0));
  return effort / ways;
}

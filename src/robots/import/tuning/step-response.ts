// How a joint of an arm follows a step of its target: simulated as in a task, gravity compensated, nothing touched.
import { Articulation } from "../../../physics/articulation/articulation.js";
import type { RobotModel } from "../../models/robot-model.js";

/** Physics steps per second, those of tasks, and how long it is watched, s. */
const RATE = 240;
const SECONDS = 2;
/** Largest step, rad or m; servos at their limit would show the limit. */
const STEP = { revolute: 0.05, prismatic: 0.02 } as const;
const TORQUE_SHARE = 0.5;
/** It has settled when it stays within this share of the step around where it comes to rest. */
const SETTLED = 0.02;

/** What a step shows. */
export interface StepResponse {
  /** s; infinite where it does not come to rest. */
  readonly settling: number;
  /** Share of the step. */
  readonly overshoot: number;
}

/** Step the target of `joint` (name) from the home posture of `robot`, away from the nearer limit. */
export function stepResponse(robot: RobotModel, joint: string): StepResponse {
  const arm = new Articulation(robot.articulation);
  arm.reset(robot.home);
  const link = robot.articulation.links.find((one) => one.joint?.name === joint)!.joint!;
  const dof = robot.armJoints.indexOf(joint);
  const from = arm.jointPositions[dof]!;
  const spare = link.effortLimit - Math.abs(arm.biasForces[dof]!);
  const size = Math.min(
    STEP[link.type],
    Math.max(0.1 * link.effortLimit, TORQUE_SHARE * spare) / link.stiffness,
  );
  const direction = link.upper - from > from - link.lower ? 1 : -1;
  arm.jointTargets[dof] = from + direction * size;
  let furthest = 0;
  let settled = Number.POSITIVE_INFINITY;
  for (let step = 1; step <= RATE * SECONDS; step++) {
    arm.feedForward.set(arm.biasForces);
    arm.predictVelocities(1 / RATE);
    arm.integrate(1 / RATE);
    arm.forwardKinematics();
    const moved = (direction * (arm.jointPositions[dof]! - from)) / size;
    furthest = Math.max(furthest, moved);
    if (!(Math.abs(moved - 1) <= SETTLED)) settled = Number.POSITIVE_INFINITY;
    else if (settled === Number.POSITIVE_INFINITY) settled = step / RATE;
  }
  return { settling: settled, overshoot: Math.max(0, furthest - 1) };
}

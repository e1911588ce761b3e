// Joint targets of a motion of the tool, computed once by inverse kinematics and played in both engines.
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { createController } from "../../../src/robots/control/create-controller.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { type Cell, play } from "./cell.js";

const CONTROL_RATE = 20;

/** A straight motion of the tool that starts and ends at rest. */
interface Move {
  /** s */
  readonly seconds: number;
  /** World, m. */
  readonly by?: readonly [number, number, number];
  /** 1 opens the gripper, -1 squeezes. */
  readonly gripper: number;
}

/** Where the tool starts. */
interface Start {
  readonly position: readonly [number, number, number];
  /** rad */
  readonly yaw: number;
  /** Position of the gripper's joint. */
  readonly fingers: number;
}

/** Joint positions at the start and the targets of each control step, one per degree of freedom. */
export interface ArmPlan {
  readonly start: readonly number[];
  readonly targets: readonly (readonly number[])[];
}

/** Plan `moves` one after the other. */
export function planArm(
  robot: RobotModel,
  { position, yaw, fingers }: Start,
  moves: readonly Move[],
): ArmPlan {
  const arm = new Articulation(robot.articulation);
  // planned by steps of one length for all robots: others round differently, and what slips while it is pushed tells
  const { toolStep: _, ...plain } = robot;
  const controller = createController("ee-delta-yaw", plain, arm);
  const { scale } = controller.actionEntries[0]!;
  controller.reset(position, yaw, fingers);
  const start = Array.from(arm.jointPositions);
  const smooth = (t: number) => t * t * (3 - 2 * t);
  const targets = moves.flatMap(({ seconds, by = [0, 0, 0], gripper }) => {
    const steps = Math.round(seconds * CONTROL_RATE);
    return Array.from({ length: steps }, (_, k) => {
      const share = smooth((k + 1) / steps) - smooth(k / steps);
      controller.setAction([...by.map((length) => (share * length) / scale), 0, gripper]);
      controller.beforeSubstep(1, 1);
      // the command may not run ahead of the arm: it follows at once
      arm.reset(arm.jointTargets.slice());
      return Array.from(arm.jointTargets);
    });
  });
  return { start, targets };
}

/** Play control steps `from` to `to` (excluded; s since the plan's start), each target approached evenly as our controllers do. */
export function playPlan(
  cell: Cell,
  { start, targets }: ArmPlan,
  from: number,
  to: number,
  numArmJoints: number,
): void {
  for (let k = Math.round(from * CONTROL_RATE); k < Math.round(to * CONTROL_RATE); k++) {
    const previous = targets[k - 1] ?? start;
    const target = targets[k]!;
    const towards = (share: number) =>
      target.map((end, dof) => (dof < numArmJoints ? previous[dof]! + share * (end - previous[dof]!) : end));
    cell.command(towards(cell.timestep * CONTROL_RATE));
    play(cell, 1 / CONTROL_RATE, (time) => cell.command(towards((time + cell.timestep) * CONTROL_RATE)));
  }
}

// What an action means to the arm: the control modes and what they have in common.
import type { Articulation } from "../physics/articulation.js";
import { EndEffectorController } from "./end-effector-controller.js";
import { JointController } from "./joint-controller.js";
import type { Region, RobotModel } from "./robot-model.js";

/** All control modes. */
export const CONTROL_MODES = [
  "ee-delta",
  "ee-delta-yaw",
  "joint-position",
  "joint-velocity",
  "joint-torque",
] as const;

/** One of the control modes. */
export type ControlMode = (typeof CONTROL_MODES)[number];

/** One number of an action; it runs from -1 to 1. */
export interface ActionEntry {
  readonly name: string;
  /** Unit of `scale` and `offset`. */
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** What the number does, in one line. */
  readonly meaning: string;
  /** Physical value of +1, less that of 0: physical = scale * action + offset. */
  readonly scale: number;
  /** Physical value of 0. */
  readonly offset: number;
}

/** How a controller is set up. */
export interface ControllerOptions {
  /** Whether the last action entry moves the fingers; default true. */
  readonly gripper?: boolean;
  /** Box that the commanded tool centre point is kept in; default: the robot's own. */
  readonly workspace?: Region;
}

/** State of a controller as plain data. */
export interface ControllerSnapshot {
  readonly commandedTcp: Float64Array;
  readonly commandedYaw: number;
  readonly commandedFingers: number;
  readonly armTargets: Float64Array;
}

/** Turns actions into joint targets, substep by substep. */
export interface Controller {
  readonly mode: ControlMode;
  readonly actionEntries: readonly ActionEntry[];
  /** Commanded tool centre point, world, m. [3] */
  readonly commandedTcp: Float64Array;
  /** rad */
  readonly commandedYaw: number;
  /** Commanded joint position of the gripper, m per finger or rad. */
  readonly commandedFingers: number;
  /** Place the arm, at rest, with the tool centre point at `position` (m), turned by `yaw`, fingers at `fingers` (joint position). */
  reset(position: ArrayLike<number>, yaw: number, fingers: number): void;
  /** Take the action that starts at `action[offset]`; every entry lies in [-1, 1]. */
  setAction(action: ArrayLike<number>, offset?: number): void;
  /** Set targets and feed-forward for substep `index` (1..count) of the control step. */
  beforeSubstep(index: number, count: number): void;
  snapshot(): ControllerSnapshot;
  restore(snapshot: ControllerSnapshot): void;
}

/** Make the controller of `mode` for an articulation built from `robot`. */
export function createController(
  mode: ControlMode,
  robot: RobotModel,
  articulation: Articulation,
  options: ControllerOptions = {},
): Controller {
  if (mode === "ee-delta" || mode === "ee-delta-yaw") {
    return new EndEffectorController(mode, robot, articulation, options);
  }
  return new JointController(mode, robot, articulation, options);
}

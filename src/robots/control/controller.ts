// What an action means to the arm: the control modes and what they have in common.
import type { ActionEntry } from "../../spaces/action-entry.js";
import type { Region } from "../models/robot-model.js";

/**
 * All control modes: the tool's pose by steps or as a place (position only, with yaw, or in full) followed by inverse
 * kinematics; by steps and followed as by a spring ("osc"); or the joints' positions, position steps, speeds or torques.
 */
export const CONTROL_MODES = [
  "ee-delta",
  "ee-delta-yaw",
  "ee-delta-pose",
  "ee-absolute",
  "ee-absolute-yaw",
  "ee-absolute-pose",
  "osc",
  "joint-position",
  "joint-delta",
  "joint-velocity",
  "joint-torque",
] as const;

/** One of the control modes. */
export type ControlMode = (typeof CONTROL_MODES)[number];

/** How a controller is set up. */
export interface ControllerOptions {
  /** Whether the last action entry moves the fingers; default true. */
  readonly gripper?: boolean;
  /** Box that the commanded tool centre point is kept in; default: the robot's own. */
  readonly workspace?: Region;
  /** Control steps per second; default 20. */
  readonly controlRate?: number;
  /**
   * Whether joints are moved no faster than the real ones can; default false. Joint targets are held back; in the modes of
   * torques ("osc", "joint-torque") a joint at its greatest speed is braked. "joint-position" and "joint-velocity" always
   * keep to half of it.
   */
  readonly rateLimits?: boolean;
}

/** State of a controller as plain data. */
export interface ControllerSnapshot {
  readonly commandedTcp: Float64Array;
  readonly commandedYaw: number;
  readonly commandedRotation: Float64Array;
  readonly commandedFingers: number;
  readonly armTargets: Float64Array;
  /** What joint targets are interpolated from, where they are. */
  readonly previousTargets: Float64Array;
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

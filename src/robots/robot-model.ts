// What an arm is, as plain data: its mechanism, its gripper, its tool centre point and its postures.
import type { Vec3 } from "../math/vector.js";
import type { ArticulationModel } from "../physics/model.js";

/** A parallel gripper whose two fingers share one degree of freedom. */
export interface GripperModel {
  /** Name of the joint that moves the fingers. */
  readonly joint: string;
  /** Joint position of the open gripper, m per finger. */
  readonly open: number;
  /** Commanded joint position that squeezes, m per finger; may lie below the joint's limit. */
  readonly closed: number;
  /** Names of the two finger links. */
  readonly fingerLinks: readonly [string, string];
}

/** A robot arm with a gripper. */
export interface RobotModel {
  /** Short name used in configs, for example "panda". */
  readonly id: string;
  /** Full name. */
  readonly title: string;
  readonly articulation: ArticulationModel;
  /** Names of the arm's joints from base to hand, gripper excluded; they are the first degrees of freedom. */
  readonly armJoints: readonly string[];
  /** Joint positions of the home pose, rad and m, one per degree of freedom. */
  readonly home: readonly number[];
  /** Posture that inverse kinematics leans to where the task leaves freedom, rad, one per arm joint. */
  readonly rest: readonly number[];
  readonly gripper: GripperModel;
  /** The tool centre point: a point fixed on a link, in that link's frame (m); the link's z axis points out of the hand. */
  readonly tcp: { readonly link: string; readonly offset: Vec3 };
  /** Where the numbers come from. */
  readonly source: string;
}

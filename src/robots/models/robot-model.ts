// What an arm is, as plain data: its mechanism, its gripper, its tool centre point, its postures and its workspace.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { ArticulationModel } from "../../physics/articulation/articulation-model.js";
import type { SceneShape } from "../../scene/scene.js";

/** A gripper with one degree of freedom: fingers that share it, or one jaw that turns against a fixed one. */
export interface GripperModel {
  /** Name of the joint that moves the fingers; its degree of freedom follows the arm's. */
  readonly joint: string;
  /** Joint position of the open gripper, m per finger or rad. */
  readonly open: number;
  /** Commanded joint position that squeezes, m per finger or rad; may lie below the joint's limit. */
  readonly closed: number;
  /** Names of the two links that hold an object between them. */
  readonly fingerLinks: readonly [string, string];
  /** How far each finger moves per unit of the joint, m per m or rad; below 0 where it closes upwards, default 1 (sliding fingers). */
  readonly lever?: number;
  /** Joint position at which the fingers meet; default 0. */
  readonly meets?: number;
  /** Joint position in tasks that do not grasp, rad or m; default 0. */
  readonly idle?: number;
  /** Inner faces of the two finger links; default: those of the last collision shape of each. */
  readonly pads?: readonly [FingerPad, FingerPad];
}

/** The face of a finger that an object is held with, in the frame of the finger's link. */
export interface FingerPad {
  /** Middle of the face, m. */
  readonly position: Vec3;
  /** Unit normal, out of the finger towards the other one. */
  readonly normal: Vec3;
}

/** A box of space, m. */
export interface Region {
  /** Lower corner, m. */
  readonly low: Vec3;
  /** Upper corner, m. */
  readonly high: Vec3;
}

/** The pose of a fixed base in the world. */
export interface BasePose {
  /** m */
  readonly position: Vec3;
  /** Turn from the world's axes, [x, y, z, w]. */
  readonly quaternion: Quat;
}

/** What a robot is drawn as, in the frames of its links. */
export interface RobotLooks {
  /** Shapes of the base; missing: drawn from the model's frames. */
  readonly base?: readonly SceneShape[];
  /** Shapes of links by name; a link that is missing is drawn from the model's frames, one without shapes is not drawn. */
  readonly links: Readonly<Record<string, readonly SceneShape[]>>;
}

/** A robot arm, with a gripper or without one. */
export interface RobotModel {
  /** Short name used in configs, for example "panda". */
  readonly id: string;
  /** Full name. */
  readonly title: string;
  /** Links and joints. */
  readonly articulation: ArticulationModel;
  /**
   * Where the fixed base stands in the world, default at the origin. The links that hang on it are placed in the world, this
   * pose included; it says where the base is drawn, with a pedestal under it where it stands above the table.
   */
  readonly base?: BasePose;
  /** Names of the arm's joints from base to hand, gripper excluded; they are the first degrees of freedom. */
  readonly armJoints: readonly string[];
  /** Joint positions of the home pose, rad and m, one per degree of freedom. */
  readonly home: readonly number[];
  /** Posture that inverse kinematics starts from and leans to where the task leaves freedom, rad, one per arm joint. */
  readonly rest: readonly number[];
  /** Absent: an arm without a hand. */
  readonly gripper?: GripperModel;
  /**
   * The tool frame: fixed on a link, at `offset` (m) and turned by `quaternion` (default none) in that link's frame.
   * Its z axis points out of the hand; two fingers move along its y axis, a single jaw along its x axis.
   */
  readonly tcp: { readonly link: string; readonly offset: Vec3; readonly quaternion?: Quat };
  /** Where the tool centre point may be commanded, hand pointing down. */
  readonly workspace: Region;
  /** Where tasks put objects and goals; heights are those of goals in the air. */
  readonly taskRegion: Region;
  /** Where the tool centre point starts an episode, m. */
  readonly start: Vec3;
  /** What it is drawn as; default: tubes and balls along the model's frames. */
  readonly looks?: RobotLooks;
  /** How far action 1 moves the commanded tool centre point in a control step, m; default 0.05. */
  readonly toolStep?: number;
  /** Where the numbers come from. */
  readonly source: string;
}

/** Return the index of the link that the gripper's joint moves; -1 where there is none. */
export function gripperLink({ gripper, articulation: { links } }: RobotModel): number {
  return gripper ? links.findIndex(({ joint }) => joint?.name === gripper.joint) : -1;
}

/**
 * Position of the gripper's joint when it is open; 0 where there is none.
 *
 * @throws Nothing.
 * @example
 * simulation.reset([0.5, 0, 0.2], openFingers(simulation.model));
 */
export function openFingers({ gripper }: RobotModel): number {
  return gripper?.open ?? 0;
}

/**
 * Position of the gripper's joint in tasks that do not grasp: the fingers are closed; 0 where there is none.
 *
 * @throws Nothing.
 * @example
 * simulation.reset([0.5, 0, 0.2], idleFingers(simulation.model));
 */
export function idleFingers({ gripper }: RobotModel): number {
  return gripper?.idle ?? 0;
}

/**
 * Return how far each finger is from where they meet, m, at `jointPosition` of the gripper's joint.
 *
 * @throws Nothing.
 * @example
 * const opening = fingerOpening(robot.gripper, robot.gripper.open);
 */
export function fingerOpening({ lever = 1, meets = 0 }: GripperModel, jointPosition: number): number {
  return lever * (jointPosition - meets);
}

/**
 * Return the position of the gripper's joint at which each finger is `opening` m from where they meet.
 *
 * @throws Nothing.
 * @example
 * const joint = fingerJoint(robot.gripper, 0.024);
 */
export function fingerJoint({ lever = 1, meets = 0 }: GripperModel, opening: number): number {
  return opening / lever + meets;
}

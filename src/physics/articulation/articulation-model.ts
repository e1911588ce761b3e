// What a jointed mechanism is made of, as plain data: links, joints, masses and collision shapes.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";

/** A collision shape, placed in the frame of its link; all are convex. */
export type CollisionShape =
  | {
      readonly type: "sphere";
      /** m */
      readonly radius: number;
      /** Centre in the link frame, m. */
      readonly position: Vec3;
    }
  | {
      readonly type: "box";
      /** Half of the edge lengths, m. */
      readonly halfExtents: Vec3;
      /** Centre in the link frame, m. */
      readonly position: Vec3;
      /** Orientation in the link frame; default none. */
      readonly quaternion?: Quat;
    }
  | {
      /** Along its own z axis. */
      readonly type: "capsule" | "cylinder";
      /** m */
      readonly radius: number;
      /** The straight part of a capsule, all of a cylinder, m. */
      readonly length: number;
      /** Centre in the link frame, m. */
      readonly position: Vec3;
      /** Orientation in the link frame; default none. */
      readonly quaternion?: Quat;
    }
  | {
      /** The convex hull of 4 to 64 points, not all in one plane. */
      readonly type: "convex";
      /** From `position`, which had best be their middle, m. */
      readonly points: readonly Vec3[];
      /** In the link frame, m. */
      readonly position: Vec3;
      /** Orientation in the link frame; default none. */
      readonly quaternion?: Quat;
    };

/** A joint with one degree of freedom and the servo that drives it. */
export interface JointModel {
  readonly name: string;
  /** Turning (rad) or sliding (m). */
  readonly type: "revolute" | "prismatic";
  /** Unit axis in the link frame. */
  readonly axis: Vec3;
  /** Lower position limit, rad or m. */
  readonly lower: number;
  /** Upper position limit, rad or m. */
  readonly upper: number;
  /** Greatest speed of the real joint, rad/s or m/s. */
  readonly velocityLimit: number;
  /** Greatest torque or force of the servo, N m or N. */
  readonly effortLimit: number;
  /** Servo position gain, N m/rad or N/m. */
  readonly stiffness: number;
  /** Servo velocity gain, N m s/rad or N s/m. */
  readonly damping: number;
  /** Reflected rotor inertia, kg m² or kg. */
  readonly armature: number;
  /** Viscous friction of the joint, N m s/rad or N s/m. */
  readonly viscousFriction: number;
  /** Dry friction of the joint, N m or N: it stands still under less than this, and is braked by it where it moves; default 0. */
  readonly dryFriction?: number;
  /**
   * Name of an earlier joint whose degree of freedom this joint shares (the second finger of a gripper). Without a `stiffness` and
   * a `damping` it has no servo of its own and its `effortLimit` counts for nothing: the leader's moves both.
   */
  readonly mimic?: string;
  /** Position of this joint per unit of the one that it mimics; not 0, default 1. */
  readonly mimicRatio?: number;
}

/** A rigid link. Links are listed parents first. */
export interface LinkModel {
  /** Unique in the articulation. */
  readonly name: string;
  /** Index of the parent link; -1 is the fixed base. */
  readonly parent: number;
  /** Origin in the parent frame at joint position 0, m. */
  readonly position: Vec3;
  /** Orientation in the parent frame at joint position 0. */
  readonly quaternion: Quat;
  /** kg */
  readonly mass: number;
  /** Centre of mass in the link frame, m. */
  readonly centerOfMass: Vec3;
  /** Rotational inertia about the centre of mass in the link frame: xx, yy, zz, xy, xz, yz, kg m². */
  readonly inertia: readonly [number, number, number, number, number, number];
  /** The joint to the parent; a link without one is welded on. */
  readonly joint?: JointModel;
  /** Shapes in the frame of the link. */
  readonly collision: readonly CollisionShape[];
}

/** A tree of links standing on a fixed base at the world origin. */
export interface ArticulationModel {
  readonly links: readonly LinkModel[];
  /** Pairs of names of links that are never tested against each other, because their shapes overlap by construction. */
  readonly mayOverlap?: readonly (readonly [string, string])[];
}

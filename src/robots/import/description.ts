// A robot as its file describes it, whatever the format: what readers produce and the importer makes a robot of.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Color } from "../../scene/scene.js";

/** Links and joints of a file, as written; lengths in m, angles in rad, masses in kg. */
export interface RobotDescription {
  readonly name: string;
  /** Names the file in errors. */
  readonly file: string;
  readonly links: readonly DescribedLink[];
  readonly joints: readonly DescribedJoint[];
  /** Pairs of links that the file says never touch each other. */
  readonly mayOverlap: readonly (readonly [string, string])[];
  /** Joint positions of a posture that the file names, by joint. */
  readonly posture?: ReadonlyMap<string, number>;
  /** What of the file was mended, assumed or left out by its reader, in sentences. */
  readonly notes: readonly string[];
}

/** A place in another frame. */
export interface Pose {
  /** m */
  readonly position: Vec3;
  readonly quaternion: Quat;
}

/** A rigid part; a frame has no inertial and no shapes. */
export interface DescribedLink {
  readonly name: string;
  /** Line of the file that it begins in. */
  readonly line: number;
  readonly inertial?: DescribedInertial;
  readonly collisions: readonly DescribedShape[];
  readonly visuals: readonly DescribedShape[];
  /**
   * What gives a link without inertial its mass; none where the list is empty.
   *
   * Missing where the file does not say: its collision shapes, of 1000 kg/m³.
   */
  readonly solids?: readonly DescribedSolid[];
}

/** How a link resists. */
export interface DescribedInertial {
  readonly line: number;
  readonly mass: number;
  /** In the link's frame. */
  readonly centerOfMass: Vec3;
  /** About the centre of mass, along the link's axes: xx, yy, zz, xy, xz, yz, kg m². */
  readonly inertia: readonly [number, number, number, number, number, number];
}

/** A shape placed in its link's frame. */
export interface DescribedShape {
  readonly line: number;
  readonly pose: Pose;
  readonly geometry: DescribedGeometry;
  /** Missing where the file gives none. */
  readonly color?: Color;
}

/** A shape that weighs. */
export interface DescribedSolid extends DescribedShape {
  /** kg; missing where the density counts. */
  readonly mass?: number;
  /** kg/m³ */
  readonly density: number;
}

/** A shape as written. */
export type DescribedGeometry =
  | { readonly type: "box"; readonly size: Vec3 }
  | { readonly type: "sphere"; readonly radius: number }
  | {
      /** Along z; `length` is the straight part of a capsule, all of a cylinder. */
      readonly type: "capsule" | "cylinder";
      readonly radius: number;
      readonly length: number;
    }
  | { readonly type: "mesh"; readonly filename: string; readonly scale: Vec3 }
  | {
      /** The convex hull of points. */
      readonly type: "convex";
      readonly points: readonly Vec3[];
    };

/** Kinds of joints that files have. */
export const JOINT_TYPES = ["revolute", "continuous", "prismatic", "fixed", "floating", "planar"] as const;

/** How a link hangs on another one. */
export interface DescribedJoint {
  readonly name: string;
  readonly line: number;
  readonly type: (typeof JOINT_TYPES)[number];
  readonly parent: string;
  readonly child: string;
  /** Of the child in the parent's frame where the joint is at 0. */
  readonly pose: Pose;
  /** Unit vector in the child's frame. */
  readonly axis: Vec3;
  /** Lower below upper; missing where the file gives none. */
  readonly limits?: readonly [lower: number, upper: number];
  /** Greatest torque or force, N m or N; missing where the file gives none. */
  readonly effort?: number;
  /** Greatest speed, rad/s or m/s; missing where the file gives none. */
  readonly velocity?: number;
  readonly mimic?: DescribedMimic;
  /** Viscous friction, N m s/rad or N s/m. */
  readonly damping: number;
  /** Dry friction, N m or N. */
  readonly friction: number;
  /** Reflected rotor inertia, kg m² or kg; missing where the file gives none. */
  readonly armature?: number;
  /** Whether the file has an actuator for it; missing where the file does not say. */
  readonly driven?: boolean;
  /** Gains of the servo that drives it; missing where the file gives none. */
  readonly servo?: DescribedServo;
  /** Positions that its servo may be commanded to, lower below upper; missing where the file does not say. */
  readonly command?: readonly [lower: number, upper: number];
}

/** A servo gives `stiffness` times the error of position less `damping` times the speed. */
export interface DescribedServo {
  /** N m/rad or N/m */
  readonly stiffness: number;
  /** N m s/rad or N s/m */
  readonly damping: number;
  /** Damping as a ratio of the critical one of the joint's own inertia at position 0 of all joints; then `damping` is 0. */
  readonly dampingRatio?: number;
}

/** The position of a joint is `multiplier` times another one's plus `offset`. */
export interface DescribedMimic {
  readonly joint: string;
  readonly multiplier: number;
  readonly offset: number;
}

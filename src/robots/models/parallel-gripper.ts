// Two fingers that slide towards each other and share one degree of freedom, as links of a robot model.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";

/** What a parallel gripper's fingers are made of; lengths in m, all in the hand's frame (z out of the hand). */
export interface FingerPair {
  /** Index of the hand's link. */
  readonly hand: number;
  /** Travel of each finger. */
  readonly stroke: number;
  /** Mass of each finger with the linkage that moves it, kg. */
  readonly mass: number;
  /** Centre of mass of the left finger at joint position 0. */
  readonly centerOfMass: Vec3;
  /** Principal inertia of each finger, kg m². */
  readonly inertia: Vec3;
  /** Half extents of the pad's box: width, thickness, length. */
  readonly pad: Vec3;
  /** Distance of the pad's centre from the hand's origin along z. */
  readonly padHeight: number;
  /** m/s */
  readonly velocityLimit: number;
  /** Force of each finger, N. */
  readonly effortLimit: number;
  readonly stiffness: number;
  readonly damping: number;
  readonly armature: number;
}

/** Make the links "left_finger" and "right_finger", moved by the joints "finger_left" and, mimicking it, "finger_right". */
export function fingerPair(pair: FingerPair): readonly [LinkModel, LinkModel] {
  const [width, thickness, length] = pair.pad;
  const finger = (side: "left" | "right"): LinkModel => {
    const joint: JointModel = {
      name: `finger_${side}`,
      type: "prismatic",
      axis: [0, 1, 0],
      lower: 0,
      upper: pair.stroke,
      velocityLimit: pair.velocityLimit,
      effortLimit: pair.effortLimit,
      stiffness: pair.stiffness,
      damping: pair.damping,
      armature: pair.armature,
      viscousFriction: 1,
      ...(side === "right" ? { mimic: "finger_left" } : {}),
    };
    return {
      name: `${side}_finger`,
      parent: pair.hand,
      position: [0, 0, 0],
      // the right finger is the left one turned half about the hand's z axis
      quaternion: side === "left" ? IDENTITY_QUATERNION : [0, 0, 1, 0],
      mass: pair.mass,
      centerOfMass: pair.centerOfMass,
      inertia: [...pair.inertia, 0, 0, 0],
      joint,
      collision: [
        { type: "box", halfExtents: [width, thickness, length], position: [0, thickness, pair.padHeight] },
      ],
    };
  };
  return [finger("left"), finger("right")];
}

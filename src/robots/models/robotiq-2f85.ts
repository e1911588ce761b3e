// The Robotiq 2F-85, simplified to two sliding fingers, on a flange.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import { fingerPair } from "./parallel-gripper.js";

/**
 * Make the links "hand", "left_finger" and "right_finger" on the link with index `flange`, the hand's frame at `position` (m), turned by
 * `quaternion`, z out of the flange.
 *
 * The 2F-85's fingers are moved by a linkage that lifts the pads by up to 1.4 cm as they open; here they slide, with the
 * pads where the linkage has them around an object of 4 cm, and each finger carries the mass of its whole linkage.
 */
export function robotiqOn(flange: number, position: Vec3, quaternion: Quat): readonly LinkModel[] {
  return [
    {
      name: "hand",
      parent: flange,
      position,
      quaternion,
      mass: 0.777441,
      centerOfMass: [0, -0.000027, 0.0462675],
      inertia: [0.000260285, 0.00022538, 0.000152709, 0, 0, -2.22158e-7],
      collision: [{ type: "box", halfExtents: [0.038, 0.05, 0.045], position: [0, 0, 0.055] }],
    },
    ...fingerPair({
      hand: flange + 1,
      stroke: 0.0425,
      mass: 0.0613,
      centerOfMass: [0, 0.02, 0.115],
      inertia: [4.5e-5, 4e-5, 1e-5],
      pad: [0.011, 0.006, 0.01875],
      padHeight: 0.1623,
      velocityLimit: 0.15,
      effortLimit: 60,
      stiffness: 2000,
      damping: 100,
      armature: 0.1,
    }),
  ];
}

// The hobby servo that moves every joint of the SO arms, an STS3215.
import type { Vec3 } from "../../math/vector.js";
import type { JointModel } from "../../physics/articulation/articulation-model.js";

/** Make a joint with this servo; limits in rad. */
export function sts3215(name: string, axis: Vec3, lower: number, upper: number): JointModel {
  return {
    name,
    type: "revolute",
    axis,
    lower,
    upper,
    velocityLimit: 4.7,
    effortLimit: 2.94,
    stiffness: 998.22,
    damping: 2.731,
    armature: 0.028,
    viscousFriction: 0.6,
  };
}

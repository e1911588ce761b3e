// URDF's way of writing a rotation.
import { multiplyQuaternions, type Quat, quaternionFromAxisAngle } from "../../../math/quaternion.js";
import type { Vec3 } from "../../../math/vector.js";

/** Return the rotation by roll, pitch and yaw (rad): about the fixed x axis, then y, then z. */
export function quaternionFromRpy([roll, pitch, yaw]: Vec3): Quat {
  if (roll === 0 && pitch === 0 && yaw === 0) return [0, 0, 0, 1];
  return multiplyQuaternions(
    quaternionFromAxisAngle([0, 0, 1], yaw),
    multiplyQuaternions(quaternionFromAxisAngle([0, 1, 0], pitch), quaternionFromAxisAngle([1, 0, 0], roll)),
  );
}

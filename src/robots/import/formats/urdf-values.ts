// URDF's way of writing places.
import { multiplyQuaternions, type Quat, quaternionFromAxisAngle } from "../../../math/quaternion.js";
import type { Vec3 } from "../../../math/vector.js";
import type { Pose } from "../description.js";
import type { XmlElement } from "./xml.js";
import { childOf, vectorOf } from "./xml-values.js";

/** Read the `<origin>` of an element; without one it is the identity. */
export function poseOf(element: XmlElement): Pose {
  const origin = childOf(element, "origin");
  if (!origin) return { position: [0, 0, 0], quaternion: [0, 0, 0, 1] };
  return {
    position: vectorOf(origin, "xyz", [0, 0, 0]),
    quaternion: quaternionFromRpy(vectorOf(origin, "rpy", [0, 0, 0])),
  };
}

/** Return the rotation by roll, pitch and yaw (rad): about the fixed x axis, then y, then z. */
export function quaternionFromRpy([roll, pitch, yaw]: Vec3): Quat {
  if (roll === 0 && pitch === 0 && yaw === 0) return [0, 0, 0, 1];
  return multiplyQuaternions(
    quaternionFromAxisAngle([0, 0, 1], yaw),
    multiplyQuaternions(quaternionFromAxisAngle([0, 1, 0], pitch), quaternionFromAxisAngle([1, 0, 0], roll)),
  );
}

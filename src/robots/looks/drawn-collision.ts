// What a collision shape looks like.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { CollisionShape } from "../../physics/articulation/articulation-model.js";
import type { Color, SceneShape } from "../../scene/scene.js";

/** Return `shape` as it is drawn in its link's frame. */
export function drawnCollision(shape: CollisionShape, color: Color): SceneShape {
  const { position } = shape;
  if (shape.type === "sphere")
    return { type: "sphere", radius: shape.radius, position, quaternion: IDENTITY_QUATERNION, color };
  const { quaternion = IDENTITY_QUATERNION } = shape;
  if (shape.type === "box") {
    const [x, y, z] = shape.halfExtents;
    return { type: "box", size: [2 * x, 2 * y, 2 * z], position, quaternion, color };
  }
  if (shape.type === "convex") return { type: "convex", points: shape.points, position, quaternion, color };
  return { type: shape.type, radius: shape.radius, length: shape.length, position, quaternion, color };
}

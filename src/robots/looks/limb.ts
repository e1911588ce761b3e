// A capsule between two points.
import type { Quat } from "../../math/quaternion.js";
import { subtract, type Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";

/** A capsule whose round ends are centred on `from` and `to`. */
export function limb(from: Vec3, to: Vec3, radius: number, color: Color): SceneShape {
  const way = subtract(to, from);
  const length = Math.hypot(...way);
  const [x, y, z] = way.map((v) => v / length) as [number, number, number];
  // the shortest turn from z to the direction
  const w = 1 + z;
  const norm = Math.hypot(x, y, w);
  const quaternion: Quat = w < 1e-9 ? [1, 0, 0, 0] : [-y / norm, x / norm, 0, w / norm];
  const position = from.map((v, k) => v + way[k]! / 2) as [number, number, number];
  return { type: "capsule", radius, length, position, quaternion, color };
}

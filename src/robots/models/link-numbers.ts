// Numbers of links as public robot descriptions write them, as ours.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape, LinkModel } from "../../physics/articulation/articulation-model.js";
import { turnedInertia } from "../import/inertia.js";

const HALF = Math.SQRT1_2;

/** A quarter turn about x. */
export const TURN_PLUS_X: Quat = [HALF, 0, 0, HALF];
/** A quarter turn back about x. */
export const TURN_MINUS_X: Quat = [-HALF, 0, 0, HALF];
/** A quarter turn about y. */
export const TURN_PLUS_Y: Quat = [0, HALF, 0, HALF];

/** Make spheres of one radius (m) in the frame of their link. */
export function spheres(radius: number, ...positions: readonly Vec3[]): CollisionShape[] {
  return positions.map((position) => ({ type: "sphere", radius, position }));
}

/** Make a box of half extents (m) in the frame of its link. */
export function box(halfExtents: Vec3, position: Vec3, quaternion?: Quat): CollisionShape {
  return { type: "box", halfExtents, position, ...(quaternion ? { quaternion } : {}) };
}

/** Turn principal moments (kg m²) into the link's frame; the turn as MuJoCo writes it: w first, of any length. */
export function principal(
  [xx, yy, zz]: Vec3,
  [w, x, y, z]: readonly [number, number, number, number],
): LinkModel["inertia"] {
  const length = Math.hypot(w, x, y, z);
  return turnedInertia([xx, yy, zz, 0, 0, 0], [x / length, y / length, z / length, w / length]);
}

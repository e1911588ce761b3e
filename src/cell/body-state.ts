// Where bodies are and how they move, as [x, y, z] arrays.
import type { Quat } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";
import type { FreeBody } from "../physics/bodies/free-body.js";

/**
 * Return the world position of a body, m.
 *
 * @throws Nothing.
 * @example
 * const [, , height] = positionOf(cube);
 */
export function positionOf({ position: { x, y, z } }: FreeBody): Vec3 {
  return [x, y, z];
}

/**
 * Return the velocity of a body in the world, m/s.
 *
 * @throws Nothing.
 * @example
 * const isAtRest = Math.hypot(...velocityOf(cube)) < 0.05;
 */
export function velocityOf({ velocity: { x, y, z } }: FreeBody): Vec3 {
  return [x, y, z];
}

/**
 * Return how a body is turned in the world.
 *
 * @throws Nothing.
 * @example
 * const axis = rotateVector(quaternionOf(peg), [0, 0, 1]);
 */
export function quaternionOf({ quaternion: { x, y, z, w } }: FreeBody): Quat {
  return [x, y, z, w];
}

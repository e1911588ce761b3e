// Where the scene can be looked at from.
import type { Vec3 } from "../../src/math/vector.js";

/** From what is seen to the camera, by name; never straight up, where the picture's sides would be undefined. */
const DIRECTIONS = {
  start: [1.15, -0.98, 0.52],
  front: [1.65, 0, 0.2],
  left: [0.1, 1.7, 0.15],
  right: [0.1, -1.7, 0.15],
  top: [0.0001, 0, 1],
  close: [0.41, -0.46, 0.26],
} as const satisfies Readonly<Record<string, Vec3>>;

/** Name of a point of view. */
export type ViewName = keyof typeof DIRECTIONS;

/** Tell whether `name` is a point of view. */
export function isViewName(name: string): name is ViewName {
  return Object.hasOwn(DIRECTIONS, name);
}

/** Return the direction from what is seen to the camera. */
export function directionOf(name: ViewName): Vec3 {
  return DIRECTIONS[name];
}

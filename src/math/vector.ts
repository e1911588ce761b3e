// Three-vectors as plain tuples: metres, world z up.

/** A vector or point `[x, y, z]`. */
export type Vec3 = readonly [number, number, number];

/**
 * Return the vector from `from` to `to`.
 *
 * @throws Nothing.
 * @example
 * const way = subtract(goal, cube.position);
 */
export function subtract(to: ArrayLike<number>, from: ArrayLike<number>): Vec3 {
  return [to[0]! - from[0]!, to[1]! - from[1]!, to[2]! - from[2]!];
}

/**
 * Return how far two points are apart, m.
 *
 * @throws Nothing.
 * @example
 * const away = distance(cube.position, simulation.goal);
 */
export function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Math.hypot(one[0]! - other[0]!, one[1]! - other[1]!, one[2]! - other[2]!);
}

/** Return the sum of two vectors. */
export function add(one: Vec3, other: Vec3): Vec3 {
  return [one[0] + other[0], one[1] + other[1], one[2] + other[2]];
}

/** Return `factor` times a vector. */
export function scale(factor: number, vector: Vec3): Vec3 {
  return [factor * vector[0], factor * vector[1], factor * vector[2]];
}

/** Return the inner product of two vectors. */
export function dot(one: Vec3, other: Vec3): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

/** Return the unit vector along `vector`; undefined where that is shorter than 1e-9. */
export function unit(vector: Vec3): Vec3 | undefined {
  const length = Math.hypot(...vector);
  return length < 1e-9 ? undefined : scale(1 / length, vector);
}

/** Return the vector product of two vectors. */
export function cross([ax, ay, az]: Vec3, [bx, by, bz]: Vec3): Vec3 {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

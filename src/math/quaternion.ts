// Quaternions as plain tuples `[x, y, z, w]` (cannon-es and three.js agree; MuJoCo writes w first).
import type { Vec3 } from "./vector.js";

/** A unit quaternion `[x, y, z, w]`. */
export type Quat = readonly [number, number, number, number];

/** The rotation that changes nothing. */
export const IDENTITY_QUATERNION: Quat = [0, 0, 0, 1];

/**
 * Build the rotation by `angle` radians about the unit vector `axis`.
 *
 * @throws Nothing.
 * @example
 * const yaw = quaternionFromAxisAngle([0, 0, 1], Math.PI / 4);
 */
export function quaternionFromAxisAngle(axis: Vec3, angle: number): Quat {
  const sine = Math.sin(angle / 2);
  return [axis[0] * sine, axis[1] * sine, axis[2] * sine, Math.cos(angle / 2)];
}

/**
 * Multiply two rotations: the result applies `b` first, then `a`.
 *
 * @throws Nothing.
 * @example
 * const turned = multiplyQuaternions(yaw, orientation);
 */
export function multiplyQuaternions(a: Quat, b: Quat): Quat {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/**
 * Rotate `vector` by the unit quaternion `rotation`.
 *
 * @throws Nothing.
 * @example
 * const axis = rotateVector(orientation, [0, 0, 1]);
 */
export function rotateVector(rotation: Quat, vector: Vec3): Vec3 {
  const [x, y, z, w] = rotation;
  const [vx, vy, vz] = vector;
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  return [vx + w * tx + y * tz - z * ty, vy + w * ty + z * tx - x * tz, vz + w * tz + x * ty - y * tx];
}

/**
 * Return how far a rotation turns about the vertical, rad, from -pi to pi: the yaw of roll, pitch and yaw.
 *
 * @throws Nothing.
 * @example
 * const turn = yawOf(cube.quaternion);
 */
export function yawOf([x, y, z, w]: Quat): number {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

/** Return the quaternion of a rotation matrix, flat and row-major (Shepperd's method). */
export function quaternionFromRotation(R: ArrayLike<number>): Quat {
  const entry = (row: number, column: number) => R[3 * row + column]!;
  const [a, b, c] = [entry(0, 0), entry(1, 1), entry(2, 2)];
  const squares = [1 + a - b - c, 1 - a + b - c, 1 - a - b + c, 1 + a + b + c];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]!);
  const [x, y, z] = [entry(2, 1) - entry(1, 2), entry(0, 2) - entry(2, 0), entry(1, 0) - entry(0, 1)];
  if (largest === 3) return [x / s, y / s, z / s, s / 4];
  const xy = entry(1, 0) + entry(0, 1);
  const xz = entry(0, 2) + entry(2, 0);
  const yz = entry(2, 1) + entry(1, 2);
  if (largest === 0) return [s / 4, xy / s, xz / s, x / s];
  if (largest === 1) return [xy / s, s / 4, yz / s, y / s];
  return [xz / s, yz / s, s / 4, z / s];
}

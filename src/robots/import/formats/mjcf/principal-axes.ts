// Principal moments and axes of an inertia.
import { type Quat, quaternionFromRotation } from "../../../../math/quaternion.js";
import type { Vec3 } from "../../../../math/vector.js";
import type { Inertia } from "./solids.js";

const SWEEPS = 30;

/** Return the moments and the rotation whose axes they are about (Jacobi's method). */
export function principalAxes([xx, yy, zz, xy, xz, yz]: Inertia): {
  readonly moments: Vec3;
  readonly rotation: Quat;
} {
  const A = [xx, xy, xz, xy, yy, yz, xz, yz, zz];
  const V = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (A[3 * p + q] !== 0) turn(A, V, p, q);
    }
  }
  return { moments: [A[0]!, A[4]!, A[8]!], rotation: quaternionFromRotation(V) };
}

/** Turn the axes p and q so that the entry between them vanishes. */
function turn(A: number[], V: number[], p: number, q: number): void {
  const theta = (A[3 * q + q]! - A[3 * p + p]!) / (2 * A[3 * p + q]!);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const rotateColumns = (M: number[]) => {
    for (let row = 0; row < 3; row++) {
      const [a, b] = [M[3 * row + p]!, M[3 * row + q]!];
      M[3 * row + p] = c * a - s * b;
      M[3 * row + q] = s * a + c * b;
    }
  };
  rotateColumns(A);
  for (let column = 0; column < 3; column++) {
    const [a, b] = [A[3 * p + column]!, A[3 * q + column]!];
    A[3 * p + column] = c * a - s * b;
    A[3 * q + column] = s * a + c * b;
  }
  A[3 * p + q] = 0;
  A[3 * q + p] = 0;
  rotateColumns(V);
}

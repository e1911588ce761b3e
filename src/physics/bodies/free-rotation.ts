// How a rigid body turns while nothing touches it.
import { rotationMatrix } from "../collision/collider-set.js";
import type { FreeBody } from "./free-body.js";

/** Turns by less than this in a step leave the angular velocity as it is, rad. */
const SMALL_TURN = 1e-6;
/** Longer turns are cut into parts, rad. */
const LONG_TURN = 0.1;
const MOST_PARTS = 32;
const MOST_ITERATIONS = 8;

const rotation = new Float64Array(9);
const momentum = new Float64Array(3);
const middle = new Float64Array(3);
/** Rows of [J | residual] of the Newton step. */
const system = new Float64Array(12);

/**
 * Move `body` by `timestep` (s) at its velocities, its angular momentum staying what it is in the world.
 *
 * The implicit midpoint rule conserves the energy as well, to rounding (its two invariants are quadratic); solved by Newton's
 * method in the body's frame: R' = R cay(h ω), I ω = m + h/2 (I ω) × ω, m the angular momentum at the start (Hairer, Lubich
 * and Wanner, Geometric Numerical Integration, 2006, sections IV.2 and VII.5).
 */
export function drift(freeBody: FreeBody, timestep: number): void {
  const { body, inertia } = freeBody;
  const { position, velocity: v, angularVelocity: w, quaternion: q } = body;
  position.x += v.x * timestep;
  position.y += v.y * timestep;
  position.z += v.z * timestep;
  const turn = timestep * Math.sqrt(w.x * w.x + w.y * w.y + w.z * w.z);
  if (inertia === undefined || turn < SMALL_TURN) {
    q.integrate(w, timestep, body.angularFactor, q);
    q.normalize();
  } else {
    const parts = Math.min(MOST_PARTS, Math.ceil(turn / LONG_TURN));
    turnFreely(freeBody, inertia, timestep / parts, parts);
  }
  body.updateInertiaWorld();
}

function turnFreely({ body }: FreeBody, I: Float64Array, timestep: number, parts: number): void {
  const { angularVelocity: w, quaternion: q } = body;
  const R = rotationMatrix(q.x, q.y, q.z, q.w, rotation);
  // the angular velocity and momentum in the body's frame
  for (let k = 0; k < 3; k++) middle[k] = R[k]! * w.x + R[3 + k]! * w.y + R[6 + k]! * w.z;
  for (let k = 0; k < 3; k++) momentum[k] = row(I, k, middle);
  const [m0, m1, m2] = [momentum[0]!, momentum[1]!, momentum[2]!];
  const lx = R[0]! * m0 + R[1]! * m1 + R[2]! * m2;
  const ly = R[3]! * m0 + R[4]! * m1 + R[5]! * m2;
  const lz = R[6]! * m0 + R[7]! * m1 + R[8]! * m2;
  const half = timestep / 2;
  for (let part = 0; part < parts; part++) {
    solveMiddle(I, half);
    const [x, y, z] = [middle[0]!, middle[1]!, middle[2]!];
    const [px, py, pz] = [row(I, 0, middle), row(I, 1, middle), row(I, 2, middle)];
    momentum[0]! += timestep * (py * z - pz * y);
    momentum[1]! += timestep * (pz * x - px * z);
    momentum[2]! += timestep * (px * y - py * x);
    const { x: qx, y: qy, z: qz, w: qw } = q;
    q.x = qx + half * (qw * x + qy * z - qz * y);
    q.y = qy + half * (qw * y + qz * x - qx * z);
    q.z = qz + half * (qw * z + qx * y - qy * x);
    q.w = qw - half * (qx * x + qy * y + qz * z);
    q.normalize();
  }
  // from the momentum in the world, so that no error of the parts is left in it
  rotationMatrix(q.x, q.y, q.z, q.w, rotation);
  for (let k = 0; k < 3; k++) momentum[k] = R[k]! * lx + R[3 + k]! * ly + R[6 + k]! * lz;
  for (let k = 0; k < 3; k++) {
    for (let j = 0; j < 3; j++) system[4 * k + j] = I[3 * k + j]!;
    system[4 * k + 3] = momentum[k]!;
  }
  solveSystem();
  const [x, y, z] = [system[3]!, system[7]!, system[11]!];
  w.x = R[0]! * x + R[1]! * y + R[2]! * z;
  w.y = R[3]! * x + R[4]! * y + R[5]! * z;
  w.z = R[6]! * x + R[7]! * y + R[8]! * z;
}

/** Improve `middle` until I ω = m + half (I ω) × ω. */
function solveMiddle(I: Float64Array, half: number): void {
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const [x, y, z] = [middle[0]!, middle[1]!, middle[2]!];
    const [px, py, pz] = [row(I, 0, middle), row(I, 1, middle), row(I, 2, middle)];
    // derivative of (I ω) × ω: [I ω]× less [ω]× I
    for (let j = 0; j < 3; j++) {
      const [a, b, c] = [I[j]!, I[3 + j]!, I[6 + j]!];
      system[j] = a + half * (y * c - z * b);
      system[4 + j] = b + half * (z * a - x * c);
      system[8 + j] = c + half * (x * b - y * a);
    }
    system[1]! += half * pz;
    system[2]! -= half * py;
    system[4]! -= half * pz;
    system[6]! += half * px;
    system[8]! += half * py;
    system[9]! -= half * px;
    system[3] = momentum[0]! + half * (py * z - pz * y) - px;
    system[7] = momentum[1]! + half * (pz * x - px * z) - py;
    system[11] = momentum[2]! + half * (px * y - py * x) - pz;
    solveSystem();
    const [dx, dy, dz] = [system[3]!, system[7]!, system[11]!];
    middle[0] = x + dx;
    middle[1] = y + dy;
    middle[2] = z + dz;
    if (dx * dx + dy * dy + dz * dz <= 1e-26 * (x * x + y * y + z * z)) return;
  }
}

/** Solve the 3 x 3 `system` by Cramer's rule; the solution takes the place of its right-hand side. */
function solveSystem(): void {
  const S = system;
  const c0 = S[5]! * S[10]! - S[6]! * S[9]!;
  const c1 = S[6]! * S[8]! - S[4]! * S[10]!;
  const c2 = S[4]! * S[9]! - S[5]! * S[8]!;
  const scale = 1 / (S[0]! * c0 + S[1]! * c1 + S[2]! * c2);
  const [a, b, c] = [S[3]!, S[7]!, S[11]!];
  S[3] = scale * (a * c0 + b * (S[2]! * S[9]! - S[1]! * S[10]!) + c * (S[1]! * S[6]! - S[2]! * S[5]!));
  S[7] = scale * (a * c1 + b * (S[0]! * S[10]! - S[2]! * S[8]!) + c * (S[2]! * S[4]! - S[0]! * S[6]!));
  S[11] = scale * (a * c2 + b * (S[1]! * S[8]! - S[0]! * S[9]!) + c * (S[0]! * S[5]! - S[1]! * S[4]!));
}

function row(M: Float64Array, k: number, x: Float64Array): number {
  return M[3 * k]! * x[0]! + M[3 * k + 1]! * x[1]! + M[3 * k + 2]! * x[2]!;
}

// A spring by which a hand pulls at a body or a link, as the mouse does in MuJoCo's viewer.
import type { Vec3 } from "../../math/vector.js";
import type { ArticulationKinematics } from "../articulation/articulation-kinematics.js";
import { rotationMatrix } from "../collision/collider-set.js";
import type { FreeBody } from "./free-body.js";

/** From a point of a body to a target in the world. */
export interface SpringPull {
  /** In the frame of the body or link, m. */
  readonly point: Vec3;
  /** World, m. */
  readonly target: Vec3;
}

/** An arm of which it is known how it answers to a push. */
interface PulledArm extends ArticulationKinematics {
  readonly cholesky: Float64Array;
  readonly inverseDiagonal: Float64Array;
}

/** Frequency of the critically damped spring, 1/s. MuJoCo's is 10: what hangs there, hangs 10 cm below the hand. */
const FREQUENCY = 20;
/** The same for a link: an arm stands firm by its servos. */
const LINK_FREQUENCY = 30;
/** A target further away than this pulls no harder, m. */
const LONGEST = 0.3;
/** A point of a link that answers to forces by less than this stands still, 1/kg. */
const LEAST_LOOSENESS = 1e-9;

const rotation = new Float64Array(9);

/** Change the velocities of a free body by the pull of one time step (s). */
export function pullBody({ body }: FreeBody, { point, target }: SpringPull, timestep: number): void {
  const { position: p, quaternion: q, velocity: v, angularVelocity: w, invMass, invInertiaWorld } = body;
  const R = rotationMatrix(q.x, q.y, q.z, q.w, rotation);
  const arm = rotate(R, 0, point);
  const [rx, ry, rz] = arm;
  const I = invInertiaWorld.elements;
  // trace of the point's inverse inertia: 3 / m + Σ (r x e) · I⁻¹ (r x e) over the axes e
  let looseness = 3 * invMass;
  for (const lever of [[0, rz, -ry] as const, [-rz, 0, rx] as const, [ry, -rx, 0] as const]) {
    const turned = multiply(I, lever);
    looseness += dot(lever, turned);
  }
  const moving: Vec3 = [v.x + w.y * rz - w.z * ry, v.y + w.z * rx - w.x * rz, v.z + w.x * ry - w.y * rx];
  const start: Vec3 = [p.x + rx, p.y + ry, p.z + rz];
  const [fx, fy, fz] = springForce(start, target, moving, 3 / looseness, FREQUENCY);
  const [wx, wy, wz] = multiply(I, [ry * fz - rz * fy, rz * fx - rx * fz, rx * fy - ry * fx]);
  v.set(v.x + timestep * invMass * fx, v.y + timestep * invMass * fy, v.z + timestep * invMass * fz);
  w.set(w.x + timestep * wx, w.y + timestep * wy, w.z + timestep * wz);
}

/** Add the pull at `link` of one time step (s) to the joint impulses [numDofs]; needs the factored mass matrix. */
export function addLinkPull(
  arm: PulledArm,
  link: number,
  { point, target }: SpringPull,
  timestep: number,
  impulse: Float64Array,
): void {
  const { numDofs, linkPositions: P, linkRotations: R, jointVelocities } = arm;
  const offset = rotate(R, 9 * link, point);
  const start = offset.map((value, k) => value + P[3 * link + k]!) as unknown as Vec3;
  const jacobians = AXES.map(([x, y, z]) => {
    const row = new Float64Array(numDofs);
    arm.addJacobian(link, ...start, x, y, z, 1, row, 0);
    return row;
  });
  const looseness = jacobians.reduce((sum, row) => sum + response(arm, row), 0);
  if (looseness < LEAST_LOOSENESS) return;
  const moving = jacobians.map((row) => row.reduce((sum, rate, k) => sum + rate * jointVelocities[k]!, 0));
  const force = springForce(start, target, moving as unknown as Vec3, 3 / looseness, LINK_FREQUENCY);
  for (let k = 0; k < numDofs; k++) {
    for (let axis = 0; axis < 3; axis++) impulse[k]! += timestep * jacobians[axis]![k]! * force[axis]!;
  }
}

const AXES: readonly Vec3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

function springForce(start: Vec3, target: Vec3, velocity: Vec3, mass: number, frequency: number): Vec3 {
  const way = target.map((value, k) => value - start[k]!);
  const length = Math.hypot(...way);
  const share = length > LONGEST ? LONGEST / length : 1;
  const force = way.map(
    (value, k) => mass * (frequency * frequency * share * value - 2 * frequency * velocity[k]!),
  );
  return force as unknown as Vec3;
}

/** Jᵀ M⁻¹ J of one Jacobian row, by forward substitution. */
function response({ numDofs: n, cholesky: L, inverseDiagonal }: PulledArm, row: Float64Array): number {
  const solved = row.slice();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let value = solved[i]!;
    for (let k = 0; k < i; k++) value -= L[i * n + k]! * solved[k]!;
    solved[i] = value * inverseDiagonal[i]!;
    sum += solved[i]! ** 2;
  }
  return sum;
}

function rotate(R: Float64Array, o: number, [x, y, z]: Vec3): Vec3 {
  return [
    R[o]! * x + R[o + 1]! * y + R[o + 2]! * z,
    R[o + 3]! * x + R[o + 4]! * y + R[o + 5]! * z,
    R[o + 6]! * x + R[o + 7]! * y + R[o + 8]! * z,
  ];
}

function multiply(M: ArrayLike<number>, [x, y, z]: Vec3): Vec3 {
  return [
    M[0]! * x + M[1]! * y + M[2]! * z,
    M[3]! * x + M[4]! * y + M[5]! * z,
    M[6]! * x + M[7]! * y + M[8]! * z,
  ];
}

function dot([a, b, c]: Vec3, [x, y, z]: Vec3): number {
  return a * x + b * y + c * z;
}

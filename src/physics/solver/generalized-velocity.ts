// The velocities the solver corrects: the arm's, whitened, and those of the free bodies, in flat arrays.
import type { Quaternion as CannonQuaternion, Vec3 as CannonVec3 } from "cannon-es";
import type { Articulation } from "../articulation/articulation.js";
import type { FreeBody } from "../bodies/free-body.js";
import { rotationMatrix } from "../collision/collider-set.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;

/** Predicts all velocities without contacts and takes the corrected ones back. */
export class GeneralizedVelocity {
  /** z = Lᵀ q̇ of the arm, so that its inertia is the identity. [numDofs] */
  readonly arm: Float64Array;
  /** Angular, then linear velocity of each free body, world. [numBodies, 6] */
  readonly free: Float64Array;
  /** World inverse inertia of each free body, row-major. [numBodies, 9] */
  readonly inverseInertias: Float64Array;
  /** 1/kg. [numBodies] */
  readonly inverseMasses: Float64Array;
  /** Centres of mass, m. [numBodies, 3] */
  readonly centres: Float64Array;
  private readonly articulation: Articulation | undefined;
  private readonly freeBodies: readonly FreeBody[];
  private readonly predictedArm: Float64Array;
  private readonly predictedFree: Float64Array;

  constructor(freeBodies: readonly FreeBody[], articulation: Articulation | undefined) {
    this.articulation = articulation;
    this.freeBodies = freeBodies;
    this.arm = new Float64Array(articulation?.numDofs ?? 0);
    this.free = new Float64Array(6 * freeBodies.length);
    this.inverseInertias = new Float64Array(9 * freeBodies.length);
    this.inverseMasses = new Float64Array(freeBodies.length);
    this.centres = new Float64Array(3 * freeBodies.length);
    this.predictedArm = new Float64Array(this.arm.length);
    this.predictedFree = new Float64Array(this.free.length);
  }

  /** Advance all velocities by `timestep` (s) without contacts. */
  predict(timestep: number, gravity: CannonVec3): void {
    const { articulation, arm, free, freeBodies, inverseInertias, inverseMasses, centres } = this;
    if (articulation) {
      articulation.predictVelocities(timestep);
      const { cholesky: L, jointVelocities } = articulation;
      const numDofs = articulation.numDofs & SMALL;
      for (let i = 0; i < numDofs; i++) {
        let sum = 0;
        for (let k = i; k < numDofs; k++) sum += L[k * numDofs + i]! * jointVelocities[k]!;
        arm[i] = sum;
      }
    }
    for (let index = 0; index < freeBodies.length; index++) {
      const { body, inverseInertia } = freeBodies[index]!;
      const { velocity: v, angularVelocity: w, position, invInertiaWorld } = body;
      const o = 6 * index;
      inverseMasses[index] = body.invMass;
      free[o] = w.x;
      free[o + 1] = w.y;
      free[o + 2] = w.z;
      free[o + 3] = v.x + timestep * gravity.x;
      free[o + 4] = v.y + timestep * gravity.y;
      free[o + 5] = v.z + timestep * gravity.z;
      centres[3 * index] = position.x;
      centres[3 * index + 1] = position.y;
      centres[3 * index + 2] = position.z;
      const { elements } = invInertiaWorld;
      if (inverseInertia) turnInertia(inverseInertia, body.quaternion, elements);
      for (let k = 0; k < 9; k++) inverseInertias[9 * index + k] = elements[k]!;
    }
  }

  /** Remember the velocities, to go `back` to. */
  keep(): void {
    const { arm, free, predictedArm, predictedFree } = this;
    for (let k = 0; k < arm.length; k++) predictedArm[k] = arm[k]!;
    for (let k = 0; k < free.length; k++) predictedFree[k] = free[k]!;
  }

  /** Be what was kept. */
  back(): void {
    this.arm.set(this.predictedArm);
    this.free.set(this.predictedFree);
  }

  /** Write the velocities back; those of the joints only where `armTouched`, else the prediction stands. */
  store(armTouched: boolean): void {
    const { articulation, arm, free, freeBodies } = this;
    if (articulation && armTouched) {
      const { cholesky: L, inverseDiagonal, jointVelocities } = articulation;
      const numDofs = articulation.numDofs & SMALL;
      for (let next = numDofs; next > 0; next--) {
        const i = (next - 1) & SMALL;
        let value = arm[i]!;
        for (let k = i + 1; k < numDofs; k++) value -= L[k * numDofs + i]! * jointVelocities[k]!;
        jointVelocities[i] = value * inverseDiagonal[i]!;
      }
    }
    for (let index = 0; index < freeBodies.length; index++) {
      const { velocity, angularVelocity } = freeBodies[index]!.body;
      const o = 6 * index;
      angularVelocity.x = free[o]!;
      angularVelocity.y = free[o + 1]!;
      angularVelocity.z = free[o + 2]!;
      velocity.x = free[o + 3]!;
      velocity.y = free[o + 4]!;
      velocity.z = free[o + 5]!;
    }
  }
}

const rotation = new Float64Array(9);
const half = new Float64Array(9);

/** Write R M Rᵀ to `out[9]`, R being the rotation of `q`. */
function turnInertia(M: Float64Array, { x, y, z, w }: CannonQuaternion, out: number[]): void {
  const R = rotationMatrix(x, y, z, w, rotation);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      half[3 * i + j] = R[3 * i]! * M[j]! + R[3 * i + 1]! * M[3 + j]! + R[3 * i + 2]! * M[6 + j]!;
    }
  }
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      out[3 * i + j] =
        half[3 * i]! * R[3 * j]! + half[3 * i + 1]! * R[3 * j + 1]! + half[3 * i + 2]! * R[3 * j + 2]!;
    }
  }
}

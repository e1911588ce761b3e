// What moves an arm: bias forces by recursive Newton-Euler, the mass matrix by composite rigid bodies.
import { ArticulationKinematics } from "./articulation-kinematics.js";
import type { ArticulationModel } from "./articulation-model.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;
/** The same for the number of an entry of a list. */
const LESS_SMALL = 0xfffffff;

/**
 * Add masses to the kinematics.
 *
 * A spatial inertia about the world origin is stored as 10 numbers: mass, mass times centre (3), and the rotational
 * inertia xx, yy, zz, xy, xz, yz (Featherstone 2008, chapters 5 and 6).
 */
export class ArticulationDynamics extends ArticulationKinematics {
  /** Gravity and velocity-dependent forces, N m or N, [numDofs]; what a servo must push to stand still. */
  readonly biasForces: Float64Array;
  /** Joint-space mass matrix with armature, [numDofs, numDofs]. */
  readonly massMatrix: Float64Array;
  /** Reflected rotor inertia per degree of freedom. */
  readonly armature: Float64Array;
  /** Viscous joint friction per degree of freedom. */
  readonly viscousFriction: Float64Array;
  /** The jointed link that carries each link (itself, where it has a joint); -1 is the base. */
  readonly carriers: Int16Array;
  /** The carrier of each link's parent. */
  readonly carriersOfParent: Int16Array;
  private readonly gravity: number;
  private readonly masses: Float64Array;
  private readonly centers: Float64Array;
  private readonly localInertias: Float64Array;
  private readonly accelerations: Float64Array;
  private readonly forces: Float64Array;
  /** Spatial inertias; welded links' are added to their carriers', and in the end each is that of all links beyond. */
  private readonly inertias: Float64Array;
  /** Entries of the mass matrix below the diagonal that link i adds to stand at `entryStart[i] .. entryStart[i + 1]`. */
  private readonly entryStart: Int32Array;
  /** For each: the other joint's axis in `motionAxes`, and the place in `massMatrix`. */
  private readonly entryAxes: Uint16Array;
  private readonly entryPlaces: Int32Array;

  constructor(model: ArticulationModel, gravity: number) {
    super(model);
    const { numDofs, numLinks } = this;
    this.gravity = gravity;
    this.masses = Float64Array.from(model.links, (link) => link.mass);
    this.centers = Float64Array.from(model.links.flatMap((link) => link.centerOfMass));
    this.localInertias = Float64Array.from(model.links.flatMap((link) => link.inertia));
    this.biasForces = new Float64Array(numDofs);
    this.massMatrix = new Float64Array(numDofs * numDofs);
    this.armature = new Float64Array(numDofs);
    this.viscousFriction = new Float64Array(numDofs);
    this.accelerations = new Float64Array(6 * numLinks);
    this.forces = new Float64Array(6 * numLinks);
    this.inertias = new Float64Array(10 * numLinks);
    this.carriers = new Int16Array(numLinks);
    this.carriersOfParent = new Int16Array(numLinks);
    const starts = [0];
    const axes: number[] = [];
    const places: number[] = [];
    for (let link = 0; link < numLinks; link++) {
      const parent = this.parents[link]!;
      const dof = this.dofOfLink[link]!;
      this.carriersOfParent[link] = parent < 0 ? -1 : this.carriers[parent]!;
      this.carriers[link] = dof >= 0 ? link : this.carriersOfParent[link]!;
      for (const mover of dof >= 0 ? this.chains[link]! : []) {
        const other = this.dofOfLink[mover]!;
        // an ancestor that shares the degree of freedom meets this link on both sides of the diagonal
        for (let times = other === dof && mover !== link ? 2 : 1; times > 0; times--) {
          axes.push(6 * mover);
          places.push(Math.max(dof, other) * numDofs + Math.min(dof, other));
        }
      }
      starts.push(axes.length);
    }
    this.entryStart = Int32Array.from(starts);
    this.entryAxes = Uint16Array.from(axes);
    this.entryPlaces = Int32Array.from(places);
    for (const [link, { joint }] of model.links.entries()) {
      if (!joint) continue;
      const dof = this.dofOfLink[link] as number;
      const squared = this.ratios[link]! ** 2;
      this.armature[dof] = (this.armature[dof] as number) + squared * joint.armature;
      this.viscousFriction[dof] = (this.viscousFriction[dof] as number) + squared * joint.viscousFriction;
    }
  }

  /** Refresh link velocities, `biasForces` and `massMatrix`; needs `forwardKinematics`. */
  computeDynamics(): void {
    this.updateVelocities();
    this.updateInertias();
    this.weldInertias();
    this.propagateForces();
    this.composeMassMatrix();
  }

  /** Inertias of all links but those welded to the base, which need none. */
  private updateInertias(): void {
    const {
      carriers,
      linkPositions: P,
      linkRotations: R,
      masses,
      centers,
      localInertias,
      inertias: I,
    } = this;
    const numLinks = this.numLinks & SMALL;
    for (let i = 0; i < numLinks; i++) {
      if (carriers[i]! < 0) continue;
      const o = 9 * i;
      const m = masses[i] as number;
      const a = R[o] as number;
      const b = R[o + 1] as number;
      const c = R[o + 2] as number;
      const d = R[o + 3] as number;
      const e = R[o + 4] as number;
      const f = R[o + 5] as number;
      const g = R[o + 6] as number;
      const h = R[o + 7] as number;
      const k = R[o + 8] as number;
      const lx = centers[3 * i] as number;
      const ly = centers[3 * i + 1] as number;
      const lz = centers[3 * i + 2] as number;
      const cx = (P[3 * i] as number) + a * lx + b * ly + c * lz;
      const cy = (P[3 * i + 1] as number) + d * lx + e * ly + f * lz;
      const cz = (P[3 * i + 2] as number) + g * lx + h * ly + k * lz;
      const xx = localInertias[6 * i] as number;
      const yy = localInertias[6 * i + 1] as number;
      const zz = localInertias[6 * i + 2] as number;
      const xy = localInertias[6 * i + 3] as number;
      const xz = localInertias[6 * i + 4] as number;
      const yz = localInertias[6 * i + 5] as number;
      // rows of R * local inertia
      const r00 = a * xx + b * xy + c * xz;
      const r01 = a * xy + b * yy + c * yz;
      const r02 = a * xz + b * yz + c * zz;
      const r10 = d * xx + e * xy + f * xz;
      const r11 = d * xy + e * yy + f * yz;
      const r12 = d * xz + e * yz + f * zz;
      const r20 = g * xx + h * xy + k * xz;
      const r21 = g * xy + h * yy + k * yz;
      const r22 = g * xz + h * yz + k * zz;
      const j = 10 * i;
      I[j] = m;
      I[j + 1] = m * cx;
      I[j + 2] = m * cy;
      I[j + 3] = m * cz;
      I[j + 4] = r00 * a + r01 * b + r02 * c + m * (cy * cy + cz * cz);
      I[j + 5] = r10 * d + r11 * e + r12 * f + m * (cx * cx + cz * cz);
      I[j + 6] = r20 * g + r21 * h + r22 * k + m * (cx * cx + cy * cy);
      I[j + 7] = r00 * d + r01 * e + r02 * f - m * cx * cy;
      I[j + 8] = r00 * g + r01 * h + r02 * k - m * cx * cz;
      I[j + 9] = r10 * g + r11 * h + r12 * k - m * cy * cz;
    }
  }

  /** Let the links that have joints carry the inertias of those welded to them; the base needs none. */
  private weldInertias(): void {
    const { carriers, inertias: I } = this;
    const numLinks = this.numLinks & SMALL;
    for (let i = 0; i < numLinks; i++) {
      const carrier = carriers[i]!;
      if (carrier === i || carrier < 0) continue;
      for (let k = 0; k < 10; k++) I[10 * carrier + k]! += I[10 * i + k]!;
    }
  }

  /** Recursive Newton-Euler, outward pass with joint accelerations 0: the force each jointed link needs. */
  private propagateForces(): void {
    const { carriersOfParent, dofOfLink, jointVelocities, motionAxes: S, linkVelocities: V } = this;
    const { accelerations: A, forces: F, inertias: I, gravity } = this;
    const numLinks = this.numLinks & SMALL;
    for (let i = 0; i < numLinks; i++) {
      const parent = carriersOfParent[i]!;
      const dof = dofOfLink[i]!;
      if (dof < 0) continue;
      const o = 6 * i;
      const wx = V[o]!;
      const wy = V[o + 1]!;
      const wz = V[o + 2]!;
      const vx = V[o + 3]!;
      const vy = V[o + 4]!;
      const vz = V[o + 5]!;
      const speed = jointVelocities[dof]!;
      const sx = S[o]! * speed;
      const sy = S[o + 1]! * speed;
      const sz = S[o + 2]! * speed;
      const tx = S[o + 3]! * speed;
      const ty = S[o + 4]! * speed;
      const tz = S[o + 5]! * speed;
      const p = 6 * parent;
      const ax = (parent >= 0 ? A[p]! : 0) + wy * sz - wz * sy;
      const ay = (parent >= 0 ? A[p + 1]! : 0) + wz * sx - wx * sz;
      const az = (parent >= 0 ? A[p + 2]! : 0) + wx * sy - wy * sx;
      const bx = (parent >= 0 ? A[p + 3]! : 0) + wy * tz - wz * ty + vy * sz - vz * sy;
      const by = (parent >= 0 ? A[p + 4]! : 0) + wz * tx - wx * tz + vz * sx - vx * sz;
      const bz = (parent >= 0 ? A[p + 5]! : -gravity) + wx * ty - wy * tx + vx * sy - vy * sx;
      A[o] = ax;
      A[o + 1] = ay;
      A[o + 2] = az;
      A[o + 3] = bx;
      A[o + 4] = by;
      A[o + 5] = bz;
      // the inertia times the velocity, a momentum (l, p), and times the acceleration; written out to stay in registers
      const j = 10 * i;
      const m = I[j]!;
      const hx = I[j + 1]!;
      const hy = I[j + 2]!;
      const hz = I[j + 3]!;
      const xx = I[j + 4]!;
      const yy = I[j + 5]!;
      const zz = I[j + 6]!;
      const xy = I[j + 7]!;
      const xz = I[j + 8]!;
      const yz = I[j + 9]!;
      const lx = xx * wx + xy * wy + xz * wz + hy * vz - hz * vy;
      const ly = xy * wx + yy * wy + yz * wz + hz * vx - hx * vz;
      const lz = xz * wx + yz * wy + zz * wz + hx * vy - hy * vx;
      const px = m * vx - (hy * wz - hz * wy);
      const py = m * vy - (hz * wx - hx * wz);
      const pz = m * vz - (hx * wy - hy * wx);
      F[o] = xx * ax + xy * ay + xz * az + hy * bz - hz * by + wy * lz - wz * ly + vy * pz - vz * py;
      F[o + 1] = xy * ax + yy * ay + yz * az + hz * bx - hx * bz + wz * lx - wx * lz + vz * px - vx * pz;
      F[o + 2] = xz * ax + yz * ay + zz * az + hx * by - hy * bx + wx * ly - wy * lx + vx * py - vy * px;
      F[o + 3] = m * bx - (hy * az - hz * ay) + wy * pz - wz * py;
      F[o + 4] = m * by - (hz * ax - hx * az) + wz * px - wx * pz;
      F[o + 5] = m * bz - (hx * ay - hy * ax) + wx * py - wy * px;
    }
  }

  /** Inward pass: collect bias forces and composite inertias, and from those the mass matrix. */
  private composeMassMatrix(): void {
    const { carriersOfParent, dofOfLink, motionAxes: S, forces: F } = this;
    const { massMatrix: M, biasForces, inertias: C, armature, entryStart, entryAxes, entryPlaces } = this;
    const numDofs = this.numDofs & SMALL;
    for (let dof = 0; dof < numDofs; dof++) {
      biasForces[dof] = 0;
      for (let other = 0; other < dof; other++) M[dof * numDofs + other] = 0;
      M[dof * numDofs + dof] = armature[dof]!;
    }
    for (let next = this.numLinks; next > 0; next--) {
      const i = (next - 1) & SMALL;
      const dof = dofOfLink[i]!;
      if (dof < 0) continue;
      const o = 6 * i;
      const j = 10 * i;
      const parent = carriersOfParent[i]!;
      const wx = S[o]!;
      const wy = S[o + 1]!;
      const wz = S[o + 2]!;
      const vx = S[o + 3]!;
      const vy = S[o + 4]!;
      const vz = S[o + 5]!;
      biasForces[dof]! +=
        wx * F[o]! + wy * F[o + 1]! + wz * F[o + 2]! + vx * F[o + 3]! + vy * F[o + 4]! + vz * F[o + 5]!;
      // the composite inertia times the joint's axis; written out to stay in registers
      const m = C[j]!;
      const hx = C[j + 1]!;
      const hy = C[j + 2]!;
      const hz = C[j + 3]!;
      const xy = C[j + 7]!;
      const xz = C[j + 8]!;
      const yz = C[j + 9]!;
      const n0 = C[j + 4]! * wx + xy * wy + xz * wz + hy * vz - hz * vy;
      const n1 = xy * wx + C[j + 5]! * wy + yz * wz + hz * vx - hx * vz;
      const n2 = xz * wx + yz * wy + C[j + 6]! * wz + hx * vy - hy * vx;
      const f0 = m * vx - (hy * wz - hz * wy);
      const f1 = m * vy - (hz * wx - hx * wz);
      const f2 = m * vz - (hx * wy - hy * wx);
      const end = entryStart[i + 1]! & LESS_SMALL;
      for (let entry = entryStart[i]! & LESS_SMALL; entry < end; entry++) {
        const s = entryAxes[entry]!;
        M[entryPlaces[entry]!]! +=
          S[s]! * n0 + S[s + 1]! * n1 + S[s + 2]! * n2 + S[s + 3]! * f0 + S[s + 4]! * f1 + S[s + 5]! * f2;
      }
      if (parent < 0) continue;
      const p = 6 * parent;
      const q = 10 * parent;
      for (let k = 0; k < 6; k++) F[p + k]! += F[o + k]!;
      for (let k = 0; k < 10; k++) C[q + k]! += C[j + k]!;
    }
    for (let i = 1; i < numDofs; i++) {
      for (let j = 0; j < i; j++) M[j * numDofs + i] = M[i * numDofs + j]!;
    }
  }
}

// Where the links of an arm are and how they move: forward kinematics and Jacobians in reduced coordinates.
import type { Quat } from "../../math/quaternion.js";
import type { ArticulationModel } from "./articulation-model.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;

/**
 * Hold joint positions and velocities and the link poses that follow from them.
 *
 * Spatial vectors are `[angular, linear]` in world axes about the world origin (Featherstone, "Rigid Body Dynamics
 * Algorithms", 2008), so that no frame changes are needed between links.
 */
export class ArticulationKinematics {
  readonly model: ArticulationModel;
  /** Degrees of freedom. */
  readonly numDofs: number;
  readonly numLinks: number;
  /** Degree of freedom that moves each link against its parent; -1 for a welded link. [numLinks] */
  readonly dofOfLink: Int16Array;
  /** Position of each link's joint per unit of its degree of freedom; 1 unless it mimics another one. [numLinks] */
  readonly ratios: Float64Array;
  /** For each link: the moving links from the base to it, itself included. */
  readonly chains: readonly Int16Array[];
  /** rad or m, [numDofs] */
  readonly jointPositions: Float64Array;
  /** rad/s or m/s, [numDofs] */
  readonly jointVelocities: Float64Array;
  /** World positions of the link origins, m, [numLinks, 3]. */
  readonly linkPositions: Float64Array;
  /** World rotation matrices of the links, row-major, [numLinks, 9]. */
  readonly linkRotations: Float64Array;
  /** World orientations of the links, x y z w, [numLinks, 4]. */
  readonly linkQuaternions: Float64Array;
  /** Spatial velocity of each link against its parent per unit of its degree of freedom's, [numLinks, 6]; zero for a welded link. */
  readonly motionAxes: Float64Array;
  /** Spatial velocity of each link, rad/s and m/s of the point at the world origin, [numLinks, 6]. */
  readonly linkVelocities: Float64Array;
  protected readonly parents: Int16Array;
  /** Joint velocities that `linkVelocities` follow from; the first is NaN where the links have moved since. */
  private readonly velocitiesTaken: Float64Array;
  private readonly prismatic: Uint8Array;
  private readonly origins: Float64Array;
  private readonly orientations: Float64Array;
  private readonly axes: Float64Array;

  constructor(model: ArticulationModel) {
    const { links } = model;
    if (links.length > SMALL)
      throw new RangeError(`an articulation has ${links.length} links; at most ${SMALL} are simulated`);
    this.model = model;
    this.numLinks = links.length;
    this.parents = Int16Array.from(links, (link) => link.parent);
    const { dofs, ratios } = assignDofs(model);
    this.dofOfLink = dofs;
    this.ratios = ratios;
    this.numDofs = 1 + this.dofOfLink.reduce((highest, dof) => Math.max(highest, dof), -1);
    this.chains = links.map((_, link) => this.chainTo(link));
    this.prismatic = Uint8Array.from(links, (link) => (link.joint?.type === "prismatic" ? 1 : 0));
    this.origins = Float64Array.from(links.flatMap((link) => link.position));
    this.orientations = Float64Array.from(links.flatMap((link) => normalized(link.quaternion)));
    this.axes = Float64Array.from(links.flatMap((link) => link.joint?.axis ?? [0, 0, 0]));
    this.jointPositions = new Float64Array(this.numDofs);
    this.jointVelocities = new Float64Array(this.numDofs);
    this.linkPositions = new Float64Array(3 * this.numLinks);
    this.linkRotations = new Float64Array(9 * this.numLinks);
    this.linkQuaternions = new Float64Array(4 * this.numLinks);
    this.motionAxes = new Float64Array(6 * this.numLinks);
    this.linkVelocities = new Float64Array(6 * this.numLinks);
    this.velocitiesTaken = new Float64Array(this.numDofs).fill(Number.NaN);
  }

  /** Return the index of the link called `name`; throws when there is none. */
  linkIndex(name: string): number {
    const index = this.model.links.findIndex((link) => link.name === name);
    if (index < 0) {
      const names = this.model.links.map((link) => link.name).join(", ");
      throw new Error(`Unknown link "${name}". The model has: ${names}.`);
    }
    return index;
  }

  /** Indices of the links that stand on the base. */
  get rootLinks(): number[] {
    return [...this.parents.keys()].filter((link) => this.parents[link]! < 0);
  }

  /** Pose of `link` in its parent's frame at joint position 0: x y z (m), quaternion x y z w. */
  placement(link: number): Float64Array {
    const { origins, orientations } = this;
    return Float64Array.of(
      ...origins.subarray(3 * link, 3 * link + 3),
      ...orientations.subarray(4 * link, 4 * link + 4),
    );
  }

  /** Change the `placement` of a link; what it carries moves with it at the next `forwardKinematics`. */
  place(link: number, placement: ArrayLike<number>): void {
    for (let k = 0; k < 3; k++) this.origins[3 * link + k] = placement[k]!;
    for (let k = 0; k < 4; k++) this.orientations[4 * link + k] = placement[3 + k]!;
  }

  /** Refresh link poses and motion axes from `jointPositions`. */
  forwardKinematics(): void {
    const { parents, dofOfLink, ratios, prismatic, jointPositions, axes, origins, orientations } = this;
    const { linkPositions: P, linkRotations: R, linkQuaternions: Q, motionAxes: S } = this;
    const numLinks = this.numLinks & SMALL;
    this.velocitiesTaken[0] = Number.NaN;
    for (let i = 0; i < numLinks; i++) {
      const parent = parents[i] as number;
      const ox = origins[3 * i] as number;
      const oy = origins[3 * i + 1] as number;
      const oz = origins[3 * i + 2] as number;
      const bx = orientations[4 * i] as number;
      const by = orientations[4 * i + 1] as number;
      const bz = orientations[4 * i + 2] as number;
      const bw = orientations[4 * i + 3] as number;
      let px = ox;
      let py = oy;
      let pz = oz;
      let x = bx;
      let y = by;
      let z = bz;
      let w = bw;
      if (parent >= 0) {
        const r = 9 * parent;
        const p = 3 * parent;
        const q = 4 * parent;
        px = (P[p] as number) + (R[r] as number) * ox + (R[r + 1] as number) * oy + (R[r + 2] as number) * oz;
        py =
          (P[p + 1] as number) +
          (R[r + 3] as number) * ox +
          (R[r + 4] as number) * oy +
          (R[r + 5] as number) * oz;
        pz =
          (P[p + 2] as number) +
          (R[r + 6] as number) * ox +
          (R[r + 7] as number) * oy +
          (R[r + 8] as number) * oz;
        const ax = Q[q] as number;
        const ay = Q[q + 1] as number;
        const az = Q[q + 2] as number;
        const aw = Q[q + 3] as number;
        x = aw * bx + ax * bw + ay * bz - az * by;
        y = aw * by - ax * bz + ay * bw + az * bx;
        z = aw * bz + ax * by - ay * bx + az * bw;
        w = aw * bw - ax * bx - ay * by - az * bz;
      }
      const dof = dofOfLink[i] as number;
      const ux = axes[3 * i] as number;
      const uy = axes[3 * i + 1] as number;
      const uz = axes[3 * i + 2] as number;
      if (dof >= 0 && prismatic[i] === 0) {
        const half = ((ratios[i] as number) * (jointPositions[dof] as number)) / 2;
        const sine = Math.sin(half);
        const cosine = Math.cos(half);
        const sx = ux * sine;
        const sy = uy * sine;
        const sz = uz * sine;
        const ax = x;
        const ay = y;
        const az = z;
        const aw = w;
        x = aw * sx + ax * cosine + ay * sz - az * sy;
        y = aw * sy - ax * sz + ay * cosine + az * sx;
        z = aw * sz + ax * sy - ay * sx + az * cosine;
        w = aw * cosine - ax * sx - ay * sy - az * sz;
      }
      const r = 9 * i;
      R[r] = 1 - 2 * (y * y + z * z);
      R[r + 1] = 2 * (x * y - z * w);
      R[r + 2] = 2 * (x * z + y * w);
      R[r + 3] = 2 * (x * y + z * w);
      R[r + 4] = 1 - 2 * (x * x + z * z);
      R[r + 5] = 2 * (y * z - x * w);
      R[r + 6] = 2 * (x * z - y * w);
      R[r + 7] = 2 * (y * z + x * w);
      R[r + 8] = 1 - 2 * (x * x + y * y);
      if (dof >= 0) {
        const ratio = ratios[i] as number;
        const ax = (R[r] as number) * ux + (R[r + 1] as number) * uy + (R[r + 2] as number) * uz;
        const ay = (R[r + 3] as number) * ux + (R[r + 4] as number) * uy + (R[r + 5] as number) * uz;
        const az = (R[r + 6] as number) * ux + (R[r + 7] as number) * uy + (R[r + 8] as number) * uz;
        const s = 6 * i;
        if (prismatic[i] === 1) {
          const position = ratio * (jointPositions[dof] as number);
          px += ax * position;
          py += ay * position;
          pz += az * position;
          S[s + 3] = ratio * ax;
          S[s + 4] = ratio * ay;
          S[s + 5] = ratio * az;
        } else {
          S[s] = ratio * ax;
          S[s + 1] = ratio * ay;
          S[s + 2] = ratio * az;
          S[s + 3] = ratio * (py * az - pz * ay);
          S[s + 4] = ratio * (pz * ax - px * az);
          S[s + 5] = ratio * (px * ay - py * ax);
        }
      }
      P[3 * i] = px;
      P[3 * i + 1] = py;
      P[3 * i + 2] = pz;
      Q[4 * i] = x;
      Q[4 * i + 1] = y;
      Q[4 * i + 2] = z;
      Q[4 * i + 3] = w;
    }
  }

  /** Refresh link velocities from `jointVelocities`; needs `forwardKinematics`. */
  updateVelocities(): void {
    if (this.velocitiesStand()) return;
    const { parents, dofOfLink, jointVelocities, linkVelocities: V, motionAxes: S } = this;
    const numLinks = this.numLinks & SMALL;
    for (let i = 0; i < numLinks; i++) {
      const parent = parents[i] as number;
      const dof = dofOfLink[i] as number;
      const speed = dof >= 0 ? (jointVelocities[dof] as number) : 0;
      const s = 6 * i;
      const p = 6 * parent;
      V[s] = (parent >= 0 ? V[p]! : 0) + S[s]! * speed;
      V[s + 1] = (parent >= 0 ? V[p + 1]! : 0) + S[s + 1]! * speed;
      V[s + 2] = (parent >= 0 ? V[p + 2]! : 0) + S[s + 2]! * speed;
      V[s + 3] = (parent >= 0 ? V[p + 3]! : 0) + S[s + 3]! * speed;
      V[s + 4] = (parent >= 0 ? V[p + 4]! : 0) + S[s + 4]! * speed;
      V[s + 5] = (parent >= 0 ? V[p + 5]! : 0) + S[s + 5]! * speed;
    }
    this.takeVelocities();
  }

  private takeVelocities(): void {
    const { velocitiesTaken, jointVelocities } = this;
    const numDofs = this.numDofs & SMALL;
    for (let dof = 0; dof < numDofs; dof++) velocitiesTaken[dof] = jointVelocities[dof]!;
  }

  /** Tell whether `linkVelocities` are those of the present joints. */
  private velocitiesStand(): boolean {
    const { velocitiesTaken, jointVelocities } = this;
    const numDofs = this.numDofs & SMALL;
    for (let dof = 0; dof < numDofs; dof++) if (velocitiesTaken[dof] !== jointVelocities[dof]) return false;
    return true;
  }

  /**
   * Add to `out[offset .. offset + numDofs)` how fast the point (px, py, pz) of `link` moves along (dx, dy, dz) per unit
   * of each joint velocity, times `sign`.
   */
  addJacobian(
    link: number,
    px: number,
    py: number,
    pz: number,
    dx: number,
    dy: number,
    dz: number,
    sign: number,
    out: Float64Array,
    offset: number,
  ): void {
    const { motionAxes: S, dofOfLink } = this;
    const chain = this.chains[link] as Int16Array;
    const mx = py * dz - pz * dy;
    const my = pz * dx - px * dz;
    const mz = px * dy - py * dx;
    for (let a = 0; a < chain.length; a++) {
      const mover = chain[a] as number;
      const s = 6 * mover;
      const target = offset + (dofOfLink[mover] as number);
      const rate =
        (S[s] as number) * mx +
        (S[s + 1] as number) * my +
        (S[s + 2] as number) * mz +
        (S[s + 3] as number) * dx +
        (S[s + 4] as number) * dy +
        (S[s + 5] as number) * dz;
      out[target] = (out[target] as number) + sign * rate;
    }
  }

  private chainTo(link: number): Int16Array {
    const chain: number[] = [];
    for (let i = link; i >= 0; i = this.parents[i] as number) {
      if ((this.dofOfLink[i] as number) >= 0) chain.unshift(i);
    }
    return Int16Array.from(chain);
  }
}

function normalized(quaternion: Quat): number[] {
  const length = Math.hypot(...quaternion);
  return quaternion.map((value) => value / length);
}

/** Number the degrees of freedom, and say how far each link's joint moves per unit of its own. */
function assignDofs({ links }: ArticulationModel): { dofs: Int16Array; ratios: Float64Array } {
  const dofs = new Int16Array(links.length).fill(-1);
  const ratios = new Float64Array(links.length).fill(1);
  const linkOfJoint = new Map<string, number>();
  let count = 0;
  for (const [index, { joint, parent }] of links.entries()) {
    if (parent >= index)
      throw new Error(`Link ${index} is listed before its parent ${parent}; list parents first.`);
    if (!joint) continue;
    const { name, mimic, mimicRatio = 1 } = joint;
    linkOfJoint.set(name, index);
    if (mimic === undefined) {
      dofs[index] = count++;
      continue;
    }
    const leader = mimic === name ? undefined : linkOfJoint.get(mimic);
    if (leader === undefined)
      throw new Error(`Joint "${name}" mimics "${mimic}", which is not an earlier joint.`);
    if (!Number.isFinite(mimicRatio) || mimicRatio === 0)
      throw new Error(`Joint "${name}" has a mimicRatio of ${mimicRatio}; expected a number other than 0.`);
    dofs[index] = dofs[leader]!;
    ratios[index] = mimicRatio * ratios[leader]!;
  }
  return { dofs, ratios };
}

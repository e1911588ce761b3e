// Contacts grouped into blocks that share a frame, and how the relative motion in each block answers to forces in it.

import type { Articulation } from "../articulation/articulation.js";
import { WhitenedLinks } from "../articulation/whitened-jacobians.js";
import type { ColliderSet } from "../collision/collider-set.js";
import { type ContactBuffer, MAX_CONTACTS } from "../collision/contact-buffer.js";
import { setArmResponse } from "./arm-response.js";
import type { GeneralizedVelocity } from "./generalized-velocity.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;
/** The same for the place of an entry in an array. */
const LESS_SMALL = 0xfffffff;

/**
 * Hold the blocks of a step.
 *
 * A block is the contacts of one pair of shapes that share a normal, or one joint limit or dry joint friction. Its state is the twist of B
 * against A at the block's centre, in the block's axes (normal and two tangents): three angular, then three linear
 * numbers, so that a contact's rows have at most three entries instead of one per joint and six per free body.
 * A limit is a block of which only the first number counts: the joint's speed away from it. So is dry friction: its speed.
 */
export class ConstraintBlocks {
  count = 0;
  /** Contacts of each block in the buffer; none for a joint's. */
  readonly firstContact: Uint16Array;
  readonly numContacts: Uint16Array;
  /** Degree of freedom of a joint limit or friction, else -1. */
  readonly limitDof: Int16Array;
  /** Normal from A to B, tangent, and their cross product, world. [count, 9] */
  readonly axes: Float64Array;
  /** World, m. [count, 3] */
  readonly centres: Float64Array;
  /** Twist of B against A, rad/s and m/s. [count, 6] */
  readonly twists: Float64Array;
  /** Change of a block's twist per unit of a wrench on B (and its opposite on A) in the same block. [count, 6, 6] */
  readonly responses: Float64Array;
  /** Whether an arm moves in the block. */
  readonly armed: Uint8Array;
  /** Twist per unit of the whitened arm velocity, transposed. [count, numDofs, 6] */
  readonly armRows: Float64Array;
  /** Free body on side A and on side B, or -1. [count, 2] */
  readonly free: Int16Array;
  /** For each side and entry of the twist: its part in the body's angular velocity. [count, 2, 6, 3] */
  readonly levers: Float64Array;
  /** The same times the inverse inertia. [count, 2, 6, 3] */
  readonly leverResponses: Float64Array;
  readonly numDofs: number;
  /** Degrees of freedom with dry friction. */
  readonly numRubbing: number;
  private readonly colliders: ColliderSet;
  private readonly contacts: ContactBuffer;
  private readonly velocity: GeneralizedVelocity;
  private readonly articulation: Articulation | undefined;
  private readonly links: WhitenedLinks | undefined;

  constructor(
    colliders: ColliderSet,
    contacts: ContactBuffer,
    velocity: GeneralizedVelocity,
    articulation: Articulation | undefined,
  ) {
    this.numDofs = articulation?.numDofs ?? 0;
    this.numRubbing = articulation?.rubbing.length ?? 0;
    const most = MAX_CONTACTS + 2 * this.numDofs + this.numRubbing;
    if (most > SMALL) {
      const limit = Math.floor((SMALL - MAX_CONTACTS) / (this.numRubbing > 0 ? 3 : 2));
      throw new RangeError(
        `an articulation has ${this.numDofs} degrees of freedom; at most ${limit} are simulated`,
      );
    }
    this.colliders = colliders;
    this.contacts = contacts;
    this.velocity = velocity;
    this.articulation = articulation;
    this.links = articulation && new WhitenedLinks(articulation);
    this.firstContact = new Uint16Array(most);
    this.numContacts = new Uint16Array(most);
    this.limitDof = new Int16Array(most);
    this.axes = new Float64Array(9 * most);
    this.centres = new Float64Array(3 * most);
    this.twists = new Float64Array(6 * most);
    this.responses = new Float64Array(36 * most);
    this.armed = new Uint8Array(most);
    this.armRows = new Float64Array(6 * this.numDofs * most);
    this.free = new Int16Array(2 * most);
    this.levers = new Float64Array(36 * most);
    this.leverResponses = new Float64Array(36 * most);
  }

  /** Forget all blocks; call it after the velocities were predicted. */
  clear(): void {
    this.count = 0;
    this.links?.begin();
  }

  /** Append a block for the limit of `dof` that its speed times `sign` leads away from; with 1 also for its dry friction. */
  addLimit(dof: number, sign: number): number {
    const { armRows, numDofs: n, responses } = this;
    const { cholesky: L, inverseDiagonal } = this.articulation!;
    const block = this.append(0, 0, dof);
    this.armed[block] = 1;
    const o = 6 * n * block;
    for (let k = 0; k < 6 * n; k++) armRows[o + k] = 0;
    // L⁻¹ times the unit vector of the joint
    let inverseMass = 0;
    for (let i = dof; i < n; i++) {
      let value = i === dof ? sign : 0;
      for (let k = dof; k < i; k++) value -= L[i * n + k]! * armRows[o + 6 * k]!;
      value *= inverseDiagonal[i]!;
      armRows[o + 6 * i] = value;
      inverseMass += value * value;
    }
    for (let k = 0; k < 36; k++) responses[36 * block + k] = 0;
    responses[36 * block] = inverseMass;
    this.readTwist(block);
    return block;
  }

  /** Append a block for each run of contacts of the same pair and normal. */
  addContacts(): void {
    const { contacts } = this;
    const { pair, normal, count } = contacts;
    let block = -1;
    for (let contact = 0; contact < count; contact++) {
      const o = 3 * contact;
      const continues =
        contact > 0 &&
        pair[contact] === pair[contact - 1] &&
        normal[o] === normal[o - 3] &&
        normal[o + 1] === normal[o - 2] &&
        normal[o + 2] === normal[o - 1];
      if (continues) this.numContacts[block]!++;
      else block = this.addBlock(contact);
    }
  }

  /** Add the wrench `wrench[6]` in `block` to the velocities of all that moves there. */
  applyWrench(block: number, wrench: Float64Array): void {
    const { armed, armRows, numDofs, velocity, free, axes, leverResponses: T } = this;
    const c0 = wrench[0]!;
    const c1 = wrench[1]!;
    const c2 = wrench[2]!;
    const c3 = wrench[3]!;
    const c4 = wrench[4]!;
    const c5 = wrench[5]!;
    const index = block & SMALL;
    if (armed[index] === 1) {
      const { arm } = velocity;
      const n = numDofs & SMALL;
      for (let dof = 0; dof < n; dof++) {
        const p = 6 * (n * index + dof);
        arm[dof]! +=
          armRows[p]! * c0 +
          armRows[p + 1]! * c1 +
          armRows[p + 2]! * c2 +
          armRows[p + 3]! * c3 +
          armRows[p + 4]! * c4 +
          armRows[p + 5]! * c5;
      }
    }
    const { free: v, inverseMasses } = velocity;
    for (let side = 0; side < 2; side++) {
      const body = free[2 * index + side]!;
      if (body < 0) continue;
      const sign = side === 0 ? -1 : 1;
      const scale = sign * inverseMasses[body]!;
      for (let k = 0; k < 3; k++) {
        const t = 18 * (2 * index + side) + k;
        const d = 9 * index + k;
        const turn =
          T[t]! * c0 + T[t + 3]! * c1 + T[t + 6]! * c2 + T[t + 9]! * c3 + T[t + 12]! * c4 + T[t + 15]! * c5;
        v[6 * body + k]! += sign * turn;
        v[6 * body + 3 + k]! += scale * (axes[d]! * c3 + axes[d + 3]! * c4 + axes[d + 6]! * c5);
      }
    }
  }

  private append(firstContact: number, numContacts: number, limitDof: number): number {
    const block = this.count++;
    this.firstContact[block] = firstContact;
    this.numContacts[block] = numContacts;
    this.limitDof[block] = limitDof;
    this.armed[block] = 0;
    this.free[2 * block] = -1;
    this.free[2 * block + 1] = -1;
    return block;
  }

  /** Start a block at `contact`, with everything but its further contacts. */
  private addBlock(contact: number): number {
    const { contacts, colliders, free, centres, armRows, numDofs, responses, articulation } = this;
    const { normal, pointA, pointB } = contacts;
    const block = this.append(contact, 1, -1);
    const a = contacts.colliderA[contact]!;
    const b = contacts.colliderB[contact]!;
    const o = 3 * contact;
    this.setAxes(block, normal[o]!, normal[o + 1]!, normal[o + 2]!);
    for (let k = 0; k < 3; k++) centres[3 * block + k] = (pointA[o + k]! + pointB[o + k]!) / 2;
    const linkA = colliders.link[a]!;
    const linkB = colliders.link[b]!;
    if (linkA >= 0 || linkB >= 0) {
      const p = 6 * (numDofs & SMALL) * (block & SMALL);
      const end = p + 6 * (numDofs & SMALL);
      for (let k = p; k < end; k++) armRows[k] = 0;
      if (linkA >= 0 && articulation!.chains[linkA]!.length > 0) this.addLink(block, linkA, -1);
      if (linkB >= 0 && articulation!.chains[linkB]!.length > 0) this.addLink(block, linkB, 1);
      if (this.armed[block] === 1) setArmResponse(armRows, p, numDofs, responses, 36 * block);
    }
    if (this.armed[block] === 0) {
      const k = 36 * (block & SMALL);
      for (let entry = 0; entry < 36; entry++) responses[k + entry] = 0;
    }
    free[2 * block] = colliders.free[a]!;
    free[2 * block + 1] = colliders.free[b]!;
    for (let side = 0; side < 2; side++) if (free[2 * block + side]! >= 0) this.fillLevers(block, side);
    this.readTwist(block);
    return block;
  }

  private setAxes(block: number, nx: number, ny: number, nz: number): void {
    const { axes } = this;
    const o = 9 * (block & SMALL);
    const steep = Math.abs(nx) >= 0.7;
    let tx = steep ? -nz : 0;
    let ty = steep ? 0 : nz;
    let tz = steep ? nx : -ny;
    const scale = 1 / Math.sqrt(tx * tx + ty * ty + tz * tz);
    tx *= scale;
    ty *= scale;
    tz *= scale;
    axes[o] = nx;
    axes[o + 1] = ny;
    axes[o + 2] = nz;
    axes[o + 3] = tx;
    axes[o + 4] = ty;
    axes[o + 5] = tz;
    axes[o + 6] = ny * tz - nz * ty;
    axes[o + 7] = nz * tx - nx * tz;
    axes[o + 8] = nx * ty - ny * tx;
  }

  /** Add `sign` times the motion of `link` at the block's centre to the arm rows. */
  private addLink(block: number, link: number, sign: number): void {
    const { links, axes, centres, armRows, numDofs } = this;
    this.armed[block] = 1;
    const n = numDofs & SMALL;
    const index = block & SMALL;
    const q0 = links!.require(link) & LESS_SMALL;
    const Y = links!.values;
    const x = centres[3 * index]!;
    const y = centres[3 * index + 1]!;
    const z = centres[3 * index + 2]!;
    const a = 9 * index;
    const nx = sign * axes[a]!;
    const ny = sign * axes[a + 1]!;
    const nz = sign * axes[a + 2]!;
    const tx = sign * axes[a + 3]!;
    const ty = sign * axes[a + 4]!;
    const tz = sign * axes[a + 5]!;
    const ux = sign * axes[a + 6]!;
    const uy = sign * axes[a + 7]!;
    const uz = sign * axes[a + 8]!;
    for (let dof = 0; dof < n; dof++) {
      const p = 6 * (n * index + dof);
      const q = q0 + 6 * dof;
      const wx = Y[q]!;
      const wy = Y[q + 1]!;
      const wz = Y[q + 2]!;
      const vx = Y[q + 3]! + wy * z - wz * y;
      const vy = Y[q + 4]! + wz * x - wx * z;
      const vz = Y[q + 5]! + wx * y - wy * x;
      armRows[p]! += nx * wx + ny * wy + nz * wz;
      armRows[p + 1]! += tx * wx + ty * wy + tz * wz;
      armRows[p + 2]! += ux * wx + uy * wy + uz * wz;
      armRows[p + 3]! += nx * vx + ny * vy + nz * vz;
      armRows[p + 4]! += tx * vx + ty * vy + tz * vz;
      armRows[p + 5]! += ux * vx + uy * vy + uz * vz;
    }
  }

  /** Fill the levers of the free body on `side` and add its response. */
  private fillLevers(block: number, side: number): void {
    const { axes, centres, levers: H, leverResponses: T, responses: K, velocity } = this;
    const { inverseInertias: I, inverseMasses, centres: bodies } = velocity;
    const index = block & SMALL;
    const place = 2 * index + (side & 1);
    const body = this.free[place]!;
    const rx = centres[3 * index]! - bodies[3 * body]!;
    const ry = centres[3 * index + 1]! - bodies[3 * body + 1]!;
    const rz = centres[3 * index + 2]! - bodies[3 * body + 2]!;
    const h = 18 * place;
    for (let axis = 0; axis < 3; axis++) {
      const dx = axes[9 * index + 3 * axis]!;
      const dy = axes[9 * index + 3 * axis + 1]!;
      const dz = axes[9 * index + 3 * axis + 2]!;
      const o = h + 3 * axis;
      H[o] = dx;
      H[o + 1] = dy;
      H[o + 2] = dz;
      H[o + 9] = ry * dz - rz * dy;
      H[o + 10] = rz * dx - rx * dz;
      H[o + 11] = rx * dy - ry * dx;
    }
    const m = 9 * body;
    for (let row = h; row < h + 18; row += 3) {
      const x = H[row]!;
      const y = H[row + 1]!;
      const z = H[row + 2]!;
      T[row] = I[m]! * x + I[m + 1]! * y + I[m + 2]! * z;
      T[row + 1] = I[m + 3]! * x + I[m + 4]! * y + I[m + 5]! * z;
      T[row + 2] = I[m + 6]! * x + I[m + 7]! * y + I[m + 8]! * z;
    }
    const o = 36 * index;
    for (let i = 0; i < 6; i++) {
      const x = H[h + 3 * i]!;
      const y = H[h + 3 * i + 1]!;
      const z = H[h + 3 * i + 2]!;
      for (let j = 0; j <= i; j++) {
        const t = h + 3 * j;
        const value = K[o + 6 * i + j]! + x * T[t]! + y * T[t + 1]! + z * T[t + 2]!;
        K[o + 6 * i + j] = value;
        K[o + 6 * j + i] = value;
      }
    }
    const inverseMass = inverseMasses[body]!;
    K[o + 21]! += inverseMass;
    K[o + 28]! += inverseMass;
    K[o + 35]! += inverseMass;
  }

  /** Fill the block's twist from the velocities. */
  private readTwist(block: number): void {
    const { twists, armed, armRows, numDofs, velocity, free, levers: H, axes } = this;
    let w0 = 0;
    let w1 = 0;
    let w2 = 0;
    let w3 = 0;
    let w4 = 0;
    let w5 = 0;
    const index = block & SMALL;
    if (armed[index] === 1) {
      const { arm } = velocity;
      const n = numDofs & SMALL;
      for (let dof = 0; dof < n; dof++) {
        const p = 6 * (n * index + dof);
        const speed = arm[dof]!;
        w0 += armRows[p]! * speed;
        w1 += armRows[p + 1]! * speed;
        w2 += armRows[p + 2]! * speed;
        w3 += armRows[p + 3]! * speed;
        w4 += armRows[p + 4]! * speed;
        w5 += armRows[p + 5]! * speed;
      }
    }
    const d = 9 * index;
    for (let side = 0; side < 2; side++) {
      const body = free[2 * index + side]!;
      if (body < 0) continue;
      const { free: v } = velocity;
      const sign = side === 0 ? -1 : 1;
      const wx = sign * v[6 * body]!;
      const wy = sign * v[6 * body + 1]!;
      const wz = sign * v[6 * body + 2]!;
      const vx = sign * v[6 * body + 3]!;
      const vy = sign * v[6 * body + 4]!;
      const vz = sign * v[6 * body + 5]!;
      const h = 18 * (2 * index + side);
      w0 += H[h]! * wx + H[h + 1]! * wy + H[h + 2]! * wz;
      w1 += H[h + 3]! * wx + H[h + 4]! * wy + H[h + 5]! * wz;
      w2 += H[h + 6]! * wx + H[h + 7]! * wy + H[h + 8]! * wz;
      w3 += H[h + 9]! * wx + H[h + 10]! * wy + H[h + 11]! * wz;
      w4 += H[h + 12]! * wx + H[h + 13]! * wy + H[h + 14]! * wz;
      w5 += H[h + 15]! * wx + H[h + 16]! * wy + H[h + 17]! * wz;
      w3 += axes[d]! * vx + axes[d + 1]! * vy + axes[d + 2]! * vz;
      w4 += axes[d + 3]! * vx + axes[d + 4]! * vy + axes[d + 5]! * vz;
      w5 += axes[d + 6]! * vx + axes[d + 7]! * vy + axes[d + 8]! * vz;
    }
    const o = 6 * index;
    twists[o] = w0;
    twists[o + 1] = w1;
    twists[o + 2] = w2;
    twists[o + 3] = w3;
    twists[o + 4] = w4;
    twists[o + 5] = w5;
  }
}

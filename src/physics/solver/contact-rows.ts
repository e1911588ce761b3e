// The normal and friction rows of all contacts: what they aim at, how they move their block, their impulses.
import type { ColliderSet } from "../collision/collider-set.js";
import { type ContactBuffer, MAX_CONTACTS } from "../collision/contact-buffer.js";
import type { ConstraintBlocks } from "./constraint-blocks.js";
import { WarmStartCache } from "./warm-start-cache.js";

/** Penetration left alone, so that resting contacts persist, m. */
const SLOP = 1e-4;
/** Share of the remaining penetration removed per step. */
export const ERROR_REDUCTION = 0.2;
/** Fastest removal of penetration, m/s. */
const MAX_RECOVERY = 0.5;
/** Softness of the normal rows relative to their own inertia: shares load evenly between redundant contacts. */
const REGULARIZATION = 0.01;
/**
 * A contact that answers to a push along its normal, or along its surface, by less than this share of its answer in all three
 * directions answers not at all: its links cannot move that way, and what would move them is rounding.
 */
const NO_RESPONSE = 1e-6;
/** Furthest that softness lets a contact give way, m: what is pressed harder meets a hard one. */
const MAX_GIVE = 4e-4;

/** Where the numbers of a contact stand in `ContactRows.values`. */
export const CONTACT_ROW = {
  /** Numbers per contact. */
  STRIDE: 33,
  /** Contact point relative to the block's centre, in the block's axes, m: 3 numbers. */
  POINT: 0,
  /** Speed the normal row aims at, m/s. */
  BIAS: 3,
  /** Speed given way per unit of the normal impulse, 1/kg. */
  SOFTNESS: 4,
  /** Normal impulse per speed still missing, softness included, kg; 0 where nothing moves along the normal. */
  NORMAL_STEP: 5,
  /** Speed change of the normal row per unit of its impulse, 1/kg. */
  NORMAL_RATE: 6,
  /** Friction impulse per sliding speed, kg; the same for both tangents, which keeps the projection isotropic; 0: none moves. */
  FRICTION_STEP: 7,
  /** Its inverse, 1/kg. */
  FRICTION_RATE: 8,
  /** Coulomb coefficient. */
  FRICTION: 9,
  /** Impulses along the normal and the two tangents, N s: 3 numbers. */
  IMPULSE: 10,
  /** Change of the block's twist per unit of each of the three impulses: 3 times 6 numbers. */
  RESPONSE: 13,
  /** Change of the two sliding speeds per unit of the normal impulse, 1/kg: 2 numbers. */
  CROSS: 31,
} as const;

// V8 folds the constants of a module into its code, but reads those that are exported or imported at each use
const { STRIDE, POINT, BIAS, SOFTNESS, NORMAL_STEP, NORMAL_RATE } = CONTACT_ROW;
const { FRICTION_STEP, FRICTION_RATE, FRICTION, IMPULSE, RESPONSE, CROSS } = CONTACT_ROW;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;

/** Prepare the rows of the contacts, start them from the last step's impulses, and turn impulses into forces. */
export class ContactRows {
  /** [MAX_CONTACTS, STRIDE] */
  readonly values = new Float64Array(STRIDE * MAX_CONTACTS);
  readonly cache: WarmStartCache;
  /**
   * Greatest torsional impulse of each block per normal impulse, m: friction times patch radius where a block is a single
   * contact; several contacts resist spinning by themselves.
   */
  readonly torsionLevers: Float64Array;
  /** Speed at which softness gives way at most, m/s. */
  mostGive = 0;
  /** Deepest penetration met when the rows were last prepared, m; 0 where nothing overlaps. */
  deepest = 0;
  /** Impulse about the normal of each block, N m s. */
  readonly torsionImpulses: Float64Array;
  /** Greatest impulse of each block that brakes rolling per normal impulse, m. */
  readonly rollingLevers: Float64Array;
  /** Impulses about the two tangents of each block, N m s; found anew in each step. [blocks, 2] */
  readonly rollingImpulses: Float64Array;
  private readonly colliders: ColliderSet;
  private readonly contacts: ContactBuffer;
  private readonly blocks: ConstraintBlocks;

  constructor(colliders: ColliderSet, contacts: ContactBuffer, blocks: ConstraintBlocks) {
    this.colliders = colliders;
    this.contacts = contacts;
    this.blocks = blocks;
    this.cache = new WarmStartCache(blocks.numDofs, blocks.numRubbing);
    this.torsionLevers = new Float64Array(blocks.armed.length);
    this.torsionImpulses = new Float64Array(blocks.armed.length);
    this.rollingLevers = new Float64Array(blocks.armed.length);
    this.rollingImpulses = new Float64Array(2 * blocks.armed.length);
  }

  /** Fill the rows of every block's contacts. */
  prepare(timestep: number): void {
    const { blocks, cache } = this;
    cache.rewind();
    this.deepest = 0;
    this.mostGive = (ERROR_REDUCTION * MAX_GIVE) / timestep;
    for (let block = 0; block < blocks.count; block++) {
      const first = blocks.firstContact[block]!;
      const end = first + blocks.numContacts[block]!;
      this.torsionLevers[block] = 0;
      this.torsionImpulses[block] = 0;
      let known = -1;
      for (let contact = first; contact < end; contact++) {
        this.fill(block, contact, timestep);
        known = this.warmStart(block, contact);
      }
      if (end === first + 1) this.prepareTorsion(block, first, known);
      if (end > first) this.prepareRolling(block, first);
    }
  }

  /** Write the sum of the contact impulses of `block`, as a wrench on B about the block's centre, to `wrench[6]`. */
  sumWrench(block: number, wrench: Float64Array): void {
    const { values: V, blocks } = this;
    let t0 = 0;
    let t1 = 0;
    let t2 = 0;
    let f0 = 0;
    let f1 = 0;
    let f2 = 0;
    const index = block & SMALL;
    const first = blocks.firstContact[index]!;
    const end = first + blocks.numContacts[index]!;
    for (let contact = first; contact < end; contact++) {
      const o = STRIDE * contact;
      const rx = V[o + POINT]!;
      const ry = V[o + POINT + 1]!;
      const rz = V[o + POINT + 2]!;
      const normal = V[o + IMPULSE]!;
      const along = V[o + IMPULSE + 1]!;
      const across = V[o + IMPULSE + 2]!;
      f0 += normal;
      f1 += along;
      f2 += across;
      t0 += ry * across - rz * along;
      t1 += rz * normal - rx * across;
      t2 += rx * along - ry * normal;
    }
    wrench[0] = t0 + this.torsionImpulses[index]!;
    wrench[1] = t1 + this.rollingImpulses[2 * index]!;
    wrench[2] = t2 + this.rollingImpulses[2 * index + 1]!;
    wrench[3] = f0;
    wrench[4] = f1;
    wrench[5] = f2;
  }

  /** Remember the impulses for the next step, and for whoever asks for the forces. */
  storeImpulses(): void {
    const { contacts, values: V, blocks, cache } = this;
    const { axes } = blocks;
    const { nextImpulses } = cache;
    const count = blocks.count & SMALL;
    for (let block = 0; block < count; block++) {
      const first = blocks.firstContact[block]!;
      const end = first + blocks.numContacts[block]!;
      const a = 9 * block;
      for (let contact = first; contact < end; contact++) {
        const v = STRIDE * contact + IMPULSE;
        const along = V[v + 1]!;
        const across = V[v + 2]!;
        const o = 5 * contact;
        nextImpulses[o] = V[v]!;
        nextImpulses[o + 1] = along * axes[a + 3]! + across * axes[a + 6]!;
        nextImpulses[o + 2] = along * axes[a + 4]! + across * axes[a + 7]!;
        nextImpulses[o + 3] = along * axes[a + 5]! + across * axes[a + 8]!;
        nextImpulses[o + 4] = this.torsionImpulses[block]!;
      }
    }
    cache.turnOver(contacts.count, contacts.pair);
    contacts.forcesKnown = false;
  }

  /** Write the forces of the last step, of `timestep` (s), into the contact buffer, unless they stand there. */
  tellForces(timestep: number): void {
    const { contacts, cache } = this;
    if (contacts.forcesKnown) return;
    contacts.forcesKnown = true;
    for (let contact = 0; contact < contacts.count; contact++) {
      const o = 5 * contact;
      contacts.normalForce[contact] = cache.impulses[o]! / timestep;
      for (let k = 0; k < 3; k++)
        contacts.frictionForce[3 * contact + k] = cache.impulses[o + 1 + k]! / timestep;
    }
  }

  private fill(block: number, contact: number, timestep: number): void {
    const { contacts, colliders, blocks, values: V } = this;
    const { normal, pointA, pointB } = contacts;
    const { axes, centres, responses: K } = blocks;
    const index = contact & SMALL;
    const i = 3 * index;
    const ax = pointA[i]!;
    const ay = pointA[i + 1]!;
    const az = pointA[i + 2]!;
    const bx = pointB[i]!;
    const by = pointB[i + 1]!;
    const bz = pointB[i + 2]!;
    const gap = normal[i]! * (bx - ax) + normal[i + 1]! * (by - ay) + normal[i + 2]! * (bz - az);
    const c = 3 * (block & SMALL);
    const dx = (ax + bx) / 2 - centres[c]!;
    const dy = (ay + by) / 2 - centres[c + 1]!;
    const dz = (az + bz) / 2 - centres[c + 2]!;
    const a = 3 * c;
    const rx = axes[a]! * dx + axes[a + 1]! * dy + axes[a + 2]! * dz;
    const ry = axes[a + 3]! * dx + axes[a + 4]! * dy + axes[a + 5]! * dz;
    const rz = axes[a + 6]! * dx + axes[a + 7]! * dy + axes[a + 8]! * dz;
    const o = STRIDE * index;
    V[o + POINT] = rx;
    V[o + POINT + 1] = ry;
    V[o + POINT + 2] = rz;

    // a unit force along axis k at r is the wrench (r x e_k, e_k); the response matrix is symmetric
    const k = 12 * c;
    const r = o + RESPONSE;
    for (let j = 0; j < 6; j++) {
      const turn0 = K[k + j]!;
      const turn1 = K[k + 6 + j]!;
      const turn2 = K[k + 12 + j]!;
      V[r + j] = rz * turn1 - ry * turn2 + K[k + 18 + j]!;
      V[r + 6 + j] = rx * turn2 - rz * turn0 + K[k + 24 + j]!;
      V[r + 12 + j] = ry * turn0 - rx * turn1 + K[k + 30 + j]!;
    }
    const rateN = rz * V[r + 1]! - ry * V[r + 2]! + V[r + 3]!;
    const rateT = rx * V[r + 8]! - rz * V[r + 6]! + V[r + 10]!;
    const rateU = ry * V[r + 12]! - rx * V[r + 13]! + V[r + 17]!;
    const rate = rateT > rateU ? rateT : rateU;
    V[o + CROSS] = rx * V[r + 2]! - rz * V[r]! + V[r + 4]!;
    V[o + CROSS + 1] = ry * V[r]! - rx * V[r + 1]! + V[r + 5]!;
    if (-gap > this.deepest) this.deepest = -gap;
    const penetration = -gap - SLOP;
    V[o + BIAS] =
      penetration > 0
        ? Math.min((ERROR_REDUCTION * penetration) / timestep, MAX_RECOVERY)
        : penetration / timestep;
    const least = NO_RESPONSE * (rateN + rateT + rateU);
    V[o + SOFTNESS] = REGULARIZATION * rateN;
    V[o + NORMAL_STEP] = rateN > least ? 1 / (rateN * (1 + REGULARIZATION)) : 0;
    V[o + NORMAL_RATE] = rateN;
    V[o + FRICTION_STEP] = rate > least ? 1 / rate : 0;
    V[o + FRICTION_RATE] = rate;
    const frictionA = colliders.friction[contacts.colliderA[contact]!]!;
    const frictionB = colliders.friction[contacts.colliderB[contact]!]!;
    V[o + FRICTION] = frictionA > frictionB ? frictionA : frictionB;
  }

  /** Let the friction of a single contact's patch resist spinning about the normal; `known` is what `warmStart` returned. */
  private prepareTorsion(block: number, contact: number, known: number): void {
    const { contacts, colliders, values: V, cache } = this;
    const patchA = colliders.patchRadius[contacts.colliderA[contact]!]!;
    const patchB = colliders.patchRadius[contacts.colliderB[contact]!]!;
    const patch = patchA > patchB ? patchA : patchB;
    if (patch === 0) return;
    if (this.blocks.responses[36 * block] === 0) return;
    this.torsionLevers[block] = patch * V[STRIDE * contact + FRICTION]!;
    this.torsionImpulses[block] = known < 0 ? 0 : cache.impulses[known + 4]!;
  }

  /** Let the block resist turning about its tangents. */
  private prepareRolling(block: number, contact: number): void {
    const { contacts, rollingLevers, rollingImpulses } = this;
    const { rollingResistance } = this.colliders;
    const ofA = rollingResistance[contacts.colliderA[contact]!]!;
    const ofB = rollingResistance[contacts.colliderB[contact]!]!;
    const { responses: K } = this.blocks;
    const turns = K[36 * block + 7]! > 0 || K[36 * block + 14]! > 0;
    rollingLevers[block] = !turns ? 0 : ofA > ofB ? ofA : ofB;
    rollingImpulses[2 * block] = 0;
    rollingImpulses[2 * block + 1] = 0;
  }

  /** Start a contact from the impulse it had in the last step; returns where that stands in the cache, -1 if it is new. */
  private warmStart(block: number, contact: number): number {
    const { contacts, colliders, values: V, blocks, cache } = this;
    const { pointA, pointB } = contacts;
    const { positions: P, rotations: R } = colliders;
    const { axes } = blocks;
    const { nextPoints, impulses } = cache;
    const index = contact & SMALL;
    const i = 3 * index;
    // the same contact is known again by its place on the body that moves freely
    const b = contacts.colliderB[index]!;
    const owner = colliders.free[b]! >= 0 ? b : contacts.colliderA[index]!;
    const dx = (pointA[i]! + pointB[i]!) / 2 - P[3 * owner]!;
    const dy = (pointA[i + 1]! + pointB[i + 1]!) / 2 - P[3 * owner + 1]!;
    const dz = (pointA[i + 2]! + pointB[i + 2]!) / 2 - P[3 * owner + 2]!;
    const q = 9 * owner;
    nextPoints[i] = R[q]! * dx + R[q + 3]! * dy + R[q + 6]! * dz;
    nextPoints[i + 1] = R[q + 1]! * dx + R[q + 4]! * dy + R[q + 7]! * dz;
    nextPoints[i + 2] = R[q + 2]! * dx + R[q + 5]! * dy + R[q + 8]! * dz;
    const o = STRIDE * index + IMPULSE;
    const known = cache.take(contacts.pair[index]!, i);
    if (known < 0 || V[o - IMPULSE + NORMAL_STEP] === 0) {
      V[o] = 0;
      V[o + 1] = 0;
      V[o + 2] = 0;
      return -1;
    }
    const fx = impulses[known + 1]!;
    const fy = impulses[known + 2]!;
    const fz = impulses[known + 3]!;
    const a = 9 * (block & SMALL);
    V[o] = impulses[known]!;
    if (V[o - IMPULSE + FRICTION_STEP] === 0) {
      V[o + 1] = 0;
      V[o + 2] = 0;
      return known;
    }
    V[o + 1] = fx * axes[a + 3]! + fy * axes[a + 4]! + fz * axes[a + 5]!;
    V[o + 2] = fx * axes[a + 6]! + fy * axes[a + 7]! + fz * axes[a + 8]!;
    return known;
  }
}

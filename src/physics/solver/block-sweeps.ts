// Projected Gauss-Seidel over blocks of contacts: the innermost loops of the solver.

import type { ContactBuffer } from "../collision/contact-buffer.js";
import type { BlockCouplings } from "./block-couplings.js";
import type { ConstraintBlocks } from "./constraint-blocks.js";
import { CONTACT_ROW, type ContactRows } from "./contact-rows.js";

// V8 folds the constants of a module into its code, but reads imported ones at each use
const { STRIDE, POINT, BIAS, SOFTNESS, NORMAL_STEP, NORMAL_RATE } = CONTACT_ROW;
const { FRICTION_STEP, FRICTION_RATE, FRICTION, IMPULSE, RESPONSE, CROSS } = CONTACT_ROW;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;
/** The same for the number of a coupling. */
const LESS_SMALL = 0xfffff;

/** Change of a block's wrench, and the largest change of velocity it caused. */
const changed = new Float64Array(7);

/**
 * Sweep over the contacts of `block` once; leave the change of their wrench in `changed[0..5]` and the largest change of
 * a row's velocity (m/s) in `changed[6]`.
 *
 * Each contact has a normal row (impulse >= 0, speculative while apart) and a friction pair projected onto the disc of
 * radius μλₙ. The twist stays in local variables all along. Sliding speeds are measured before the normal row changes
 * and corrected for its change: the processor need not wait for the one before it begins the other.
 */
function sweepContacts(
  blocks: ConstraintBlocks,
  rows: ContactRows,
  block: number,
  changed: Float64Array,
): void {
  const { twists, responses } = blocks;
  const V = rows.values;
  const most = rows.mostGive;
  const t = 6 * (block & SMALL);
  let w0 = twists[t]!;
  let w1 = twists[t + 1]!;
  let w2 = twists[t + 2]!;
  let w3 = twists[t + 3]!;
  let w4 = twists[t + 4]!;
  let w5 = twists[t + 5]!;
  let torque0 = 0;
  let torque1 = 0;
  let torque2 = 0;
  let force0 = 0;
  let force1 = 0;
  let force2 = 0;
  let largest = 0;
  const begin = STRIDE * blocks.firstContact[block]!;
  const end = begin + STRIDE * blocks.numContacts[block]!;
  for (let o = begin; o < end; o += STRIDE) {
    const rx = V[o + POINT]!;
    const ry = V[o + POINT + 1]!;
    const rz = V[o + POINT + 2]!;
    const old = V[o + IMPULSE]!;
    const oldT = V[o + IMPULSE + 1]!;
    const oldU = V[o + IMPULSE + 2]!;
    const missing = V[o + BIAS]! - (w3 + w1 * rz - w2 * ry);
    const softness = V[o + SOFTNESS]!;
    let next = old + (missing - softness * old) * V[o + NORMAL_STEP]!;
    if (softness * next > most) next = old + (missing - most) / V[o + NORMAL_RATE]!;
    if (next < 0) next = 0;
    if (next === 0 && old === 0 && oldT === 0 && oldU === 0) continue;
    const change = next - old;
    const step = V[o + FRICTION_STEP]!;
    let nextT = oldT - step * (w4 + w2 * rx - w0 * rz + change * V[o + CROSS]!);
    let nextU = oldU - step * (w5 + w0 * ry - w1 * rx + change * V[o + CROSS + 1]!);
    const radius = V[o + FRICTION]! * next;
    const squared = nextT * nextT + nextU * nextU;
    if (squared > radius * radius) {
      const shrink = radius / Math.sqrt(squared);
      nextT *= shrink;
      nextU *= shrink;
    }
    const changeT = nextT - oldT;
    const changeU = nextU - oldU;
    const r = o + RESPONSE;
    w0 += change * V[r]! + changeT * V[r + 6]! + changeU * V[r + 12]!;
    w1 += change * V[r + 1]! + changeT * V[r + 7]! + changeU * V[r + 13]!;
    w2 += change * V[r + 2]! + changeT * V[r + 8]! + changeU * V[r + 14]!;
    w3 += change * V[r + 3]! + changeT * V[r + 9]! + changeU * V[r + 15]!;
    w4 += change * V[r + 4]! + changeT * V[r + 10]! + changeU * V[r + 16]!;
    w5 += change * V[r + 5]! + changeT * V[r + 11]! + changeU * V[r + 17]!;
    torque0 += ry * changeU - rz * changeT;
    torque1 += rz * change - rx * changeU;
    torque2 += rx * changeT - ry * change;
    force0 += change;
    force1 += changeT;
    force2 += changeU;
    V[o + IMPULSE] = next;
    V[o + IMPULSE + 1] = nextT;
    V[o + IMPULSE + 2] = nextU;
    const normal = (change < 0 ? -change : change) * V[o + NORMAL_RATE]!;
    const sliding = (changeT < 0 ? -changeT : changeT) + (changeU < 0 ? -changeU : changeU);
    const friction = sliding * V[o + FRICTION_RATE]!;
    if (normal > largest) largest = normal;
    if (friction > largest) largest = friction;
  }
  const lever = rows.torsionLevers[block]!;
  if (lever > 0) {
    // a single contact whose patch resists spinning about the normal, bound by its normal impulse
    const K = 36 * (block & SMALL);
    const bound = lever * V[begin + IMPULSE]!;
    const old = rows.torsionImpulses[block]!;
    let next = old - w0 / responses[K]!;
    if (next > bound) next = bound;
    else if (next < -bound) next = -bound;
    const change = next - old;
    w0 += change * responses[K]!;
    w1 += change * responses[K + 1]!;
    w2 += change * responses[K + 2]!;
    w3 += change * responses[K + 3]!;
    w4 += change * responses[K + 4]!;
    w5 += change * responses[K + 5]!;
    torque0 += change;
    rows.torsionImpulses[block] = next;
    const difference = (change < 0 ? -change : change) * responses[K]! * lever;
    if (difference > largest) largest = difference;
  }
  const rolling = rows.rollingLevers[block]!;
  if (rolling > 0) {
    // turning about the tangents is braked, bound by the normal impulse of the whole block
    let normal = 0;
    for (let o = begin; o < end; o += STRIDE) normal += V[o + IMPULSE]!;
    const K = 36 * (block & SMALL);
    const impulses = rows.rollingImpulses;
    const rate = Math.max(responses[K + 7]!, responses[K + 14]!);
    const [old1, old2] = [impulses[2 * block]!, impulses[2 * block + 1]!];
    let next1 = old1 - w1 / rate;
    let next2 = old2 - w2 / rate;
    const squared = next1 * next1 + next2 * next2;
    const bound = rolling * normal;
    if (squared > bound * bound) {
      const shrink = bound / Math.sqrt(squared);
      next1 *= shrink;
      next2 *= shrink;
    }
    const change1 = next1 - old1;
    const change2 = next2 - old2;
    w0 += change1 * responses[K + 6]! + change2 * responses[K + 12]!;
    w1 += change1 * responses[K + 7]! + change2 * responses[K + 13]!;
    w2 += change1 * responses[K + 8]! + change2 * responses[K + 14]!;
    w3 += change1 * responses[K + 9]! + change2 * responses[K + 15]!;
    w4 += change1 * responses[K + 10]! + change2 * responses[K + 16]!;
    w5 += change1 * responses[K + 11]! + change2 * responses[K + 17]!;
    torque1 += change1;
    torque2 += change2;
    impulses[2 * block] = next1;
    impulses[2 * block + 1] = next2;
    const difference = (Math.abs(change1) + Math.abs(change2)) * rate * rolling;
    if (difference > largest) largest = difference;
  }
  twists[t] = w0;
  twists[t + 1] = w1;
  twists[t + 2] = w2;
  twists[t + 3] = w3;
  twists[t + 4] = w4;
  twists[t + 5] = w5;
  changed[0] = torque0;
  changed[1] = torque1;
  changed[2] = torque2;
  changed[3] = force0;
  changed[4] = force1;
  changed[5] = force2;
  changed[6] = largest;
}

/** Pass a (change of the) `wrench[6]` in `block` on to the twists of the blocks coupled to it. */
export function passOn(
  blocks: ConstraintBlocks,
  couplings: BlockCouplings,
  block: number,
  wrench: Float64Array,
): void {
  const { twists } = blocks;
  const { start, targets, matrices: C } = couplings;
  const c0 = wrench[0]!;
  const c1 = wrench[1]!;
  const c2 = wrench[2]!;
  const c3 = wrench[3]!;
  const c4 = wrench[4]!;
  const c5 = wrench[5]!;
  const end = start[block + 1]! & LESS_SMALL;
  for (let coupling = start[block]! & LESS_SMALL; coupling < end; coupling++) {
    const t = 6 * targets[coupling]!;
    for (let i = 0; i < 6; i++) {
      const m = 36 * coupling + 6 * i;
      twists[t + i]! +=
        C[m]! * c0 + C[m + 1]! * c1 + C[m + 2]! * c2 + C[m + 3]! * c3 + C[m + 4]! * c4 + C[m + 5]! * c5;
    }
  }
}

/** What sweeps go over: the blocks, how they move each other, and the impulses of contacts and joint limits. */
export interface BlockSweeps {
  readonly blocks: ConstraintBlocks;
  readonly couplings: BlockCouplings;
  readonly contacts: ContactBuffer;
  readonly rows: ContactRows;
  /** Per block of a joint: impulse and its bounds, N m s or N s, and the speed aimed at, rad/s or m/s. */
  readonly limitImpulses: Float64Array;
  readonly limitBiases: Float64Array;
  readonly lowerBounds: Float64Array;
  readonly upperBounds: Float64Array;
}

/** Sweep over all blocks once; returns the largest change of a row's velocity, m/s. */
export function sweepOnce(sweeps: BlockSweeps): number {
  const { blocks, couplings, rows, limitImpulses, limitBiases, lowerBounds, upperBounds } = sweeps;
  const { limitDof, twists, responses } = blocks;
  const { start } = couplings;
  const count = blocks.count & SMALL;
  let largest = 0;
  for (let block = 0; block < count; block++) {
    if (limitDof[block]! >= 0) {
      const rate = responses[36 * block]!;
      const old = limitImpulses[block]!;
      const free = old + (limitBiases[block]! - twists[6 * block]!) / rate;
      const next = Math.min(upperBounds[block]!, Math.max(lowerBounds[block]!, free));
      const change = next - old;
      limitImpulses[block] = next;
      changed[0] = change;
      for (let k = 1; k < 6; k++) changed[k] = 0;
      changed[6] = Math.abs(change) * rate;
      twists[6 * block]! += rate * change;
    } else sweepContacts(blocks, rows, block, changed);
    const difference = changed[6]!;
    if (difference > largest) largest = difference;
    if (difference > 0 && start[block + 1]! > start[block]!) passOn(blocks, couplings, block, changed);
  }
  return largest;
}

// How fast colliders move, and with it how far ahead contacts must be looked for.
import type { Articulation } from "../articulation/articulation.js";
import type { FreeBody } from "../bodies/free-body.js";
import type { ColliderSet } from "./collider-set.js";
import type { ContactBuffer } from "./contact-buffer.js";

/** Most times that a pair is moved on towards each other within a step. */
const MOST_ADVANCES = 6;

/** Finds the contacts of pair `pair` of colliders `a` and `b` that are closer than `margin` (m). */
export type FindPair = (
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  contacts: ContactBuffer,
  margin: number,
) => void;

/** How the colliders move at the start of a step. */
export class ColliderMotion {
  /** No point of a collider moves further in the step than this, m. */
  readonly reaches: Float64Array;
  private readonly colliders: ColliderSet;
  private readonly arm: Articulation | undefined;
  private readonly bodies: readonly FreeBody[];
  private readonly timestep: number;
  /** What falls freely also comes nearer by this much in a step, m. */
  private readonly fall: number;
  /** Velocity of the centre, then the angular velocity, of the two colliders that are looked at. */
  private readonly twistA = new Float64Array(6);
  private readonly twistB = new Float64Array(6);
  private readonly start = new Float64Array(3);

  /** For steps of `timestep` (s) under `gravity` (m/s²). */
  constructor(
    colliders: ColliderSet,
    arm: Articulation | undefined,
    bodies: readonly FreeBody[],
    timestep: number,
    gravity: number,
  ) {
    this.reaches = new Float64Array(colliders.count);
    this.colliders = colliders;
    this.arm = arm;
    this.bodies = bodies;
    this.timestep = timestep;
    this.fall = Math.abs(gravity) * timestep * timestep;
  }

  /** Take the present velocities; the colliders must be placed. */
  update(): void {
    const { reaches, timestep, arm, bodies } = this;
    const { count, link: links, free: frees, positions: P, boundingRadius } = this.colliders;
    for (let c = 0; c < count; c++) {
      const link = links[c]!;
      const free = frees[c]!;
      // sums of sizes, which are no less than the lengths of the vectors
      if (link >= 0) {
        const V = arm!.linkVelocities;
        const v = 6 * link;
        const wx = V[v]!;
        const wy = V[v + 1]!;
        const wz = V[v + 2]!;
        const x = P[3 * c]!;
        const y = P[3 * c + 1]!;
        const z = P[3 * c + 2]!;
        reaches[c] =
          timestep *
          (Math.abs(V[v + 3]! + wy * z - wz * y) +
            Math.abs(V[v + 4]! + wz * x - wx * z) +
            Math.abs(V[v + 5]! + wx * y - wy * x) +
            (Math.abs(wx) + Math.abs(wy) + Math.abs(wz)) * boundingRadius[c]!);
      } else if (free >= 0) {
        const { velocity: u, angularVelocity: w } = bodies[free]!.body;
        reaches[c] =
          timestep *
          (Math.abs(u.x) +
            Math.abs(u.y) +
            Math.abs(u.z) +
            (Math.abs(w.x) + Math.abs(w.y) + Math.abs(w.z)) * boundingRadius[c]!);
      }
    }
  }

  /** Return how far `a` and `b` can come towards each other in the step at most, m. */
  approach(a: number, b: number): number {
    const { twistA: T, twistB: U, timestep } = this;
    const { boundingRadius: R } = this.colliders;
    this.readTwist(a, T);
    this.readTwist(b, U);
    const spinA = Math.sqrt(T[3]! * T[3]! + T[4]! * T[4]! + T[5]! * T[5]!);
    const spinB = Math.sqrt(U[3]! * U[3]! + U[4]! * U[4]! + U[5]! * U[5]!);
    const turn = (spinA > 0 ? spinA * R[a]! : 0) + (spinB > 0 ? spinB * R[b]! : 0);
    const x = T[0]! - U[0]!;
    const y = T[1]! - U[1]!;
    const z = T[2]! - U[2]!;
    return timestep * (Math.sqrt(x * x + y * y + z * z) + turn);
  }

  /**
   * Append the contacts of a pair that touch or will within the step.
   *
   * The pair is moved on until its shapes touch (conservative advancement: Mirtich, 1996, but straight on): what only passes by
   * is left alone. A contact found so is told where it is now, so that the solver stops the pair just there.
   */
  findAhead(pair: number, a: number, b: number, contacts: ContactBuffer, find: FindPair): void {
    const { colliders, twistA, twistB, start, timestep } = this;
    const { positions: P, margin } = colliders;
    const begin = contacts.count;
    const whole = this.approach(a, b) + this.fall;
    const x = twistA[0]! - twistB[0]!;
    const y = twistA[1]! - twistB[1]!;
    const z = twistA[2]! - twistB[2]!;
    const endless = colliders.boundingRadius[b] === Number.POSITIVE_INFINITY;
    for (let k = 0; k < 3; k++) start[k] = P[3 * a + k]!;
    let time = 0;
    for (let advance = 0; advance < MOST_ADVANCES; advance++) {
      P[3 * a] = start[0]! + time * x;
      P[3 * a + 1] = start[1]! + time * y;
      P[3 * a + 2] = start[2]! + time * z;
      contacts.count = begin;
      find(colliders, pair, a, b, contacts, margin + whole * (1 - time / timestep));
      const next = this.sift(contacts, begin, margin, timestep - time);
      if (contacts.count === begin) break;
      // a half-space is met wherever its plane is
      if (endless || next <= 0) {
        if (time > 0) moveBack(contacts, begin, time * x, time * y, time * z);
        break;
      }
      time += next;
    }
    for (let k = 0; k < 3; k++) P[3 * a + k] = start[k]!;
  }

  /** Keep the contacts from `begin` on that touch or will within `rest` (s); returns the time until the first does, s. */
  private sift(contacts: ContactBuffer, begin: number, margin: number, rest: number): number {
    const { twistA, twistB, fall } = this;
    const { positions: P } = this.colliders;
    const { normal: N, pointA: A, pointB: B } = contacts;
    let first = Number.POSITIVE_INFINITY;
    let kept = begin;
    for (let contact = begin; contact < contacts.count; contact++) {
      const i = 3 * contact;
      const closing =
        speedAlong(N, A, i, P, 3 * contacts.colliderA[contact]!, twistA) -
        speedAlong(N, B, i, P, 3 * contacts.colliderB[contact]!, twistB);
      let gap = 0;
      for (let k = i; k < i + 3; k++) gap += N[k]! * (B[k]! - A[k]!);
      if (gap > margin + closing * rest + fall) continue;
      const until = gap <= margin + fall ? 0 : (gap - margin / 2) / closing;
      if (until < first) first = until;
      if (kept !== contact) contacts.move(contact, kept);
      kept++;
    }
    contacts.count = kept;
    return first;
  }

  private readTwist(c: number, T: Float64Array): void {
    const { link: links, free: frees, positions: P } = this.colliders;
    const link = links[c]!;
    const free = frees[c]!;
    if (link >= 0) {
      // the twist of a link is told at the world's origin
      const V = this.arm!.linkVelocities;
      const v = 6 * link;
      const x = P[3 * c]!;
      const y = P[3 * c + 1]!;
      const z = P[3 * c + 2]!;
      T[0] = V[v + 3]! + V[v + 1]! * z - V[v + 2]! * y;
      T[1] = V[v + 4]! + V[v + 2]! * x - V[v]! * z;
      T[2] = V[v + 5]! + V[v]! * y - V[v + 1]! * x;
      T[3] = V[v]!;
      T[4] = V[v + 1]!;
      T[5] = V[v + 2]!;
    } else if (free >= 0) {
      const { velocity: u, angularVelocity: w } = this.bodies[free]!.body;
      T[0] = u.x;
      T[1] = u.y;
      T[2] = u.z;
      T[3] = w.x;
      T[4] = w.y;
      T[5] = w.z;
    } else T.fill(0);
  }
}

/** Speed along the normal `N[i..]` of the point `Q[i..]` of a collider with its centre at `P[c..]` and twist `T`. */
function speedAlong(
  N: Float64Array,
  Q: Float64Array,
  i: number,
  P: Float64Array,
  c: number,
  T: Float64Array,
): number {
  const x = Q[i]! - P[c]!;
  const y = Q[i + 1]! - P[c + 1]!;
  const z = Q[i + 2]! - P[c + 2]!;
  return (
    N[i]! * (T[0]! + T[4]! * z - T[5]! * y) +
    N[i + 1]! * (T[1]! + T[5]! * x - T[3]! * z) +
    N[i + 2]! * (T[2]! + T[3]! * y - T[4]! * x)
  );
}

/** Move the points of A back by (x, y, z) and those of B along the normals with them. */
function moveBack(contacts: ContactBuffer, begin: number, x: number, y: number, z: number): void {
  const { normal: N, pointA: A, pointB: B, count } = contacts;
  for (let i = 3 * begin; i < 3 * count; i += 3) {
    let gap = N[i]! * x + N[i + 1]! * y + N[i + 2]! * z;
    for (let k = i; k < i + 3; k++) gap += N[k]! * (B[k]! - A[k]!);
    A[i]! -= x;
    A[i + 1]! -= y;
    A[i + 2]! -= z;
    for (let k = 0; k < 3; k++) B[i + k] = A[i + k]! + gap * N[i + k]!;
  }
}

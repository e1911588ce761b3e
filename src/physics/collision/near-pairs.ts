// The pairs of colliders that can touch soon; the others are passed over until something has moved far enough.
import type { ColliderPairs } from "./collider-pairs.js";
import { COLLIDER_KIND, type ColliderSet } from "./collider-set.js";

const { HALF_SPACE } = COLLIDER_KIND;

/** Furthest that a collider moves before pairs are looked through anew, m. */
const SKIN = 0.03;
/** More than what rounding does to distances, m. */
const SPARE = 1e-6;

/**
 * Keep a list of the pairs whose bounding spheres are near.
 *
 * It holds until a collider is further than a skin's depth from where it was when the list was made, the way it can go in the
 * present step included: until then no other pair can meet, and no contact is lost by passing over them (Verlet, Computer
 * "experiments" on classical fluids, 1967).
 */
export class NearPairs {
  /** Pairs that are near, in ascending order. */
  readonly list: Int32Array;
  count = 0;
  readonly pairs: ColliderPairs;
  private readonly colliders: ColliderSet;
  /** Positions of the colliders when the list was made. [count, 3] */
  private readonly places: Float64Array;
  /** How far each can go from there, m; -1 before there is a list. */
  private readonly room: Float64Array;
  /** Bounding radii with which the list was made, m. */
  private readonly radii: Float64Array;

  constructor(colliders: ColliderSet, pairs: ColliderPairs) {
    this.colliders = colliders;
    this.pairs = pairs;
    this.list = new Int32Array(pairs.first.length);
    this.places = new Float64Array(3 * colliders.count);
    this.room = new Float64Array(colliders.count).fill(-1);
    this.radii = new Float64Array(colliders.count);
  }

  /** Make the list fit the present positions; no point of collider c goes further than `reaches[c]` (m) in the step. */
  update(reaches: Float64Array): void {
    if (!this.holds(reaches)) this.collect(reaches);
  }

  private holds(reaches: Float64Array): boolean {
    const { places, room, radii } = this;
    const { positions: P, boundingRadius } = this.colliders;
    for (let c = 0; c < room.length; c++) {
      const left = room[c]! - reaches[c]!;
      const dx = P[3 * c]! - places[3 * c]!;
      const dy = P[3 * c + 1]! - places[3 * c + 1]!;
      const dz = P[3 * c + 2]! - places[3 * c + 2]!;
      // what is not a number holds in no comparison
      if (!(left >= 0 && dx * dx + dy * dy + dz * dz <= left * left)) return false;
      if (boundingRadius[c] !== radii[c]) return false;
    }
    return true;
  }

  private collect(reaches: Float64Array): void {
    const { places, room, radii, list } = this;
    const { first, second } = this.pairs;
    const { positions: P, rotations: R, kind, boundingRadius, margin } = this.colliders;
    places.set(P);
    for (let c = 0; c < room.length; c++) {
      room[c] = SKIN + reaches[c]!;
      radii[c] = boundingRadius[c]!;
    }
    let count = 0;
    for (let pair = 0; pair < first.length; pair++) {
      const a = first[pair]!;
      const b = second[pair]!;
      const dx = P[3 * a]! - P[3 * b]!;
      const dy = P[3 * a + 1]! - P[3 * b + 1]!;
      const dz = P[3 * a + 2]! - P[3 * b + 2]!;
      const reach = radii[a]! + margin + room[a]! + room[b]! + SPARE;
      if (kind[b] === HALF_SPACE) {
        if (R[9 * b + 2]! * dx + R[9 * b + 5]! * dy + R[9 * b + 8]! * dz > reach) continue;
      } else if (dx * dx + dy * dy + dz * dz > (reach + radii[b]!) ** 2) continue;
      list[count++] = pair;
    }
    this.count = count;
  }
}

// The impulses of the last step, by which the solver starts the next one.
import { MAX_CONTACTS } from "../collision/contact-buffer.js";

/** A contact counts as the same while it stays within this distance on its body, m. */
const SAME_POINT = 2e-3;

/** Plain data of a cache. */
export interface WarmStartSnapshot {
  readonly pairs: Int32Array;
  readonly points: Float64Array;
  readonly impulses: Float64Array;
  readonly limitImpulses: Float64Array;
}

/** Contact impulses by pair of colliders and point on the body, and those of the joint limits. */
export class WarmStartCache {
  private count = 0;
  private cursor = 0;
  private readonly taken = new Uint8Array(MAX_CONTACTS);
  private readonly pairs = new Int32Array(MAX_CONTACTS);
  private readonly points = new Float64Array(3 * MAX_CONTACTS);
  /** Normal impulse, the friction impulse as a world vector, N s, and the impulse about the normal, N m s. */
  private readonly impulses = new Float64Array(5 * MAX_CONTACTS);
  /** Impulses of the lower and the upper limit of each degree of freedom, N m s or N s; 0 where it was free. */
  readonly limitImpulses: Float64Array;

  constructor(numDofs: number) {
    this.limitImpulses = new Float64Array(2 * numDofs);
  }

  /** Forget everything. */
  clear(): void {
    this.count = 0;
    this.limitImpulses.fill(0);
  }

  /** Start a step: all old contacts can be taken again, in ascending order of their pairs. */
  rewind(): void {
    this.cursor = 0;
    this.taken.fill(0, 0, this.count);
  }

  /**
   * Take the impulse of the old contact of `pair` nearest to the point `points[o..o+2]` out of the cache.
   *
   * Since `rewind`, pairs must come in ascending order. Returns false, and leaves `impulse` [5] untouched, where there is
   * none within 2 mm.
   */
  take(pair: number, points: Float64Array, o: number, impulse: Float64Array): boolean {
    const { count, pairs, points: known, taken, impulses } = this;
    while (this.cursor < count && pairs[this.cursor]! < pair) this.cursor++;
    let nearest = SAME_POINT * SAME_POINT;
    let found = -1;
    for (let k = this.cursor; k < count && pairs[k] === pair; k++) {
      if (taken[k] === 1) continue;
      const dx = known[3 * k]! - points[o]!;
      const dy = known[3 * k + 1]! - points[o + 1]!;
      const dz = known[3 * k + 2]! - points[o + 2]!;
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared < nearest) {
        nearest = squared;
        found = k;
      }
    }
    if (found < 0) return false;
    taken[found] = 1;
    for (let k = 0; k < 5; k++) impulse[k] = impulses[5 * found + k]!;
    return true;
  }

  /** Hold the `count` contacts given, in place of all earlier ones. */
  store(count: number, pairs: Int32Array, points: Float64Array, impulses: Float64Array): void {
    this.count = count;
    for (let k = 0; k < count; k++) this.pairs[k] = pairs[k]!;
    for (let k = 0; k < 3 * count; k++) this.points[k] = points[k]!;
    for (let k = 0; k < 5 * count; k++) this.impulses[k] = impulses[k]!;
  }

  /** Copy the cache. */
  snapshot(): WarmStartSnapshot {
    return {
      pairs: this.pairs.slice(0, this.count),
      points: this.points.slice(0, 3 * this.count),
      impulses: this.impulses.slice(0, 5 * this.count),
      limitImpulses: this.limitImpulses.slice(),
    };
  }

  /** Become what `snapshot` was. */
  restore(snapshot: WarmStartSnapshot): void {
    this.store(snapshot.pairs.length, snapshot.pairs, snapshot.points, snapshot.impulses);
    this.limitImpulses.set(snapshot.limitImpulses);
  }
}

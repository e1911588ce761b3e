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
  /** Normal impulse, the friction impulse as a world vector, N s, and the impulse about the normal, N m s. [MAX_CONTACTS, 5] */
  impulses: Float64Array = new Float64Array(5 * MAX_CONTACTS);
  /** The same of the step that is being solved; they take the place of `impulses` in `turnOver`. */
  nextImpulses: Float64Array = new Float64Array(5 * MAX_CONTACTS);
  /** Points on the bodies of the step that is being solved, m. [MAX_CONTACTS, 3] */
  nextPoints: Float64Array = new Float64Array(3 * MAX_CONTACTS);
  /**
   * Impulses of the lower and the upper limit of each degree of freedom, then those of dry friction where there is some, N m s or
   * N s; 0 where it was free.
   */
  readonly limitImpulses: Float64Array;
  private count = 0;
  private cursor = 0;
  private readonly taken = new Uint8Array(MAX_CONTACTS);
  private readonly pairs = new Int32Array(MAX_CONTACTS);
  private points: Float64Array = new Float64Array(3 * MAX_CONTACTS);

  constructor(numDofs: number, numRubbing: number) {
    this.limitImpulses = new Float64Array(2 * numDofs + numRubbing);
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
   * Take the impulse of the old contact of `pair` nearest to the point `nextPoints[o..o+2]` out of the cache.
   *
   * Since `rewind`, pairs must come in ascending order. Returns where it stands in `impulses`, or -1 where there is none
   * within 2 mm.
   */
  take(pair: number, o: number): number {
    const { count, pairs, points: known, taken, nextPoints } = this;
    let begin = this.cursor;
    while (begin < count && pairs[begin]! < pair) begin++;
    this.cursor = begin;
    const x = nextPoints[o]!;
    const y = nextPoints[o + 1]!;
    const z = nextPoints[o + 2]!;
    let nearest = SAME_POINT * SAME_POINT;
    let found = -1;
    for (let k = begin; k < count && pairs[k] === pair; k++) {
      if (taken[k] === 1) continue;
      const dx = known[3 * k]! - x;
      const dy = known[3 * k + 1]! - y;
      const dz = known[3 * k + 2]! - z;
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared < nearest) {
        nearest = squared;
        found = k;
      }
    }
    if (found < 0) return -1;
    taken[found] = 1;
    return 5 * found;
  }

  /** Let the `count` contacts of the step, of the pairs given, be the old ones of the next. */
  turnOver(count: number, pairs: Int32Array): void {
    const { points, impulses } = this;
    this.count = count;
    for (let k = 0; k < count; k++) this.pairs[k] = pairs[k]!;
    this.points = this.nextPoints;
    this.impulses = this.nextImpulses;
    this.nextPoints = points;
    this.nextImpulses = impulses;
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
    this.count = snapshot.pairs.length;
    this.pairs.set(snapshot.pairs);
    this.points.set(snapshot.points);
    this.impulses.set(snapshot.impulses);
    this.limitImpulses.set(snapshot.limitImpulses);
  }
}

// The contacts of one time step in flat arrays, filled by the narrowphase and read by the solver.

/** Most contacts one step can hold; further ones are dropped. */
export const MAX_CONTACTS = 128;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;

/** Contacts of the present step. Entry `i` of a 3-vector array stands at `3 * i`. */
export class ContactBuffer {
  count = 0;
  /** Index into the world's pair list. */
  readonly pair = new Int32Array(MAX_CONTACTS);
  /** Collider indices. */
  readonly colliderA = new Uint16Array(MAX_CONTACTS);
  readonly colliderB = new Uint16Array(MAX_CONTACTS);
  /** Unit normal from A to B, world. */
  readonly normal = new Float64Array(3 * MAX_CONTACTS);
  /** Contact point on the surface of A, world, m. */
  readonly pointA = new Float64Array(3 * MAX_CONTACTS);
  /** Contact point on the surface of B, world, m. */
  readonly pointB = new Float64Array(3 * MAX_CONTACTS);
  /** Whether the forces are those of the last step. */
  forcesKnown = true;
  /** Force on B along the normal, N; set by the solver. */
  readonly normalForce = new Float64Array(MAX_CONTACTS);
  /** Friction force on B, world, N; set by the solver. */
  readonly frictionForce = new Float64Array(3 * MAX_CONTACTS);

  /** Append a contact between the colliders of `pair`. */
  add(
    pair: number,
    a: number,
    b: number,
    nx: number,
    ny: number,
    nz: number,
    ax: number,
    ay: number,
    az: number,
    bx: number,
    by: number,
    bz: number,
  ): void {
    const index = this.count & SMALL;
    if (index === this.pair.length) return;
    this.count = index + 1;
    this.pair[index] = pair;
    this.colliderA[index] = a;
    this.colliderB[index] = b;
    const o = 3 * index;
    this.normal[o] = nx;
    this.normal[o + 1] = ny;
    this.normal[o + 2] = nz;
    this.pointA[o] = ax;
    this.pointA[o + 1] = ay;
    this.pointA[o + 2] = az;
    this.pointB[o] = bx;
    this.pointB[o + 1] = by;
    this.pointB[o + 2] = bz;
  }

  /** Put contact `from` in the place of contact `to`, forces aside. */
  move(from: number, to: number): void {
    this.pair[to] = this.pair[from]!;
    this.colliderA[to] = this.colliderA[from]!;
    this.colliderB[to] = this.colliderB[from]!;
    for (let k = 0; k < 3; k++) {
      this.normal[3 * to + k] = this.normal[3 * from + k]!;
      this.pointA[3 * to + k] = this.pointA[3 * from + k]!;
      this.pointB[3 * to + k] = this.pointB[3 * from + k]!;
    }
  }
}

// How a wrench in one block moves the others: blocks that share the arm or a free body.
import { setArmCoupling } from "./arm-response.js";
import type { ConstraintBlocks } from "./constraint-blocks.js";
import type { GeneralizedVelocity } from "./generalized-velocity.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;
/** The same for the place of an entry in an array. */
const LESS_SMALL = 0xfffffff;

/**
 * Hold a 6 x 6 matrix for each ordered pair of coupled blocks, listed by the block whose wrench changes.
 *
 * The lists grow with the most couplings ever met, so that a step in steady use allocates nothing.
 */
export class BlockCouplings {
  /** Couplings of block b stand at `start[b] .. start[b + 1]`. */
  readonly start: Int32Array;
  /** Block whose twist changes. */
  targets: Uint16Array = new Uint16Array(32);
  /** Twist change of the target per unit of wrench, row-major. [count, 6, 6] */
  matrices: Float64Array = new Float64Array(36 * 32);
  private readonly blocks: ConstraintBlocks;
  private readonly velocity: GeneralizedVelocity;
  /** Couplings written so far for each block. */
  private readonly written: Int32Array;

  constructor(blocks: ConstraintBlocks, velocity: GeneralizedVelocity) {
    this.blocks = blocks;
    this.velocity = velocity;
    this.start = new Int32Array(blocks.armed.length + 1);
    this.written = new Int32Array(blocks.armed.length);
  }

  /** Find all couplings of the present blocks and fill their matrices. */
  build(): void {
    const { blocks, start, written } = this;
    const { count } = blocks;
    start.fill(0, 0, count + 1);
    written.fill(0, 0, count);
    for (let a = 1; a < count; a++) {
      for (let b = 0; b < a; b++) {
        if (!this.coupled(a, b)) continue;
        start[a + 1]!++;
        start[b + 1]!++;
      }
    }
    for (let block = 0; block < count; block++) start[block + 1]! += start[block]!;
    const needed = start[count]!;
    if (needed === 0) return;
    if (needed > this.targets.length) this.grow(2 * needed);
    const { targets } = this;
    for (let a = 1; a < count; a++) {
      for (let b = 0; b < a; b++) {
        if (!this.coupled(a, b)) continue;
        const fromA = start[a]! + written[a]!++;
        const fromB = start[b]! + written[b]!++;
        targets[fromA] = b;
        targets[fromB] = a;
        this.fill(a, b, 36 * fromB, 36 * fromA);
      }
    }
  }

  private coupled(a: number, b: number): boolean {
    const { armed, free } = this.blocks;
    if (armed[a] === 1 && armed[b] === 1) return true;
    const ofA = 2 * (a & SMALL);
    const ofB = 2 * (b & SMALL);
    const a0 = free[ofA]!;
    const a1 = free[ofA + 1]!;
    const b0 = free[ofB]!;
    const b1 = free[ofB + 1]!;
    return (a0 >= 0 && (a0 === b0 || a0 === b1)) || (a1 >= 0 && (a1 === b0 || a1 === b1));
  }

  /** Write the twist of `a` per wrench of `b` at `o`, and its transpose, which is the reverse, at `transposed`. */
  private fill(a: number, b: number, o: number, transposed: number): void {
    const { blocks, matrices: C } = this;
    const { armed, armRows, numDofs, free } = blocks;
    if (armed[a] === 1 && armed[b] === 1) {
      setArmCoupling(armRows, 6 * numDofs * a, 6 * numDofs * b, numDofs, C, o);
    } else for (let k = 0; k < 36; k++) C[o + k] = 0;
    for (let sideA = 0; sideA < 2; sideA++) {
      const body = free[2 * a + sideA]!;
      if (body < 0) continue;
      for (let sideB = 0; sideB < 2; sideB++) {
        if (free[2 * b + sideB] === body) this.addFreeBody(a, sideA, b, sideB, body, o);
      }
    }
    const from = o & LESS_SMALL;
    const to = transposed & LESS_SMALL;
    for (let i = 0; i < 6; i++) {
      C[to + i] = C[from + 6 * i]!;
      C[to + 6 + i] = C[from + 6 * i + 1]!;
      C[to + 12 + i] = C[from + 6 * i + 2]!;
      C[to + 18 + i] = C[from + 6 * i + 3]!;
      C[to + 24 + i] = C[from + 6 * i + 4]!;
      C[to + 30 + i] = C[from + 6 * i + 5]!;
    }
  }

  private addFreeBody(a: number, sideA: number, b: number, sideB: number, body: number, place: number): void {
    const { blocks, velocity, matrices: C } = this;
    const o = place & LESS_SMALL;
    const { levers: H, leverResponses: T, axes } = blocks;
    const sign = sideA === sideB ? 1 : -1;
    const scale = sign * velocity.inverseMasses[body]!;
    const h = 18 * (2 * (a & SMALL) + (sideA & 1));
    const t = 18 * (2 * (b & SMALL) + (sideB & 1));
    for (let i = 0; i < 6; i++) {
      const x = sign * H[h + 3 * i]!;
      const y = sign * H[h + 3 * i + 1]!;
      const z = sign * H[h + 3 * i + 2]!;
      for (let j = 0; j < 6; j++) {
        C[o + 6 * i + j]! += x * T[t + 3 * j]! + y * T[t + 3 * j + 1]! + z * T[t + 3 * j + 2]!;
      }
    }
    for (let i = 0; i < 3; i++) {
      const d = 9 * (a & SMALL) + 3 * i;
      for (let j = 0; j < 3; j++) {
        const e = 9 * (b & SMALL) + 3 * j;
        const cosine = axes[d]! * axes[e]! + axes[d + 1]! * axes[e + 1]! + axes[d + 2]! * axes[e + 2]!;
        C[o + 6 * (3 + i) + 3 + j]! += scale * cosine;
      }
    }
  }

  private grow(size: number): void {
    this.targets = new Uint16Array(size);
    this.matrices = new Float64Array(36 * size);
  }
}

// How the links of an arm answer to forces at them, whitened by the Cholesky factor of the mass matrix.
import type { Articulation } from "./articulation.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;
/** The same for the place of an entry in an array. */
const LESS_SMALL = 0xfffffff;

/**
 * Hold Y = L⁻¹ Sᵀ of the links that are touched in a step, where S is a link's spatial Jacobian about the world origin.
 *
 * With z = Lᵀ q̇ the twist of a link is Yᵀ z, and a wrench F at it changes z by Y F. Each Y is [numDofs, 6], angular part
 * first. Links that share joints share the first rows (both fingers those of the hand), which are computed once.
 */
export class WhitenedLinks {
  /** Y of every link, [numLinks, numDofs, 6]; valid where `require` was called since `begin`. */
  readonly values: Float64Array;
  private readonly articulation: Articulation;
  /** For each pair of links: the leading degrees of freedom that move both alike. [numLinks, numLinks] */
  private readonly shared: Int32Array;
  private readonly ready: Int32Array;
  private numReady = 0;

  constructor(articulation: Articulation) {
    const { numLinks, numDofs, chains, dofOfLink } = articulation;
    this.articulation = articulation;
    this.values = new Float64Array(6 * numDofs * numLinks);
    this.ready = new Int32Array(numLinks);
    this.shared = new Int32Array(numLinks * numLinks);
    for (let a = 0; a < numLinks; a++) {
      for (let b = 0; b < numLinks; b++) {
        this.shared[a * numLinks + b] = sharedDofs(chains[a]!, chains[b]!, dofOfLink, numDofs);
      }
    }
  }

  /** Forget all links: the Cholesky factor has changed. */
  begin(): void {
    this.numReady = 0;
  }

  /** Make Y of `link` valid and return where it starts in `values`. */
  require(link: number): number {
    const { articulation, values: Y, ready, numReady, shared } = this;
    const { numDofs, numLinks } = articulation;
    const o = 6 * numDofs * link;
    let from = 0;
    let source = -1;
    for (let k = 0; k < numReady; k++) {
      const known = ready[k]!;
      if (known === link) return o;
      const rows = shared[link * numLinks + known]!;
      if (rows > from) {
        from = rows;
        source = known;
      }
    }
    if (source >= 0) {
      const s = 6 * numDofs * source;
      for (let k = 0; k < 6 * from; k++) Y[o + k] = Y[s + k]!;
    }
    this.gather(link, from, o);
    this.substitute(from, o);
    ready[numReady] = link;
    this.numReady = numReady + 1;
    return o;
  }

  /** Write the rows of Sᵀ from degree of freedom `from` on. */
  private gather(link: number, from: number, o: number): void {
    const { values: Y, articulation } = this;
    const { numDofs, chains, dofOfLink, motionAxes: S } = articulation;
    for (let k = 6 * from; k < 6 * numDofs; k++) Y[o + k] = 0;
    const chain = chains[link]!;
    for (let a = 0; a < chain.length; a++) {
      const mover = chain[a]!;
      const dof = dofOfLink[mover]!;
      if (dof < from) continue;
      for (let k = 0; k < 6; k++) Y[o + 6 * dof + k]! += S[6 * mover + k]!;
    }
  }

  /** Replace the rows from `from` on by those of L⁻¹ Sᵀ. */
  private substitute(from: number, o: number): void {
    const { values: Y, articulation } = this;
    const { cholesky: L, inverseDiagonal } = articulation;
    const n = articulation.numDofs & SMALL;
    const begin = o & LESS_SMALL;
    for (let i = from & SMALL; i < n; i++) {
      const row = begin + 6 * i;
      let y0 = Y[row]!;
      let y1 = Y[row + 1]!;
      let y2 = Y[row + 2]!;
      let y3 = Y[row + 3]!;
      let y4 = Y[row + 4]!;
      let y5 = Y[row + 5]!;
      for (let k = 0; k < i; k++) {
        const factor = L[i * n + k]!;
        const known = begin + 6 * k;
        y0 -= factor * Y[known]!;
        y1 -= factor * Y[known + 1]!;
        y2 -= factor * Y[known + 2]!;
        y3 -= factor * Y[known + 3]!;
        y4 -= factor * Y[known + 4]!;
        y5 -= factor * Y[known + 5]!;
      }
      const inverse = inverseDiagonal[i]!;
      Y[row] = y0 * inverse;
      Y[row + 1] = y1 * inverse;
      Y[row + 2] = y2 * inverse;
      Y[row + 3] = y3 * inverse;
      Y[row + 4] = y4 * inverse;
      Y[row + 5] = y5 * inverse;
    }
  }
}

/** Count the leading degrees of freedom that move the ends of two chains of links alike. */
function sharedDofs(a: Int16Array, b: Int16Array, dofOfLink: Int16Array, numDofs: number): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  let first = numDofs;
  for (const chain of [a, b]) {
    for (const mover of chain.subarray(same)) first = Math.min(first, dofOfLink[mover]!);
  }
  return first;
}

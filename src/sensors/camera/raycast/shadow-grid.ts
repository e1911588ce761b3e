// Shadows of one distant light: which primitives may shade a point is looked up in a grid across the light's direction.
import type { PlacedPrimitives } from "./placed-primitives.js";
import { WORLD } from "./primitives.js";
import { BOX, ShadowCasters } from "./shadow-casters.js";

/** Cells along one axis; a power of two, as the grid repeats: points that share a cell are told apart by the exact test. */
const CELLS = 64;
/** Cells per metre. */
const SCALE = 32;
/** Primitives larger than this, the table, are always looked at: they would fill the grid, m. */
const LARGE = 0.5;
/** Primitives that one number tells of. */
const BITS = 32;

/** Finds what stands between points and the light. */
export class ShadowGrid {
  /** Number of cells. */
  static readonly numCells = CELLS * CELLS;
  /** Holds the point in hand. */
  readonly casters: ShadowCasters;
  /** Primitives that throw shadows, in order. */
  private readonly small: Int32Array;
  private readonly large: Int32Array;
  /** How many of each are in use: those that `update` was told of. */
  private numSmall = 0;
  private numLarge = 0;
  /** One bit per cell and small primitive: [cells, words] */
  private readonly bits: Int32Array;
  private readonly words: number;

  /** Primitives throw shadows where `throws` is true for their entity. */
  constructor(placed: PlacedPrimitives, throws: (entity: number) => boolean) {
    const { count, bounds, entities } = placed.primitives;
    const all = Array.from({ length: count }, (_, p) => p).filter(
      (p) => entities[p] !== WORLD && throws(entities[p]!),
    );
    this.casters = new ShadowCasters(placed);
    this.small = Int32Array.from(all.filter((p) => bounds[p]! <= LARGE));
    this.large = Int32Array.from(all.filter((p) => bounds[p]! > LARGE));
    this.words = Math.ceil(this.small.length / BITS);
    this.bits = new Int32Array(ShadowGrid.numCells * this.words);
  }

  /** Take in where the primitives before `end` are now, and no others; `light` is the unit vector to the light in the camera's frame. */
  update(light: Float64Array, end: number): void {
    const { casters, small, large, bits } = this;
    casters.setLight(light);
    bits.fill(0);
    this.numLarge = 0;
    while (this.numLarge < large.length && large[this.numLarge]! < end)
      casters.update(large[this.numLarge++]!);
    this.numSmall = 0;
    while (this.numSmall < small.length && small[this.numSmall]! < end) {
      casters.update(small[this.numSmall]!);
      this.enter(this.numSmall++);
    }
  }

  /** Return the cell of the point in hand. */
  cell(): number {
    const { point } = this.casters;
    return (
      (Math.floor(point[0]! * SCALE) & (CELLS - 1)) * CELLS + (Math.floor(point[1]! * SCALE) & (CELLS - 1))
    );
  }

  /** Tell whether a primitive other than `own`, which is turned to the light there, shades the point in hand. */
  covers(own: number): boolean {
    const { casters, large, numLarge } = this;
    if (this.cellCovers(this.cell(), own)) return true;
    for (let k = 0; k < numLarge; k++) if (large[k] !== own && casters.covers(large[k]!)) return true;
    return false;
  }

  /** Tell whether a small primitive other than `own` shades the point in hand, which is in `cell`. */
  cellCovers(cell: number, own: number): boolean {
    const { casters, small, bits, words } = this;
    const { boxes, point } = casters;
    for (let word = 0; word < words; word++) {
      let left = bits[cell * words + word]!;
      while (left !== 0) {
        const bit = BITS - 1 - Math.clz32(left);
        left ^= 1 << bit;
        const p = small[word * BITS + bit]!;
        const o = BOX * p;
        if (p === own || boxes[o + 4]! <= point[2]!) continue;
        if (point[0]! < boxes[o]! || point[0]! > boxes[o + 1]!) continue;
        if (point[1]! < boxes[o + 2]! || point[1]! > boxes[o + 3]!) continue;
        if (casters.covers(p)) return true;
      }
    }
    return false;
  }

  /** Tell whether any small primitive is in the cell. */
  isEmpty(cell: number): boolean {
    const { bits, words } = this;
    for (let word = 0; word < words; word++) if (bits[cell * words + word] !== 0) return false;
    return true;
  }

  /** Set the bit of small primitive `k` in all cells that it may shade. */
  private enter(k: number): void {
    const { bits, words, small } = this;
    const { boxes } = this.casters;
    const o = BOX * small[k]!;
    const word = Math.floor(k / BITS);
    const bit = 1 << (k % BITS);
    const lastA = Math.floor(boxes[o + 1]! * SCALE);
    const firstB = Math.floor(boxes[o + 2]! * SCALE);
    const lastB = Math.floor(boxes[o + 3]! * SCALE);
    for (let a = Math.floor(boxes[o]! * SCALE); a <= lastA; a++) {
      const row = (a & (CELLS - 1)) * CELLS;
      for (let b = firstB; b <= lastB; b++) bits[(row + (b & (CELLS - 1))) * words + word]! |= bit;
    }
  }
}

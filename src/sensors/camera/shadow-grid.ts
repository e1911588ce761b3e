// Shadows of one distant light: which primitives may shade a point is looked up in a grid across the light's direction.
import { isShaded } from "./occlusion.js";
import type { PlacedPrimitives } from "./placed-primitives.js";
import { CONVEX, WORLD } from "./primitives.js";
import type { RayTarget } from "./ray-target.js";

const CELLS = 24;
/** Primitives larger than this, the table, are always looked at: they would fill the grid, m. */
const LARGE = 0.5;

/** Finds what stands between points and the light. */
export class ShadowGrid {
  private readonly placed: PlacedPrimitives;
  /** Primitives that throw shadows. */
  private readonly small: Int32Array;
  private readonly large: Int32Array;
  private readonly numLarge: number;
  /** The large primitive where there is one only, else -2. */
  private readonly onlyLarge: number;
  /** Per small primitive: no part of it is further along the light. */
  private readonly tops: Float64Array;
  /** Indices into `small` of a cell's primitives: `items[cell * small.length + k]` for k below `counts[cell]`. */
  private readonly items: Uint16Array;
  private readonly counts = new Uint16Array(CELLS * CELLS);
  /** Per small primitive: its least and greatest place across the light, along `first` and `second`. */
  private readonly boxes: Float64Array;
  private readonly light = new Float64Array(3);
  private readonly first = new Float64Array(3);
  private readonly second = new Float64Array(3);
  private lowA = 0;
  private lowB = 0;
  private scaleA = 0;
  private scaleB = 0;

  /** Primitives `first .. end - 1` throw shadows where `throws` is true for their entity. */
  constructor(placed: PlacedPrimitives, first: number, end: number, throws: (entity: number) => boolean) {
    const { bounds, entities } = placed.primitives;
    const all = Array.from({ length: end - first }, (_, k) => first + k).filter(
      (p) => entities[p] !== WORLD && throws(entities[p]!),
    );
    this.placed = placed;
    this.small = Int32Array.from(all.filter((p) => bounds[p]! <= LARGE));
    this.large = Int32Array.from(all.filter((p) => bounds[p]! > LARGE));
    this.numLarge = this.large.length;
    this.onlyLarge = this.numLarge === 1 ? this.large[0]! : -2;
    this.tops = new Float64Array(this.small.length);
    this.items = new Uint16Array(CELLS * CELLS * this.small.length);
    this.boxes = new Float64Array(4 * this.small.length);
  }

  /** Take in where the primitives are now; `light` is the unit vector to the light in the camera's frame. */
  update(light: Float64Array): void {
    const { small, boxes, items, counts } = this;
    const { centres, primitives } = this.placed;
    this.light.set(light);
    this.spanAcross();
    let [lowA, highA] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let [lowB, highB] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = 0; k < small.length; k++) {
      const p = small[k]!;
      this.boxOf(p, 4 * k);
      this.tops[k] = dotAt(this.light, centres, 3 * p) + primitives.bounds[p]!;
      if (boxes[4 * k]! < lowA) lowA = boxes[4 * k]!;
      if (boxes[4 * k + 1]! > highA) highA = boxes[4 * k + 1]!;
      if (boxes[4 * k + 2]! < lowB) lowB = boxes[4 * k + 2]!;
      if (boxes[4 * k + 3]! > highB) highB = boxes[4 * k + 3]!;
    }
    this.lowA = lowA;
    this.lowB = lowB;
    // a little less than the whole number, so that the highest place is in the last cell
    const scaleA = (CELLS - 1e-6) / (highA - lowA);
    const scaleB = (CELLS - 1e-6) / (highB - lowB);
    this.scaleA = scaleA;
    this.scaleB = scaleB;
    counts.fill(0);
    for (let k = 0; k < small.length; k++) {
      const endA = Math.floor((boxes[4 * k + 1]! - lowA) * scaleA);
      const startB = Math.floor((boxes[4 * k + 2]! - lowB) * scaleB);
      const endB = Math.floor((boxes[4 * k + 3]! - lowB) * scaleB);
      for (let a = Math.floor((boxes[4 * k]! - lowA) * scaleA); a <= endA; a++) {
        for (let b = startB; b <= endB; b++) {
          const cell = a * CELLS + b;
          items[cell * small.length + counts[cell]!] = k;
          counts[cell]!++;
        }
      }
    }
  }

  /** Write where the pixels' points lie across the light; `positions` [height, width, 2]. */
  locate({ width, us, vs, inverseDepths }: RayTarget, positions: Float32Array): void {
    const { first, second } = this;
    for (let o = 0; o < inverseDepths.length; o++) {
      const u = us[o % width]!;
      const v = vs[Math.floor(o / width)]!;
      const depth = 1 / inverseDepths[o]!;
      positions[2 * o] = depth * (first[0]! * u + first[1]! * v + first[2]!);
      positions[2 * o + 1] = depth * (second[0]! * u + second[1]! * v + second[2]!);
    }
  }

  /** Copy the pixels of `dark` into `pixels` where a shadow falls on a part before `endPart`; `positions` are from `locate`. */
  darken(
    { width, us, vs, inverseDepths, parts }: RayTarget,
    endPart: number,
    positions: Float32Array,
    dark: Uint8ClampedArray,
    pixels: Uint8ClampedArray,
  ): void {
    const { counts, lowA, lowB, scaleA, scaleB, light } = this;
    const { length } = this.small;
    for (let o = 0; o < parts.length; o++) {
      if (parts[o]! >= endPart) continue;
      const column = (positions[2 * o]! - lowA) * scaleA;
      const row = (positions[2 * o + 1]! - lowB) * scaleB;
      if (!(column >= 0 && row >= 0 && column < CELLS && row < CELLS)) continue;
      const cell = Math.floor(column) * CELLS + Math.floor(row);
      const count = counts[cell]!;
      if (count === 0) continue;
      const z = 1 / inverseDepths[o]!;
      const x = us[o % width]! * z;
      const y = vs[Math.floor(o / width)]! * z;
      const height = light[0]! * x + light[1]! * y + light[2]! * z;
      const [a, b] = [positions[2 * o]!, positions[2 * o + 1]!];
      if (!this.cellCovers(cell * length, count, a, b, height, x, y, z, -1)) continue;
      pixels[3 * o] = dark[3 * o]!;
      pixels[3 * o + 1] = dark[3 * o + 1]!;
      pixels[3 * o + 2] = dark[3 * o + 2]!;
    }
  }

  /** Tell whether a primitive other than `own`, which is turned to the light there, shades the point (x, y, z). */
  covers(x: number, y: number, z: number, own: number): boolean {
    const { first, second, light } = this;
    const a = first[0]! * x + first[1]! * y + first[2]! * z;
    const b = second[0]! * x + second[1]! * y + second[2]! * z;
    const column = (a - this.lowA) * this.scaleA;
    const row = (b - this.lowB) * this.scaleB;
    if (column >= 0 && row >= 0 && column < CELLS && row < CELLS) {
      const cell = Math.floor(column) * CELLS + Math.floor(row);
      const count = this.counts[cell]!;
      if (count > 0) {
        const height = light[0]! * x + light[1]! * y + light[2]! * z;
        if (this.cellCovers(cell * this.small.length, count, a, b, height, x, y, z, own)) return true;
      }
    }
    return this.numLarge > 0 && own !== this.onlyLarge && this.largeCovers(x, y, z, own);
  }

  private cellCovers(
    start: number,
    count: number,
    a: number,
    b: number,
    height: number,
    x: number,
    y: number,
    z: number,
    own: number,
  ): boolean {
    const { placed, small, boxes, tops, items, light } = this;
    for (let item = start; item < start + count; item++) {
      const k = items[item]!;
      const o = 4 * k;
      if (a < boxes[o]! || a > boxes[o + 1]! || b < boxes[o + 2]! || b > boxes[o + 3]!) continue;
      if (tops[k]! <= height || small[k] === own) continue;
      if (isShaded(placed, small[k]!, x, y, z, light[0]!, light[1]!, light[2]!)) return true;
    }
    return false;
  }

  private largeCovers(x: number, y: number, z: number, own: number): boolean {
    const { placed, large, light } = this;
    for (let k = 0; k < large.length; k++) {
      if (large[k] === own) continue;
      if (isShaded(placed, large[k]!, x, y, z, light[0]!, light[1]!, light[2]!)) return true;
    }
    return false;
  }

  /** Set two unit vectors across the light. */
  private spanAcross(): void {
    const { first, second } = this;
    const [x, y, z] = this.light as unknown as [number, number, number];
    // away from the axis that the light is nearest to
    const [ax, ay] = x * x < 0.5 ? [1, 0] : [0, 1];
    const length = Math.sqrt(ay * z * (ay * z) + ax * z * (ax * z) + (ax * y - ay * x) ** 2);
    first[0] = (ay * z) / length;
    first[1] = (-ax * z) / length;
    first[2] = (ax * y - ay * x) / length;
    second[0] = y * first[2]! - z * first[1]!;
    second[1] = z * first[0]! - x * first[2]!;
    second[2] = x * first[1]! - y * first[0]!;
  }

  private boxOf(p: number, o: number): void {
    const { placed, boxes, first, second } = this;
    const { primitives, centres, axes, corners } = placed;
    if (primitives.kinds[p] === CONVEX) {
      let [lowA, highA] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      let [lowB, highB] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let k = primitives.cornerStart[p]!; k < primitives.cornerStart[p + 1]!; k++) {
        const a = dotAt(first, corners, 3 * k);
        const b = dotAt(second, corners, 3 * k);
        if (a < lowA) lowA = a;
        if (a > highA) highA = a;
        if (b < lowB) lowB = b;
        if (b > highB) highB = b;
      }
      boxes[o] = lowA;
      boxes[o + 1] = highA;
      boxes[o + 2] = lowB;
      boxes[o + 3] = highB;
      return;
    }
    const half = primitives.halves[p]!;
    const radius = primitives.radii[p]!;
    const a = dotAt(first, centres, 3 * p);
    const b = dotAt(second, centres, 3 * p);
    const spreadA = half > 0 ? half * Math.abs(dotAt(first, axes, 3 * p)) + radius : radius;
    const spreadB = half > 0 ? half * Math.abs(dotAt(second, axes, 3 * p)) + radius : radius;
    boxes[o] = a - spreadA;
    boxes[o + 1] = a + spreadA;
    boxes[o + 2] = b - spreadB;
    boxes[o + 3] = b + spreadB;
  }
}

function dotAt(a: Float64Array, b: Float64Array, o: number): number {
  return a[0]! * b[o]! + a[1]! * b[o + 1]! + a[2]! * b[o + 2]!;
}

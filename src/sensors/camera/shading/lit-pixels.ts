// The pixels of a background that are in the light, sorted by where they lie across it: what moves may shade them.
import type { RayTarget } from "../raycast/ray-target.js";
import { ShadowGrid } from "../raycast/shadow-grid.js";

/** Finds the pixels of a picture that a shadow may fall on without looking at all of them. */
export class LitPixels {
  /** The background with no light on it: uint8 [height, width, 3]. */
  readonly dark: Uint8ClampedArray;
  /** Cells of the shadow grid with pixels in them, in order, and where those start in `pixels`. */
  private readonly cells = new Uint16Array(ShadowGrid.numCells);
  private readonly starts = new Int32Array(ShadowGrid.numCells + 1);
  private numCells = 0;
  private readonly pixels: Int32Array;
  /** Places in the light's frame, in the order of `pixels`. [n, 3] */
  private readonly places: Float64Array;

  constructor(numPixels: number) {
    this.dark = new Uint8ClampedArray(3 * numPixels);
    this.pixels = new Int32Array(numPixels);
    this.places = new Float64Array(3 * numPixels);
  }

  /** Take in where the pixels lie that are brighter in `bright` than in `dark`. */
  sort({ width, us, vs, inverseDepths }: RayTarget, grid: ShadowGrid, bright: Uint8ClampedArray): void {
    const { dark, pixels, places, cells, starts } = this;
    const { casters } = grid;
    const cellOf = new Int32Array(inverseDepths.length).fill(-1);
    const counts = new Int32Array(ShadowGrid.numCells + 1);
    const locate = (o: number) => {
      const depth = 1 / inverseDepths[o]!;
      casters.setPoint(us[o % width]! * depth, vs[Math.floor(o / width)]! * depth, depth);
    };
    for (let o = 0; o < cellOf.length; o++) {
      const isLit =
        bright[3 * o] !== dark[3 * o] ||
        bright[3 * o + 1] !== dark[3 * o + 1] ||
        bright[3 * o + 2] !== dark[3 * o + 2];
      if (!isLit || inverseDepths[o] === 0) continue;
      locate(o);
      cellOf[o] = grid.cell();
      counts[cellOf[o]! + 1]!++;
    }
    this.numCells = 0;
    for (let cell = 0; cell < ShadowGrid.numCells; cell++) {
      const count = counts[cell + 1]!;
      counts[cell + 1] = counts[cell]! + count;
      if (count === 0) continue;
      cells[this.numCells] = cell;
      starts[this.numCells++] = counts[cell]!;
    }
    starts[this.numCells] = counts[ShadowGrid.numCells]!;
    for (let o = 0; o < cellOf.length; o++) {
      if (cellOf[o]! < 0) continue;
      const k = counts[cellOf[o]!]!++;
      pixels[k] = o;
      locate(o);
      places.set(casters.point, 3 * k);
    }
  }

  /** Copy `dark` into `picture` at the pixels that a shadow falls on and whose part is one before `endPart`. */
  darken(parts: Uint16Array, endPart: number, grid: ShadowGrid, picture: Uint8ClampedArray): void {
    const { dark, pixels, places, cells, starts, numCells } = this;
    const { point } = grid.casters;
    for (let c = 0; c < numCells; c++) {
      const cell = cells[c]!;
      if (grid.isEmpty(cell)) continue;
      const end = starts[c + 1]!;
      for (let k = starts[c]!; k < end; k++) {
        const o = pixels[k]!;
        if (parts[o]! >= endPart) continue;
        point[0] = places[3 * k]!;
        point[1] = places[3 * k + 1]!;
        point[2] = places[3 * k + 2]!;
        if (!grid.cellCovers(cell, -1)) continue;
        picture[3 * o] = dark[3 * o]!;
        picture[3 * o + 1] = dark[3 * o + 1]!;
        picture[3 * o + 2] = dark[3 * o + 2]!;
      }
    }
  }
}

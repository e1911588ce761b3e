// Attributions without gradients: what happens to a number where parts of an input are covered.
import type { Arrays } from "../compile/engines/engine.js";
import { createRandom, type Random } from "../math/random.js";
import type { ExplainedModel } from "./explained-model.js";
import { averageOfRows, coverPlaces, inputGrid } from "./picture-grid.js";
import { resizeMap } from "./resize-map.js";
import { type ScoredNumber, scoreRows } from "./scores.js";

/** Options of `occlusion`. */
export interface OcclusionOptions {
  /** Input that is covered; default: the image, or the first. */
  readonly input?: string;
  /** Places down and across that are covered at once. Default: an eighth of an image each way, 1 x 1 elsewhere. */
  readonly patch?: readonly [number, number];
  /** Places from one patch to the next, down and across. Default: half a patch, at least 1. */
  readonly stride?: readonly [number, number];
}

/** Options of `rise`. */
export interface RiseOptions {
  /** Input that is covered; default: the image, or the first. */
  readonly input?: string;
  /** Masks. Default 1000. */
  readonly masks?: number;
  /** Cells of a mask down and across, before it is made smooth. Default 7, or as many as there are places. */
  readonly cells?: number;
  /** Probability that a cell is left open. Default 0.5. */
  readonly open?: number;
  /** Of the masks. Default 0. */
  readonly seed?: number | string;
}

/**
 * Cover patch after patch by the row's average colour, and give each place the mean fall of the number over the patches that cover
 * it (Zeiler & Fergus, "Visualizing and understanding convolutional networks", 2014). [rows * height * width]
 */
export async function occlusion(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ScoredNumber,
  options: OcclusionOptions = {},
): Promise<Float32Array> {
  const grid = inputGrid(explained.model, options.input);
  const { height, width } = grid;
  const { rows } = explained.runner;
  const isImage = explained.model.inputs[grid.input]!.shape.length === 3;
  const [down, across] = options.patch ?? (isImage ? [Math.ceil(height / 8), Math.ceil(width / 8)] : [1, 1]);
  const [stepDown, stepAcross] = options.stride ?? [Math.max(1, down >> 1), Math.max(1, across >> 1)];
  const values = inputs[grid.input]!;
  const averages = averageOfRows(values, grid);
  const before = await scoreRows(explained, inputs, target);
  const falls = new Float64Array(rows * height * width);
  const counts = new Float64Array(height * width);
  for (const top of starts(height, down, stepDown)) {
    for (const left of starts(width, across, stepAcross)) {
      const inside = (place: number) => {
        const [y, x] = [Math.floor(place / width), place % width];
        return y >= top && y < top + down && x >= left && x < left + across;
      };
      const keep = Float32Array.from({ length: height * width }, (_, place) => (inside(place) ? 0 : 1));
      const covered = coverPlaces(values, grid, averages, repeated(keep, rows));
      const after = await scoreRows(explained, { ...inputs, [grid.input]: covered }, target);
      for (let place = 0; place < keep.length; place++) {
        if (keep[place] === 1) continue;
        counts[place]!++;
        for (let row = 0; row < rows; row++) falls[row * keep.length + place]! += before[row]! - after[row]!;
      }
    }
  }
  return Float32Array.from(falls, (fall, k) => fall / counts[k % counts.length]!);
}

/**
 * Average random smooth masks, weighted by the number that is left under each (Petsiuk, Das & Saenko, "RISE", 2018); the masks'
 * mean effect is subtracted, so that a place without effect has about 0. [rows * height * width]
 */
export async function rise(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ScoredNumber,
  options: RiseOptions = {},
): Promise<Float32Array> {
  const { masks = 1000, cells = 7, open = 0.5, seed = 0 } = options;
  const grid = inputGrid(explained.model, options.input);
  const places = grid.height * grid.width;
  const { rows } = explained.runner;
  const values = inputs[grid.input]!;
  const averages = averageOfRows(values, grid);
  const random = createRandom(`${seed}/rise`);
  const weighted = new Float64Array(rows * places);
  const shown = new Float64Array(places);
  const scores = new Float64Array(rows);
  for (let k = 0; k < masks; k++) {
    const mask = smoothMask(grid.height, grid.width, { cells, open }, random);
    const covered = coverPlaces(values, grid, averages, repeated(mask, rows));
    const score = await scoreRows(explained, { ...inputs, [grid.input]: covered }, target);
    for (let place = 0; place < places; place++) {
      shown[place]! += mask[place]!;
      for (let row = 0; row < rows; row++) weighted[row * places + place]! += score[row]! * mask[place]!;
    }
    for (let row = 0; row < rows; row++) scores[row]! += score[row]! / masks;
  }
  return Float32Array.from(weighted, (sum, k) => {
    const all = shown[k % places]!;
    return all === 0 ? 0 : sum / all - scores[Math.floor(k / places)]!;
  });
}

/** Cells that are open or not, enlarged and shifted by a part of a cell. [height * width] */
function smoothMask(
  height: number,
  width: number,
  { cells, open }: { readonly cells: number; readonly open: number },
  random: Random,
): Float32Array {
  const [down, across] = [Math.min(cells, height), Math.min(cells, width)];
  const [cellHeight, cellWidth] = [Math.ceil(height / down), Math.ceil(width / across)];
  // one cell more than needed each way: the shift cuts it off
  const size = [down + 1, across + 1] as const;
  const coarse = Float32Array.from({ length: size[0] * size[1] }, () => (random.uniform() < open ? 1 : 0));
  const large = [size[0] * cellHeight, size[1] * cellWidth] as const;
  const fine = resizeMap(coarse, size, large);
  const [top, left] = [random.integer(cellHeight), random.integer(cellWidth)];
  return Float32Array.from({ length: height * width }, (_, place) => {
    const [y, x] = [Math.floor(place / width), place % width];
    return fine[(y + top) * large[1] + x + left]!;
  });
}

/** Where patches begin: from 0 on by steps, and a last one that ends with the grid. */
function starts(size: number, patch: number, step: number): number[] {
  const last = Math.max(0, size - patch);
  const inside = Array.from({ length: Math.ceil(last / step) }, (_, k) => k * step);
  return [...inside, last];
}

function repeated(keep: Float32Array, rows: number): Float32Array {
  const all = new Float32Array(keep.length * rows);
  for (let row = 0; row < rows; row++) all.set(keep, row * keep.length);
  return all;
}

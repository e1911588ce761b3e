// How good an explanation is: deletion and insertion, pointing game, energy in the mask, and what is left of it without training.
import type { Arrays } from "../compile/engines/engine.js";
import { indexOfGreatest } from "../math/index-of-greatest.js";
import { createRandom } from "../math/random.js";
import type { ModelRunner, ModelWeights } from "../model/model-runner.js";
import { initializeParameters } from "../nn/parameters.js";
import type { ExplainedModel } from "./explained-model.js";
import { averageOfRows, coverPlaces, inputGrid } from "./picture-grid.js";
import { type ScoredNumber, scoreRows } from "./scores.js";

/** Options of `deletionInsertion`. */
export interface DeletionOptions {
  /** Input that the maps are of; default: the image, or the first. */
  readonly input?: string;
  /** Parts that the places are removed in. Default 32. */
  readonly steps?: number;
}

/** Areas under the curves of the number against the share of places, by the trapezoidal rule. */
export interface DeletionInsertion {
  /** While the places that count most are covered first: less is better. [rows] */
  readonly deletion: Float32Array;
  /** While they are shown first: more is better. [rows] */
  readonly insertion: Float32Array;
}

/** Cover, and show, the places of an input in the order of a map (Petsiuk, Das & Saenko, 2018); `maps` is [rows * height * width]. */
export async function deletionInsertion(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ScoredNumber,
  maps: Float32Array,
  { input, steps = 32 }: DeletionOptions = {},
): Promise<DeletionInsertion> {
  const grid = inputGrid(explained.model, input);
  const { rows } = explained.runner;
  const places = grid.height * grid.width;
  const values = inputs[grid.input]!;
  const averages = averageOfRows(values, grid);
  const ranks = new Int32Array(rows * places);
  for (let row = 0; row < rows; row++)
    ranks.set(ranksOf(maps.subarray(row * places, (row + 1) * places)), row * places);
  const areaOf = async (isShown: (rank: number, count: number) => boolean): Promise<Float32Array> => {
    const area = new Float32Array(rows);
    for (let step = 0; step <= steps; step++) {
      const count = Math.round((step * places) / steps);
      const keep = Float32Array.from(ranks, (rank) => (isShown(rank, count) ? 1 : 0));
      const covered = coverPlaces(values, grid, averages, keep);
      const score = await scoreRows(explained, { ...inputs, [grid.input]: covered }, target);
      const part = step === 0 || step === steps ? 0.5 / steps : 1 / steps;
      for (let row = 0; row < rows; row++) area[row]! += part * score[row]!;
    }
    return area;
  };
  return {
    deletion: await areaOf((rank, count) => rank >= count),
    insertion: await areaOf((rank, count) => rank < count),
  };
}

/** Whether the map is greatest inside of the mask (Zhang et al., "Top-down neural attention by excitation backprop", 2018). */
export function pointsInside(map: Float32Array, mask: ArrayLike<number>): boolean {
  return mask[indexOfGreatest(map)]! > 0;
}

/**
 * Return the share of a map's positive numbers that lies inside of the mask, and the share of places that the mask has: equal for a
 * map that knows nothing (Wang et al., "Score-CAM", 2020). NaN for a map without positive numbers.
 */
export function energyInside(
  map: Float32Array,
  mask: ArrayLike<number>,
): { readonly energy: number; readonly area: number } {
  let [inside, all, area] = [0, 0, 0];
  for (let place = 0; place < map.length; place++) {
    const value = Math.max(0, map[place]!);
    const isInside = mask[place]! > 0;
    all += value;
    if (isInside) inside += value;
    area += isInside ? 1 / map.length : 0;
  }
  return { energy: inside / all, area };
}

/** What `randomizationCheck` compares. */
export interface RandomizationOptions {
  /** The trained weights, that the runner has loaded. */
  readonly weights: ModelWeights;
  /** Makes the maps that are compared, of one length for all rows. */
  readonly explain: (explained: ExplainedModel) => Promise<Float32Array>;
  /** Of the weights that were never trained. Default 0. */
  readonly seed?: number | string;
}

/**
 * Compare the maps of a model with those of the same model with weights that were never trained, row by row, by Spearman's rank
 * correlation of absolute numbers: near 1 shows that a method draws the input, not what the model learned (Adebayo et al., "Sanity
 * checks for saliency maps", 2018). [rows]
 */
export async function randomizationCheck(
  { model, runner }: ExplainedModel,
  { weights, explain, seed = 0 }: RandomizationOptions,
): Promise<Float32Array> {
  const trained = await explain({ model, runner });
  const untrained: ModelRunner = runner.fork();
  const parameters = initializeParameters(model.layout, createRandom(`${seed}/randomization-check`));
  untrained.load({ ...weights, parameters });
  const random = await explain({ model, runner: untrained });
  const size = trained.length / runner.rows;
  return Float32Array.from({ length: runner.rows }, (_, row) => {
    const own = (maps: Float32Array) => maps.subarray(row * size, (row + 1) * size).map(Math.abs);
    return rankCorrelation(own(trained), own(random));
  });
}

/** Spearman's rank correlation; equal numbers share the mean of their ranks. 0 where all numbers of one are equal. */
export function rankCorrelation(a: Float32Array, b: Float32Array): number {
  const [ranksA, ranksB] = [meanRanks(a), meanRanks(b)];
  const middle = (a.length - 1) / 2;
  let [together, alongA, alongB] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [ranksA[k]! - middle, ranksB[k]! - middle];
    together += x * y;
    alongA += x * x;
    alongB += y * y;
  }
  return alongA === 0 || alongB === 0 ? 0 : together / Math.sqrt(alongA * alongB);
}

function meanRanks(values: Float32Array): Float64Array {
  const order = sortedPlaces(values, (x, y) => x - y);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let k = from; k <= to; k++) ranks[order[k]!] = (from + to) / 2;
    from = to + 1;
  }
  return ranks;
}

/** Rank of each place, the greatest number first, ties in their order. */
function ranksOf(map: Float32Array): Int32Array {
  const ranks = new Int32Array(map.length);
  for (const [rank, place] of sortedPlaces(map, (x, y) => y - x).entries()) ranks[place] = rank;
  return ranks;
}

function sortedPlaces(values: Float32Array, compare: (x: number, y: number) => number): Int32Array {
  const places = Int32Array.from(values, (_, place) => place);
  return places.sort((i, j) => compare(values[i]!, values[j]!) || i - j);
}

// Rows explained by several methods, and how good the explanations are.
import type { Arrays } from "../compile/engines/engine.js";
import type { Model } from "../model/model.js";
import type { ModelWeights } from "../model/model-runner.js";
import type { ExplainedModel } from "./explained-model.js";
import { gradCam, lastImageTap } from "./grad-cam.js";
import { averageBaseline, integratedGradients, saliency, smoothGrad } from "./gradient-maps.js";
import { occlusion, rise } from "./occlusion.js";
import { type InputGrid, inputGrid, sumOfPlaces } from "./picture-grid.js";
import { deletionInsertion, energyInside, pointsInside, randomizationCheck } from "./quality.js";
import type { ScoredNumber } from "./scores.js";

/** Ways to explain, in the order that they are shown in. */
export const EXPLAIN_METHODS = [
  "saliency",
  "smoothgrad",
  "integrated",
  "grad-cam",
  "grad-cam++",
  "occlusion",
  "rise",
] as const;

/** A way to explain. */
export type ExplainMethod = (typeof EXPLAIN_METHODS)[number];

/** Rows, and what is asked of them. */
export interface RowsToExplain {
  /** The model, its runner with gradients and, for Grad-CAM, those of `lastImageTap`; the trained weights are loaded. */
  readonly explained: ExplainedModel;
  /** Those weights. */
  readonly weights: ModelWeights;
  /** As many rows as the runner has. */
  readonly inputs: Arrays;
  /** What is explained. */
  readonly target: ScoredNumber;
  /** 1 where a place belongs to what is to be found, of the rows that have such a place. [rows * height * width] */
  readonly mask?: ArrayLike<number>;
  /** Of noise, masks and untrained weights. */
  readonly seed: number | string;
}

/** How good the maps of a method are, means over rows. */
export interface MapQuality {
  /** Integrated gradients: |sum - difference| / |difference|, the median row and the worst. */
  readonly completeness?: { readonly median: number; readonly worst: number };
  /** Area under the curve while what counts most is covered first: less is better. */
  readonly deletion: number;
  /** Area while it is shown first: more is better. */
  readonly insertion: number;
  /** Rank correlation with the maps of untrained weights: near 1 is bad. */
  readonly randomization: number;
  /** Share of rows whose greatest number is inside of the mask; of data with masks. */
  readonly pointing?: number;
  /** Share of the positive numbers inside of the mask, and the mask's share of the places. */
  readonly energy?: number;
  /** The mask's share of the places. */
  readonly area?: number;
  /** Rows with a mask. */
  readonly masked?: number;
}

/** What a method said of rows. */
export interface MethodMaps {
  /** Of `EXPLAIN_METHODS`. */
  readonly method: ExplainMethod;
  /** Positive where a place speaks for the number. [rows * height * width] */
  readonly maps: Float32Array;
  /** Integrated gradients: what each row's shares leave open. [rows] */
  readonly completenessError?: Float32Array;
  /** Over all rows. */
  readonly quality: MapQuality;
}

const BY_GRADIENT: readonly ExplainMethod[] = ["saliency", "smoothgrad", "integrated"];
const BY_ACTIVATION: readonly ExplainMethod[] = ["grad-cam", "grad-cam++"];

/** Say in one sentence why a method cannot explain a model; undefined where it can. */
export function methodRefusal(model: Model, method: ExplainMethod): string | undefined {
  const { input } = inputGrid(model);
  const { dtype, shape } = model.inputs[input]!;
  const isActivation = BY_ACTIVATION.includes(method);
  if (isActivation && shape.length !== 3)
    return `it draws maps over pictures, and the input "${input}" is of the shape [${shape.join(", ")}]`;
  if (dtype === "int32" && (isActivation || BY_GRADIENT.includes(method)))
    return `the input "${input}" is whole numbers, which have no gradient`;
  if (dtype === "int32")
    return `the input "${input}" is whole numbers that name things, which no average can cover`;
  if (!isActivation) return undefined;
  try {
    lastImageTap(model);
    return undefined;
  } catch {
    return "the model has no activations of height, width and channels among its taps";
  }
}

/**
 * Explain rows by a method, and measure the maps: deletion and insertion, weight randomisation, and the mask where there is one.
 *
 * The same seed gives the same bits.
 */
export async function explainRows(asked: RowsToExplain, method: ExplainMethod): Promise<MethodMaps> {
  const { explained, weights, inputs, target, seed } = asked;
  const { maps, completenessError } = await mapsBy(method, asked, explained);
  const { deletion, insertion } = await deletionInsertion(explained, inputs, target, maps);
  const correlations = await randomizationCheck(explained, {
    weights,
    seed,
    explain: async (other) =>
      other.runner === explained.runner ? maps : (await mapsBy(method, asked, other)).maps,
  });
  return {
    method,
    maps,
    ...(completenessError ? { completenessError } : {}),
    quality: {
      ...(completenessError ? { completeness: medianAndWorst(completenessError) } : {}),
      deletion: meanOf(deletion),
      insertion: meanOf(insertion),
      randomization: meanOf(correlations),
      ...(asked.mask ? maskQuality(maps, asked.mask, explained.runner.rows) : {}),
    },
  };
}

async function mapsBy(
  method: ExplainMethod,
  { inputs, target, weights, seed }: RowsToExplain,
  explained: ExplainedModel,
): Promise<{ readonly maps: Float32Array; readonly completenessError?: Float32Array }> {
  const grid = inputGrid(explained.model);
  const summed = (attributions: Readonly<Record<string, Float32Array>>) =>
    sumOfPlaces(attributions[grid.input]!, grid);
  switch (method) {
    case "saliency":
      return { maps: summed(await saliency(explained, inputs, target)) };
    case "smoothgrad":
      return { maps: summed(await smoothGrad(explained, inputs, target, { seed })) };
    case "integrated": {
      const baseline = averageBaseline(explained, inputs, meansOf(explained.model, weights));
      const { attributions, completenessError } = await integratedGradients(explained, inputs, target, {
        baseline,
      });
      return { maps: summed(attributions), completenessError };
    }
    case "grad-cam":
    case "grad-cam++":
      return gradCam(explained, inputs, target, { variant: method, size: sizeOfGrid(grid) });
    case "occlusion":
      return { maps: await occlusion(explained, inputs, target) };
    case "rise":
      return { maps: await rise(explained, inputs, target, { seed }) };
  }
}

function sizeOfGrid({ height, width }: InputGrid): readonly [number, number] {
  return [height, width];
}

/** Averages of the standardised inputs, as many numbers as a row has. */
function meansOf({ inputs }: Model, { normalizers }: ModelWeights): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(normalizers).map(([name, { mean }]) => {
      const length = inputs[name]!.shape.reduce((product, size) => product * size, 1);
      return [name, Float32Array.from({ length }, (_, k) => mean[k % mean.length]!)];
    }),
  );
}

function maskQuality(
  maps: Float32Array,
  mask: ArrayLike<number>,
  rows: number,
): Pick<MapQuality, "pointing" | "energy" | "area" | "masked"> {
  const places = maps.length / rows;
  const all = Float32Array.from(mask);
  const [pointing, energies, areas]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < rows; row++) {
    const own = all.subarray(row * places, (row + 1) * places);
    if (!own.some((value) => value > 0)) continue;
    const map = maps.subarray(row * places, (row + 1) * places);
    const { energy, area } = energyInside(map, own);
    pointing.push(pointsInside(map, own) ? 1 : 0);
    // a map without positive numbers says nothing of where
    energies.push(Number.isNaN(energy) ? 0 : energy);
    areas.push(area);
  }
  if (areas.length === 0) return { masked: 0 };
  return {
    pointing: meanOf(pointing),
    energy: meanOf(energies),
    area: meanOf(areas),
    masked: areas.length,
  };
}

function medianAndWorst(errors: Float32Array): { readonly median: number; readonly worst: number } {
  const sorted = errors.slice().sort();
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return { median: (lower + upper) / 2, worst: sorted[sorted.length - 1]! };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return sum / values.length;
}

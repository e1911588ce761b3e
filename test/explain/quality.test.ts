import { expect, test } from "vitest";
import { inputGradients } from "../../src/explain/gradient-maps.js";
import {
  deletionInsertion,
  energyInside,
  pointsInside,
  randomizationCheck,
  rankCorrelation,
} from "../../src/explain/quality.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { explainedModel, pictureModel, VECTOR_PARAMETERS, vectorModel } from "./models.js";

test("deletion and insertion are areas under the number while places are covered, or shown, in the map's order", async () => {
  const explained = await explainedModel(vectorModel, VECTOR_PARAMETERS, { rows: 2 });
  // w = [2, 3, -1]; what is covered becomes the average, 3
  const x = Float32Array.of(6, 2, 1, 3, 3, 3);
  const maps = Float32Array.of(2, 3, 1, 0, 0, 0);
  const { deletion, insertion } = await deletionInsertion(explained, { x }, { output: "y", index: 0 }, maps, {
    steps: 3,
  });
  const along = (values: number[]) => (values[0]! / 2 + values[1]! + values[2]! + values[3]! / 2) / 3;
  // row 0, x = [6, 2, 1]: 17; without x1 20; without x1, x0 14; without all 12
  expect(deletion[0]).toBeCloseTo(along([17, 20, 14, 12]), 5);
  // with x1 alone 9; with x1 and x0 15; with all 17
  expect(insertion[0]).toBeCloseTo(along([12, 9, 15, 17]), 5);
  expect([deletion[1], insertion[1]]).toEqual([12, 12]);
});

test("a map points where it is greatest, and its energy is compared with the mask's area", () => {
  const mask = Uint8Array.of(0, 0, 255, 255, 0);
  expect(pointsInside(Float32Array.of(1, 2, 3, 0, 2), mask)).toBe(true);
  expect(pointsInside(Float32Array.of(1, 4, 3, 0, 2), mask)).toBe(false);
  const { energy, area } = energyInside(Float32Array.of(1, -5, 3, 0, 2), mask);
  expect([energy, area]).toEqual([0.5, 0.4]);
  expect(energyInside(new Float32Array(5), mask).energy).toBeNaN();
});

test("ranks correlate by their order alone, ties by their mean rank", () => {
  expect(rankCorrelation(Float32Array.of(1, 2, 3), Float32Array.of(10, 11, 400))).toBe(1);
  expect(rankCorrelation(Float32Array.of(1, 2, 3), Float32Array.of(3, 2, 1))).toBe(-1);
  // ranks 0.5, 0.5, 2 against 0, 1, 2: 1.5 / √(1.5 x 2)
  expect(rankCorrelation(Float32Array.of(7, 7, 9), Float32Array.of(1, 2, 3))).toBeCloseTo(
    1.5 / Math.sqrt(3),
    12,
  );
  expect(rankCorrelation(Float32Array.of(1, 1, 1), Float32Array.of(1, 2, 3))).toBe(0);
});

test("maps of weights alone change with the weights, maps of the input alone do not", async () => {
  const parameters = initializeParameters(pictureModel.layout, createRandom("trained"));
  const explained = await explainedModel(pictureModel, parameters, { rows: 2 });
  const picture = Uint8Array.from({ length: 48 }, (_, k) => (7 * k) % 50);
  const weights = { parameters, normalizers: {} };
  const check = (explain: Parameters<typeof randomizationCheck>[1]["explain"]) =>
    randomizationCheck(explained, { weights, explain });
  expect([...(await check(async () => Float32Array.from(picture)))]).toEqual([1, 1]);
  const learned = await check(
    async (model) => (await inputGradients(model, { picture }, { output: "y", index: 0 })).picture!,
  );
  for (const correlation of learned) expect(Math.abs(correlation)).toBeLessThan(0.9);
  // the runner goes on by the trained weights
  expect((await explained.runner.peek({ picture })).y).toEqual(
    (await (await explainedModel(pictureModel, parameters, { rows: 2 })).runner.peek({ picture })).y,
  );
});

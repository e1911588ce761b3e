import { expect, test } from "vitest";
import { occlusion, rise } from "../../src/explain/occlusion.js";
import { inputGrid, sumOfPlaces } from "../../src/explain/picture-grid.js";
import { rankCorrelation } from "../../src/explain/quality.js";
import { softmaxRows } from "../../src/explain/scores.js";
import { explainedModel, pictureModel, VECTOR_PARAMETERS, vectorModel } from "./models.js";

/** y0 = mean of the block in the second row and third column, times 4: the sum of its bytes; y1 = 0. */
const parameters = new Float32Array(24);
parameters[5 * 4] = 4;
const open = (rows = 1) => explainedModel(pictureModel, parameters, { rows });
const target = { output: "y", index: 0 };

test("a covered patch counts where the number falls, shared by the patches that cover a place", async () => {
  const picture = new Uint8Array(48);
  // 24 bytes of average 2 in row 0, a bright block of 4 x 12 that counts; row 1: the same byte everywhere
  for (const place of [16, 17, 22, 23]) picture[place] = 12;
  picture.fill(9, 24);
  const map = await occlusion(await open(2), { picture }, target, { patch: [2, 2], stride: [2, 2] });
  const counted = Array.from({ length: 24 }, (_, place) => ([16, 17, 22, 23].includes(place) ? 40 : 0));
  expect([...map]).toEqual([...counted, ...new Array(24).fill(0)]);
  const overlapping = await occlusion(await open(2), { picture }, target, { patch: [2, 4], stride: [2, 2] });
  // patches begin at the columns 0 and 2: the second covers the block, and half of it is covered by both
  expect([...overlapping.subarray(12, 18)]).toEqual([0, 0, 20, 20, 40, 40]);
});

test("entries of a vector are covered one by one, by the row's average", async () => {
  const explained = await explainedModel(vectorModel, VECTOR_PARAMETERS, { rows: 1 });
  const map = await occlusion(explained, { x: Float32Array.of(1, 2, 6) }, target);
  // w (x - 3) = [2, 3, -1] [-2, -1, 3]
  expect([...map]).toEqual([-4, -3, -3]);
});

test("RISE finds the places that count, the same for the same seed", async () => {
  const picture = new Uint8Array(24);
  for (const place of [16, 17, 22, 23]) picture[place] = 120;
  const explained = await open();
  const map = await rise(explained, { picture }, target, { masks: 600, cells: 3, seed: 2 });
  const best = [...map.keys()].sort((a, b) => map[b]! - map[a]!).slice(0, 4);
  expect(best.sort((a, b) => a - b)).toEqual([16, 17, 22, 23]);
  expect(Math.abs(map[0]!)).toBeLessThan(0.1 * map[23]!);
  expect(await rise(explained, { picture }, target, { masks: 600, cells: 3, seed: 2 })).toEqual(map);
  expect(
    rankCorrelation(map, await rise(explained, { picture }, target, { masks: 600, cells: 3, seed: 5 })),
  ).not.toBe(1);
});

test("an input that is none is refused with those that are", async () => {
  await expect(
    occlusion(await open(), { picture: new Uint8Array(24) }, target, { input: "image" }),
  ).rejects.toThrow('The model has no input "image". Its inputs are: picture.');
});

test("softmax of rows adds up to 1, of large numbers, too", () => {
  const rows = softmaxRows(Float32Array.of(0, Math.log(3), 1000, 1000), 2);
  for (const [k, value] of [0.25, 0.75, 0.5, 0.5].entries()) expect(rows[k]).toBeCloseTo(value, 6);
});

test("attributions of an image are summed over the channels of each pixel, of a series and a vector kept", () => {
  const image = { ...pictureModel, inputs: { picture: { shape: [1, 2, 3] } } };
  expect([...sumOfPlaces(Float32Array.of(1, 2, 3, 4, -5, 6), inputGrid(image))]).toEqual([6, 5]);
  expect([...sumOfPlaces(Float32Array.of(1, 2, 3), inputGrid(vectorModel))]).toEqual([1, 2, 3]);
});

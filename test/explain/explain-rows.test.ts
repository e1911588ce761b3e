import { expect, test } from "vitest";
import { explainRows, methodRefusal } from "../../src/explain/explain-rows.js";
import type { Model } from "../../src/model/model.js";
import { explainedModel, pictureModel, VECTOR_PARAMETERS, vectorModel } from "./models.js";

test("maps are measured against the rows that have a mask, and linear models leave nothing open", async () => {
  const explained = await explainedModel(vectorModel, VECTOR_PARAMETERS, { rows: 2 });
  const inputs = { x: Float32Array.of(1, 1, 4, 5, 1, 1) };
  // y₀ = 2 x₀ + 3 x₁ - x₂: the shares are 2, 3, -4 and 10, 3, -1; the second row has no mask
  const { maps, quality } = await explainRows(
    {
      ...{ explained, inputs, seed: 1, mask: [1, 0, 0, 0, 0, 0] },
      weights: { parameters: VECTOR_PARAMETERS, normalizers: {} },
      target: { output: "y", index: 0 },
    },
    "integrated",
  );
  for (const [k, share] of [2, 3, -4, 10, 3, -1].entries()) expect(maps[k]).toBeCloseTo(share, 5);
  expect(quality).toMatchObject({ pointing: 0, masked: 1 });
  expect(quality.energy).toBeCloseTo(2 / 5, 5);
  expect(quality.area).toBeCloseTo(1 / 3, 6);
  expect(quality.completeness!.worst).toBeLessThan(1e-5);
  // untrained, all weights are 0, and so are all shares
  expect(quality.randomization).toBe(0);
});

test("a method that cannot explain a model says why", () => {
  const words: Model = { ...vectorModel, inputs: { words: { shape: [7], dtype: "int32" } } };
  const { taps: _, ...untapped } = pictureModel;
  expect(methodRefusal(pictureModel, "grad-cam")).toBeUndefined();
  expect(methodRefusal(untapped, "grad-cam++")).toBe(
    "the model has no activations of height, width and channels among its taps",
  );
  expect(methodRefusal(vectorModel, "grad-cam")).toBe(
    'it draws maps over pictures, and the input "x" is of the shape [3]',
  );
  expect(methodRefusal(words, "integrated")).toBe(
    'the input "words" is whole numbers, which have no gradient',
  );
  expect(methodRefusal(words, "rise")).toBe(
    'the input "words" is whole numbers that name things, which no average can cover',
  );
});

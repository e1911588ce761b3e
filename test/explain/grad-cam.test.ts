import { expect, test } from "vitest";
import { gradCam, lastImageTap } from "../../src/explain/grad-cam.js";
import { explainedModel, pictureModel, vectorModel } from "./models.js";

// u of y0 by block: [mean, square] [1, 0], [2, 0], [3, 0] / [0, 0.1], [0, -0.1], [0, -0.3]
const first = [1, 0, 2, 0, 3, 0, 0, 0.1, 0, -0.1, 0, -0.3];
const parameters = Float32Array.from(first.flatMap((value) => [value, 0]));
// blocks of 2 x 2 with the means 1, 2, 3 / 4, 5, 6
const rows = [
  [1, 1, 2, 2, 3, 3],
  [1, 1, 2, 2, 3, 3],
  [4, 4, 5, 5, 6, 6],
  [4, 4, 5, 5, 6, 6],
];
const picture = Uint8Array.from(rows.flat());
const open = () => explainedModel(pictureModel, parameters, { rows: 1, tapGradients: ["parts"] });
const rounded = (values: Float32Array) => [...values].map((value) => Math.round(value * 1e4) / 1e4);

test("Grad-CAM weights channels by their mean gradients and leaves out what speaks against the number", async () => {
  // `parts` depends on `blocks` alone: its gradient is u. Means: 6 / 6 = 1 and -0.3 / 6 = -0.05
  const { maps, size } = await gradCam(
    await open(),
    { picture },
    { output: "y", index: 0 },
    { tap: "parts" },
  );
  expect(size).toEqual([2, 3]);
  const expected = [1, 2, 3, 4, 5, 6].map((mean) => Math.round((mean - 0.05 * mean ** 2) * 1e4) / 1e4);
  expect(rounded(maps)).toEqual(expected);
});

test("Grad-CAM++ weights channels by where their gradients are positive", async () => {
  const { maps } = await gradCam(
    await open(),
    { picture },
    { output: "y", index: 0 },
    { variant: "grad-cam++" },
  );
  // channel 0 sums to 21: g / (2 + 21 g) for g of 1, 2, 3; channel 1 sums to 91: only 0.1 is positive
  const first = 1 / 23 + 2 / 44 + 3 / 65;
  const second = 0.1 / (2 + 91 * 0.1);
  const expected = [1, 2, 3, 4, 5, 6].map(
    (mean) => Math.round((first * mean + second * mean ** 2) * 1e4) / 1e4,
  );
  expect(rounded(maps)).toEqual(expected);
});

test("maps are enlarged between the middles of their pixels", async () => {
  const { maps, size } = await gradCam(
    await open(),
    { picture },
    { output: "y", index: 0 },
    { size: [2, 6] },
  );
  expect(size).toEqual([2, 6]);
  const [a, b, c] = [1 - 0.05, 2 - 0.2, 3 - 0.45];
  const row = [a, 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b, 0.75 * b + 0.25 * c, 0.25 * b + 0.75 * c, c];
  expect(rounded(maps.subarray(0, 6))).toEqual(rounded(Float32Array.from(row)));
});

test("a model without pictures inside, and a tap of another shape, are refused", async () => {
  const explained = await open();
  const ask = (tap: string) => gradCam(explained, { picture }, { output: "y", index: 0 }, { tap });
  await expect(ask("flat")).rejects.toThrow(
    '"flat" is of the shape [12]; Grad-CAM needs [height, width, channels].',
  );
  await expect(ask("nothing")).rejects.toThrow(
    '"nothing" is no tap of the model; Grad-CAM needs [height, width, channels].',
  );
  expect(() => lastImageTap(vectorModel)).toThrow(
    "Grad-CAM weights activations of height, width and channels, and the model has none among its taps (it has no taps). Explain it by gradients or occlusion.",
  );
  const without = await explainedModel(pictureModel, parameters);
  await expect(gradCam(without, { picture }, { output: "y", index: 0 })).rejects.toThrow(
    'the runner was compiled without the gradient of the tap "parts"',
  );
});

import { expect, test } from "vitest";
import {
  averageBaseline,
  inputGradients,
  inputTimesGradient,
  integratedGradients,
  saliency,
  smoothGrad,
} from "../../src/explain/gradient-maps.js";
import { explainedModel, pictureModel, VECTOR_PARAMETERS, vectorModel } from "./models.js";

const open = () => explainedModel(vectorModel, VECTOR_PARAMETERS, { rows: 2 });
const x = Float32Array.of(1, 2, 3, 4, -5, 6);

test("gradients, their absolute values and input times gradient are those of the number chosen in each row", async () => {
  const explained = await open();
  const target = { output: "y", index: [0, 1] };
  // row 0: w; row 1: [x1, x0, 0]
  expect([...(await inputGradients(explained, { x }, target)).x!]).toEqual([2, 3, -1, -5, 4, 0]);
  expect([...(await saliency(explained, { x }, target)).x!]).toEqual([2, 3, 1, 5, 4, 0]);
  expect([...(await inputTimesGradient(explained, { x }, target)).x!]).toEqual([2, 6, -3, -20, -20, 0]);
});

test("integrated gradients share a product out evenly from zeros, and completely", async () => {
  const explained = await open();
  const { attributions, difference, completenessError } = await integratedGradients(
    explained,
    { x },
    { output: "y", index: 1 },
    { steps: 3 },
  );
  expect([...attributions.x!].map((share) => Math.round(share * 1e4) / 1e4)).toEqual([1, 1, 0, -10, -10, 0]);
  expect([...difference]).toEqual([2, -20]);
  expect(Math.max(...completenessError)).toBeLessThan(1e-6);
});

test("integrated gradients go from the baseline given", async () => {
  const explained = await open();
  const { attributions, difference } = await integratedGradients(
    explained,
    { x },
    { output: "y", index: 1 },
    { baseline: { x: Float32Array.of(1, 0, 3, 0, -5, 6) } },
  );
  // row 0: only x1 moves, by 2, where x0 = 1; row 1: only x0 moves, by 4, where x1 = -5
  expect([...attributions.x!]).toEqual([0, 2, 0, -20, 0, 0]);
  expect([...difference]).toEqual([2, -20]);
});

test("SmoothGrad of a linear number is its saliency, of a product the mean over the noise, the same for the same seed", async () => {
  const explained = await open();
  const linear = await smoothGrad(explained, { x }, { output: "y", index: 0 }, { samples: 4 });
  for (const [k, value] of [2, 3, 1, 2, 3, 1].entries()) expect(linear.x![k]).toBeCloseTo(value, 5);
  const target = { output: "y", index: 1 };
  const options = { samples: 400, noise: 0.1, seed: 3 };
  const product = await smoothGrad(explained, { x }, target, options);
  // the spans are 2 and 11, the noise 0.2 and 1.1, its mean over 400 draws a twentieth of that
  const within = [0.04, 0.04, 0, 0.22, 0.22, 0];
  for (const [k, value] of [2, 1, 0, 5, 4, 0].entries())
    expect(Math.abs(product.x![k]! - value)).toBeLessThanOrEqual(within[k]!);
  expect(await smoothGrad(explained, { x }, target, options)).toEqual(product);
  expect(await smoothGrad(explained, { x }, target, { ...options, seed: 4 })).not.toEqual(product);
});

test("the average baseline is an image's own colour, the mean of training, or zeros", async () => {
  const explained = await explainedModel(pictureModel, new Float32Array(24), { rows: 1 });
  const picture = Uint8Array.from({ length: 24 }, (_, k) => 2 * k);
  expect(averageBaseline(explained, { picture })).toEqual({ picture: new Float32Array(24).fill(23) });
  const vector = await open();
  expect(averageBaseline(vector, { x }, { x: [7, 8, 9] })).toEqual({ x: Float32Array.of(7, 8, 9, 7, 8, 9) });
  expect(averageBaseline(vector, { x })).toEqual({ x: new Float32Array(6) });
});

test("an output that is none, is shared, or has fewer numbers is refused by name", async () => {
  const explained = await open();
  const ask = (output: string, index: number | number[]) =>
    inputGradients(explained, { x }, { output, index });
  await expect(ask("z", 0)).rejects.toThrow('The model has no output "z" to explain. Its outputs are: y.');
  await expect(ask("shared", 0)).rejects.toThrow(
    'The model has no output "shared" to explain. Its outputs are: y.',
  );
  await expect(ask("y", [0, 2])).rejects.toThrow(
    'Number 2 of the output "y" cannot be explained in row 1: it has the numbers 0 to 1.',
  );
});

test("a model of whole numbers alone is told to be explained otherwise", async () => {
  const tokens = { ...vectorModel, inputs: { token: { shape: [3], dtype: "int32" as const } } };
  const explained = { ...(await open()), model: tokens };
  await expect(
    inputGradients(explained, { token: new Int32Array(6) }, { output: "y", index: 0 }),
  ).rejects.toThrow(
    "The inputs of the model are whole numbers (token), which have no gradient. Explain it by occlusion.",
  );
});

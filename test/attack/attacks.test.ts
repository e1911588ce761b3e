import { expect, test } from "vitest";
import { attackRows, roundedToBytes } from "../../src/attack/attacks.js";
import {
  attackedModel,
  CLASSES,
  PICTURE_WEIGHTS,
  pictureModel,
  VECTOR_WEIGHTS,
  vectorModel,
} from "./models.js";

const open = () =>
  attackedModel({ model: pictureModel, weights: PICTURE_WEIGHTS, objective: CLASSES, rows: 2 });
// s = (100 - 50 + 2 * 40) / 255 > 0 and (10 - 20) / 255 < 0: both right
const clean = {
  inputs: { picture: Float32Array.of(100, 50, 40, 7, 10, 20, 0, 250) },
  target: Int32Array.of(0, 1),
};
const shapes = pictureModel.inputs;

test("the outcome of rows is their losses and whether their classes are right", async () => {
  const model = await open();
  const { losses, right } = await model.evaluate(clean);
  expect([...right!]).toEqual([1, 1]);
  const lossOf = (s: number) => Math.log(1 + Math.exp(-2 * s));
  expect(losses[0]).toBeCloseTo(lossOf(130 / 255), 5);
  expect(losses[1]).toBeCloseTo(lossOf(10 / 255), 5);
});

test("FGSM moves each number by the whole strength against the class, and not beyond a byte's range", async () => {
  const model = await open();
  const { inputs, right } = await attackRows(model, clean, { kind: "fgsm", strength: 0.1 }, shapes);
  const e = 25.5;
  expect([...inputs.picture!]).toEqual([100 - e, 50 + e, 40 - e, 7, 10 + e, 0, e, 250]);
  // 130 - 4 x 25.5 is still positive, -10 + 3 x 25.5 - what stops at 0 is not
  expect([...right!]).toEqual([1, 0]);
  expect(roundedToBytes(model, inputs).picture).toEqual(inputs.picture!.map(Math.round));
});

test("PGD reaches the corner of the ball that a linear model has its worst in, whatever it starts from", async () => {
  const model = await open();
  const options = { kind: "pgd", strength: 0.2, steps: 30, restarts: 2 } as const;
  const { inputs, right, losses } = await attackRows(model, clean, options, shapes, 5);
  const e = Math.fround(51);
  // the last pixel has no weight: it stays where it started
  for (const [k, value] of [100 - e, 50 + e, 0].entries()) expect(inputs.picture![k]).toBeCloseTo(value, 3);
  expect([...right!]).toEqual([0, 0]);
  expect(losses[0]).toBeCloseTo(Math.log(1 + Math.exp((-2 * (49 - 101)) / 255)), 4);
  expect(await attackRows(model, clean, options, shapes, 5)).toEqual({
    inputs,
    right,
    losses,
    output: expect.anything(),
  });
});

test("noise keeps the worst of its draws, within the ball, and never helps", async () => {
  const model = await open();
  const before = await model.evaluate(clean);
  const once = await attackRows(model, clean, { kind: "noise", strength: 0.05 }, shapes, 1);
  const often = await attackRows(model, clean, { kind: "noise", strength: 0.05, restarts: 20 }, shapes, 1);
  for (const row of [0, 1]) {
    expect(once.losses[row]!).toBeGreaterThanOrEqual(before.losses[row]!);
    expect(often.losses[row]!).toBeGreaterThanOrEqual(once.losses[row]!);
  }
  expect(often.losses[0]!).toBeGreaterThan(before.losses[0]!);
  for (const [k, value] of often.inputs.picture!.entries())
    expect(Math.abs(value - clean.inputs.picture[k]!)).toBeLessThanOrEqual(0.05 * 255 + 1e-4);
});

test("a patch changes its square alone, to any colour", async () => {
  const model = await open();
  const { inputs } = await attackRows(
    model,
    clean,
    { kind: "patch", strength: 0.5, restarts: 12 },
    shapes,
    2,
  );
  for (const row of [0, 1]) {
    const changed = [0, 1, 2, 3].filter(
      (k) => inputs.picture![4 * row + k] !== clean.inputs.picture[4 * row + k],
    );
    expect(changed.length).toBe(1);
  }
  // of the first row the second pixel hurts most: 205 more, where the first has 100 less and the third 2 x 40
  expect([...inputs.picture!.subarray(0, 4)]).toEqual([100, 255, 40, 7]);
});

test("a standardised input is attacked in standard deviations, and whole numbers are left alone", async () => {
  const model = await attackedModel({
    model: vectorModel,
    weights: VECTOR_WEIGHTS,
    objective: { output: "y", target: "truth", loss: "mse" },
    rows: 1,
  });
  const rows = {
    inputs: { reading: Float32Array.of(2, 1, 3), step: Int32Array.of(7) },
    target: Float32Array.of(0),
  };
  // y = 1 - 0 + 3 = 4: it grows along the signs of w, by a tenth of 1, 1/2 and 2
  const { inputs, losses, right } = await attackRows(
    model,
    rows,
    { kind: "fgsm", strength: 0.1 },
    vectorModel.inputs,
  );
  for (const [k, value] of [2.1, 0.95, 3.2].entries()) expect(inputs.reading![k]).toBeCloseTo(value, 6);
  expect(losses[0]).toBeCloseTo(4.6 ** 2, 4);
  expect(right).toBeUndefined();
  await expect(attackRows(model, rows, { kind: "patch", strength: 0.5 }, vectorModel.inputs)).rejects.toThrow(
    "A patch is put on an image, and none of the attacked inputs is one (reading). Choose noise, fgsm or pgd.",
  );
});

test("inputs that are none, or are whole numbers, are refused by name", async () => {
  const objective = { output: "y", target: "truth", loss: "mse" } as const;
  const ask = (inputs: string[]) =>
    attackedModel({ model: vectorModel, weights: VECTOR_WEIGHTS, objective, inputs });
  await expect(ask(["image"])).rejects.toThrow(
    'The model has no input "image" to attack. Its inputs are: reading, step.',
  );
  await expect(ask(["step"])).rejects.toThrow(
    'The input "step" is of whole numbers: it has no gradient to attack it along.',
  );
});

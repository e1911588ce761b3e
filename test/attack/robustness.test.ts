import { expect, test } from "vitest";
import { maskingChecks, robustnessCurve } from "../../src/attack/robustness.js";
import { attackedModel, CLASSES, PICTURE_WEIGHTS, pictureModel } from "./models.js";

/** s = (4 * margin) / 255 of class 0: wrong once 4 * strength * 255 is more. */
const batchOf = (margins: readonly number[]) => ({
  inputs: {
    picture: Float32Array.from(margins.flatMap((margin) => [128 + margin, 128 - margin, margin + 0, 9])),
  },
  target: new Int32Array(margins.length),
});

test("the share of rows that stay right falls with the strength, with its interval", async () => {
  const model = await attackedModel({
    model: pictureModel,
    weights: PICTURE_WEIGHTS,
    objective: CLASSES,
    rows: 2,
  });
  const batches = [batchOf([10, 20]), batchOf([30, 40])];
  const { points } = await robustnessCurve(model, "fgsm", {
    batches,
    shapes: pictureModel.inputs,
    attackAt: (strength) => ({ kind: "fgsm", strength }),
    strengths: [0, 15 / 255, 35 / 255, 60 / 255],
  });
  expect(points.map(({ accuracy, rows }) => [accuracy, rows])).toEqual([
    [1, 4],
    [0.75, 4],
    [0.25, 4],
    [0, 4],
  ]);
  expect(points[1]!.interval![0]).toBeCloseTo(0.3006, 3);
  expect(points[3]!.loss).toBeGreaterThan(points[0]!.loss);
  const { points: three } = await robustnessCurve(model, "fgsm", {
    batches,
    shapes: pictureModel.inputs,
    attackAt: (strength) => ({ kind: "fgsm", strength }),
    strengths: [35 / 255],
    counted: 3,
  });
  // of the margins 10, 20, 30: the fourth row only fills the minibatch
  expect(three).toMatchObject([{ accuracy: 0, rows: 3 }]);
});

test("attacks that are weaker when they are stronger, or leave more than chance, are told", () => {
  const curve = (name: string, accuracies: readonly number[]) => ({
    name,
    points: accuracies.map((accuracy, k) => ({ strength: k / 10, rows: 100, loss: 1, accuracy })),
  });
  const good = maskingChecks([curve("fgsm", [0.9, 0.5, 0.2]), curve("pgd", [0.9, 0.4, 0.05])], 0.1);
  expect(good.map(({ passed }) => passed)).toEqual([true, true, true, true]);
  const masked = maskingChecks([curve("fgsm", [0.9, 0.2, 0.4]), curve("pgd", [0.9, 0.5, 0.45])], 0.1);
  expect(masked).toEqual([
    {
      name: "fgsm leaves less right at each greater strength",
      passed: false,
      detail: "rises by at most 20.0 %",
    },
    {
      name: "pgd leaves less right at each greater strength",
      passed: true,
      detail: "rises by at most 0.0 %",
    },
    { name: "pgd leaves no more right than fgsm", passed: false, detail: "at most 30.0 % more" },
    {
      name: "pgd at strength 0.2 reaches chance",
      passed: false,
      detail: "45.0 % are right, chance is 10.0 %",
    },
  ]);
});

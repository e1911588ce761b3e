import { describe, expect, test } from "vitest";
import { classificationReport, confusionMatrix } from "../../../src/learn/metrics/classification.js";
import { UsageError } from "../../../src/math/usage-error.js";

describe("confusionMatrix", () => {
  test("counts labels by row and predictions by column", () => {
    expect(confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 0, 2], 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 2],
    ]);
  });

  test("refuses lists of other lengths, no rows, and what is no class", () => {
    const refused = (labels: number[], predictions: number[]) => () =>
      confusionMatrix(labels, predictions, 3);
    expect(refused([0, 1], [0])).toThrow(
      new UsageError("There are 2 labels and 1 predictions, expected as many."),
    );
    expect(refused([], [])).toThrow(new UsageError("There are no labels, expected at least one."));
    expect(refused([0, 3], [0, 1])).toThrow(
      new UsageError("Number 1 of the labels is 3, expected a class from 0 to 2."),
    );
    expect(refused([0, 1], [0.5, 1])).toThrow(
      new UsageError("Number 0 of the predictions is 0.5, expected a class from 0 to 2."),
    );
  });
});

describe("classificationReport", () => {
  test("scores each class and averages them", () => {
    // of class 0: 1 right of 2 predicted and 2 there; of 1: 1 of 2 and 1; of 2: 2 of 2 and 3
    const { accuracy, classes, micro, macro, weighted, undefinedClasses } = classificationReport([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 2],
    ]);
    expect(accuracy).toBeCloseTo(4 / 6, 15);
    expect(classes.map(({ support }) => support)).toEqual([2, 1, 3]);
    expect(classes.map(({ precision }) => precision)).toEqual([1 / 2, 1 / 2, 1]);
    expect(classes.map(({ recall }) => recall)).toEqual([1 / 2, 1, 2 / 3]);
    expect(classes.map(({ f1 }) => f1)).toEqual([1 / 2, 2 / 3, 4 / 5]);
    expect(micro).toEqual({ precision: accuracy, recall: accuracy, f1: accuracy });
    expect(macro.precision).toBeCloseTo(2 / 3, 15);
    expect(macro.recall).toBeCloseTo((1 / 2 + 1 + 2 / 3) / 3, 15);
    expect(macro.f1).toBeCloseTo((1 / 2 + 2 / 3 + 4 / 5) / 3, 15);
    expect(weighted.precision).toBeCloseTo((2 * (1 / 2) + 1 / 2 + 3) / 6, 15);
    expect(weighted.recall).toBeCloseTo((2 * (1 / 2) + 1 + 3 * (2 / 3)) / 6, 15);
    expect(undefinedClasses).toEqual([]);
  });

  test("says which classes have no score: one never predicted, one never there, one neither", () => {
    const { classes, macro, undefinedClasses } = classificationReport(
      confusionMatrix([0, 0, 1], [0, 2, 0], 4),
    );
    expect(classes[1]).toEqual({ precision: undefined, recall: 0, f1: 0, support: 1 });
    expect(classes[2]).toEqual({ precision: 0, recall: undefined, f1: 0, support: 0 });
    expect(classes[3]).toEqual({ precision: undefined, recall: undefined, f1: undefined, support: 0 });
    expect(undefinedClasses).toEqual([1, 2, 3]);
    // class 3 is left out, undefined scores count as 0: scikit-learn's values with zero_division=0
    expect(macro.precision).toBeCloseTo(1 / 6, 15);
    expect(macro.recall).toBeCloseTo(1 / 6, 15);
  });
});

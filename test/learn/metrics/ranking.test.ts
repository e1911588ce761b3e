import { describe, expect, test } from "vitest";
import {
  averagePrecision,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from "../../../src/learn/metrics/ranking.js";
import { UsageError } from "../../../src/math/usage-error.js";

const LABELS = [0, 0, 1, 1, 1];
const SCORES = [0.1, 0.4, 0.35, 0.8, 0.4];

describe("rocCurve", () => {
  test("goes from (0, 0) to (1, 1), rows of equal scores in one step", () => {
    expect(rocCurve(LABELS, SCORES)).toEqual({
      x: [0, 0, 1 / 2, 1 / 2, 1],
      y: [0, 1 / 3, 2 / 3, 1, 1],
      thresholds: [Number.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1],
    });
  });

  test("is undefined where one class is missing", () => {
    expect(() => rocCurve([1, 1], [0.2, 0.3])).toThrow(
      new UsageError(
        "There are 2 positive and 0 negative rows, expected some of both: the curve is undefined without.",
      ),
    );
    expect(() => rocCurve([0, 1], [Number.NaN, 0.3])).toThrow(
      new UsageError("Number 0 of the scores is NaN, expected a finite number."),
    );
  });
});

test("rocAuc counts pairs that are ranked right, ties half", () => {
  // pairs (positive, negative): 0.35 > 0.1, 0.35 < 0.4, 0.8 over both, 0.4 > 0.1, 0.4 = 0.4
  expect(rocAuc(LABELS, SCORES)).toBeCloseTo((1 + 0 + 2 + 1 + 0.5) / 6, 15);
});

test("precisionRecallCurve and averagePrecision sum steps without interpolation", () => {
  const { x, y } = precisionRecallCurve(LABELS, SCORES);
  expect(x).toEqual([1 / 3, 2 / 3, 1, 1]);
  expect(y).toEqual([1, 2 / 3, 3 / 4, 3 / 5]);
  expect(averagePrecision(LABELS, SCORES)).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3, 15);
  expect(() => averagePrecision([0, 0], [0.1, 0.2])).toThrow(
    new UsageError("No row is positive, expected at least one: recall is undefined without."),
  );
});

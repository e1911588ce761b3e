import { describe, expect, test } from "vitest";
import {
  conformalQuantile,
  expectedCalibrationError,
  intervalCoverage,
  reliabilityDiagram,
} from "../../../src/learn/metrics/calibration.js";
import { createRandom } from "../../../src/math/random.js";
import { UsageError } from "../../../src/math/usage-error.js";

const CONFIDENCES = [0.55, 0.6, 0.9, 1, 0.95];
const CORRECT = [1, 0, 1, 1, 0];

describe("reliabilityDiagram", () => {
  test("bins are open below and closed above", () => {
    const bins = reliabilityDiagram(CONFIDENCES, CORRECT, 5);
    expect(bins.map(({ count }) => count)).toEqual([0, 0, 2, 0, 3]);
    expect(bins[2]!.confidence).toBeCloseTo(0.575, 15);
    expect(bins[2]!.accuracy).toBe(0.5);
    expect(bins[4]!.confidence).toBeCloseTo(0.95, 15);
    expect(bins[3]).toEqual({ low: 0.6, high: 0.8, count: 0, confidence: undefined, accuracy: undefined });
  });

  test("refuses a confidence that is no probability", () => {
    expect(() => reliabilityDiagram([1.5], [1])).toThrow(
      new UsageError("Number 0 of the confidences is 1.5, expected one from 0 to 1."),
    );
    expect(() => reliabilityDiagram([0.5], [1], 0)).toThrow(
      new UsageError("numBins is 0, expected a whole number of at least 1."),
    );
  });
});

test("expectedCalibrationError weighs bins by their counts", () => {
  const error = expectedCalibrationError(CONFIDENCES, CORRECT, 5);
  expect(error).toBeCloseTo((2 / 5) * 0.075 + (3 / 5) * (0.95 - 2 / 3), 15);
});

describe("conformalQuantile", () => {
  test("is the ⌈(n + 1) coverage⌉-th smallest score", () => {
    const scores = [5, 1, 4, 2, 3, 9, 8, 7, 6];
    expect(conformalQuantile(scores, 0.5)).toBe(5);
    expect(conformalQuantile(scores, 0.9)).toBe(9);
    expect(conformalQuantile(scores, 0.95)).toBe(Number.POSITIVE_INFINITY);
    expect(() => conformalQuantile(scores, 1)).toThrow(
      new UsageError("The coverage is 1, expected one between 0 and 1."),
    );
  });

  test("covers new rows as often as promised", () => {
    const random = createRandom("conformal");
    const error = () => Math.abs(random.normal());
    let covered = 0;
    const sets = 400;
    for (let set = 0; set < sets; set++) {
      const margin = conformalQuantile(
        Array.from({ length: 19 }, () => error()),
        0.9,
      );
      if (error() <= margin) covered++;
    }
    // 18 of 20 equally likely ranks: 0.9, here within three standard deviations
    expect(covered / sets).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / sets));
    expect(covered / sets).toBeLessThan(0.9 + 3 * Math.sqrt(0.09 / sets));
  });
});

test("intervalCoverage counts targets within their intervals, ends included", () => {
  expect(intervalCoverage([1, 2, 3, 4], [1, 0, 4, 3], [2, 1, 5, 4])).toBe(0.5);
});

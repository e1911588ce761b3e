import { expect, test } from "vitest";
import { mae, nasaScore, rmse } from "../../../src/learn/metrics/regression.js";
import { maskIou } from "../../../src/learn/metrics/segmentation.js";
import { UsageError } from "../../../src/math/usage-error.js";

test("rmse and mae are those of the differences", () => {
  expect(rmse([1, 2, 4], [1, 3, 2])).toBeCloseTo(Math.sqrt(5 / 3), 15);
  expect(mae([1, 2, 4], [1, 3, 2])).toBe(1);
});

test("nasaScore punishes a life predicted too long more than one too short", () => {
  // 10 cycles too long cost e - 1, so do 13 too short
  expect(nasaScore([50, 20, 30], [60, 7, 30])).toBeCloseTo(2 * (Math.E - 1), 12);
  expect(nasaScore([50], [60])).toBeGreaterThan(nasaScore([50], [40]));
});

test("errors need finite numbers, as many predictions as targets", () => {
  expect(() => rmse([1, Number.NaN], [1, 2])).toThrow(
    new UsageError("Number 1 of the targets is NaN, expected a finite number."),
  );
  expect(() => mae([1], [1, 2])).toThrow(
    new UsageError("There are 1 targets and 2 predictions, expected as many."),
  );
});

test("maskIou is undefined where both masks are empty", () => {
  expect(maskIou([1, 1, 0, 0, 1], [0, 1, 1, 0, 1])).toBe(2 / 4);
  expect(maskIou([0, 0], [0, 0])).toBeUndefined();
  expect(() => maskIou([0, 255], [0, 1])).toThrow(
    new UsageError("Number 1 of the true pixels is 255, expected a class from 0 to 1."),
  );
});

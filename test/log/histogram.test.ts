import { expect, test } from "vitest";
import { histogramOf } from "../../src/log/histogram.js";

test("numbers are counted in buckets of equal width, the greatest in the last", () => {
  // from -1 to 3 in four: edges at 0, 1, 2, 3
  expect(histogramOf([-1, 3, 0.5, 0, 3], 4)).toEqual({
    min: -1,
    max: 3,
    num: 5,
    sum: 5.5,
    sumSquares: 19.25,
    bucketLimit: [0, 1, 2, 3],
    bucket: [1, 2, 0, 2],
  });
});

test("numbers that are not finite are left out", () => {
  const values = [Number.NaN, 1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY];
  expect(histogramOf(values, 2)).toMatchObject({ min: 1, max: 2, num: 2, sum: 3, bucket: [1, 1] });
  expect(histogramOf([Number.NaN])).toBeUndefined();
  expect(histogramOf([])).toBeUndefined();
});

test("equal numbers, and numbers further apart than a float can say, stand in one bucket", () => {
  expect(histogramOf([2, 2, 2])).toMatchObject({ bucketLimit: [2], bucket: [3] });
  expect(histogramOf([-1.7e308, 1.7e308])).toMatchObject({ bucketLimit: [1.7e308], bucket: [2] });
});

test("by default there are as many buckets as TensorBoard makes, and no number is lost", () => {
  const { bucket, bucketLimit } = histogramOf(Float32Array.from({ length: 1000 }, (_, k) => Math.sin(k)))!;
  expect(bucket).toHaveLength(30);
  expect(bucket.reduce((sum, count) => sum + count)).toBe(1000);
  expect(bucketLimit).toEqual([...bucketLimit].sort((a, b) => a - b));
});

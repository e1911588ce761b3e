import { expect, test } from "vitest";
import { PictureLevels, statisticsOf } from "../../src/recording/lerobot-statistics.js";

test("statistics of rows: quantiles lie on the line between sorted neighbours, as NumPy's do", () => {
  // numpy.quantile([4, 1, 3, 2, 10], [.01, .1, .5, .9, .99]) = 1.04, 1.4, 3, 7.6, 9.76
  const { count, min, max, mean, std, q01, q10, q50, q90, q99 } = statisticsOf(
    [4, 0, 1, 0, 3, 0, 2, 0, 10, 5],
    2,
  );
  expect([count, min, max, mean]).toEqual([[5], [1, 0], [10, 5], [4, 1]]);
  expect(std[0]).toBeCloseTo(Math.sqrt(10), 12);
  expect(std[1]).toBeCloseTo(2, 12);
  const first = [q01, q10, q50, q90, q99].map(([value]) => value);
  for (const [k, expected] of [1.04, 1.4, 3, 7.6, 9.76].entries()) expect(first[k]).toBeCloseTo(expected, 12);
  expect(q90[1]).toBeCloseTo(3, 12);
});

test("statistics of pictures are those of their pixels per colour, from 0 to 1", () => {
  // two pictures of 1 x 2 pixels: red 0 51 255 51, green 102 everywhere, blue 0 0 0 255
  const [first, second] = [new PictureLevels(), new PictureLevels()];
  first.add(Uint8Array.of(0, 102, 0, 51, 102, 0));
  second.add(Uint8Array.of(255, 102, 0, 51, 102, 255));
  first.merge(second);
  const all = first.statistics();
  const pixels = statisticsOf([0, 0.4, 0, 0.2, 0.4, 0, 1, 0.4, 0, 0.2, 0.4, 1], 3);
  expect(all.count).toEqual([2]);
  for (const name of ["min", "max", "mean", "std", "q01", "q10", "q50", "q90", "q99"] as const)
    for (const k of [0, 1, 2]) expect(all[name][k], `${name} ${k}`).toBeCloseTo(pixels[name][k]!, 12);
  expect(all.q50[0]).toBeCloseTo(0.2, 12);
});

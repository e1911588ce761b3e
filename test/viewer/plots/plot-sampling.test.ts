// Which points of long lines are drawn.
import { expect, test } from "vitest";
import { nearestIndex, sampledIndices } from "../../../viewer/plots/plot-sampling.js";

test("few points are all drawn, and one on each side of what is shown", () => {
  expect(sampledIndices([[5, null, 7, 8]], 0, 3, 4)).toEqual([0, 1, 2, 3]);
  expect(sampledIndices([[5, null, 7, 8]], 2, 2, 4)).toEqual([1, 2, 3]);
});

test("of a hundred thousand points few are drawn, with every peak of every line", () => {
  const numPoints = 100_000;
  const wave = Array.from({ length: numPoints }, (_, k) => Math.sin(k / 900));
  const spike = new Array<number | null>(numPoints).fill(0);
  spike[12_345] = 40;
  spike[54_321] = -3;
  spike[77_777] = Number.NaN;
  const kept = sampledIndices([wave, spike], 0, numPoints - 1, numPoints);
  expect(kept.length).toBeLessThan(3000);
  expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
  for (const index of [0, 12_345, 54_321, numPoints - 1]) expect(kept).toContain(index);
  // no tooth of the wave is cut by more than what a bucket rises
  const drawn = Math.max(...kept.map((index) => wave[index]!));
  expect(drawn).toBe(Math.max(...wave));
  // and what is zoomed into is drawn with more of its points
  const near = sampledIndices([wave, spike], 12_000, 14_999, numPoints);
  expect(near).toHaveLength(3002);
  expect([near[0], near.at(-1)]).toEqual([11_999, 15_000]);
});

test("the nearest point is found between uneven ones, and at both ends", () => {
  const xs = [0, 0.1, 0.5, 2];
  expect([-1, 0.04, 0.06, 0.29, 0.31, 1.2, 1.3, 9].map((x) => nearestIndex(xs, x))).toEqual([
    0, 0, 1, 1, 2, 2, 3, 3,
  ]);
  expect(nearestIndex([3], 7)).toBe(0);
});

// Where compared episodes part.
import { expect, test } from "vitest";
import type { EpisodeRecording } from "../../../src/recording/recording.js";
import { findDivergence, largestOffset } from "../../../viewer/compare/divergence.js";

/** A recording of one thing that is at these places on the x axis, m. */
const moving = (...places: number[]) =>
  ({ frames: places.map((x) => ({ poses: [x, 0, 0, 0, 0, 0, 1] })) }) as unknown as EpisodeRecording;

test("the first difference counts to the last bit, the visible one from a millimetre on", () => {
  const base = moving(0, 0.1, 0.2, 0.3);
  expect(findDivergence(base, [moving(0, 0.1, 0.2, 0.3)])).toBeUndefined();
  expect(findDivergence(base, [moving(0, 0.1, 0.2 + 1e-12, 0.302)])).toEqual({ first: 2, visible: 3 });
  expect(findDivergence(base, [moving(0, 0.1, 0.2, 0.3), moving(0, 0.15, 0.2, 0.3)])).toEqual({
    first: 1,
    visible: 1,
  });
});

test("an episode that ends earlier parts there", () => {
  expect(findDivergence(moving(0, 0.1, 0.2), [moving(0, 0.1)])).toEqual({ first: 2, visible: undefined });
});

test("the farthest of several things counts, and other scenes are infinitely far", () => {
  const two = (x: number, y: number) => [x, 0, 0, 0, 0, 0, 1, 0, y, 0, 0, 0, 0, 1];
  expect(largestOffset(two(0, 0), two(0.3, 0.4))).toBeCloseTo(0.4, 12);
  expect(largestOffset(two(0, 0), [0])).toBe(Number.POSITIVE_INFINITY);
});

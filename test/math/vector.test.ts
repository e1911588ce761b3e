import { expect, test } from "vitest";
import { distance, subtract } from "../../src/index.js";

test("a difference and a distance of two points, by hand", () => {
  expect(subtract([1, 2, 3], Float64Array.of(4, 0, -1))).toEqual([-3, 2, 4]);
  expect(distance([1, 2, 3], [3, 5, 9])).toBe(7);
});

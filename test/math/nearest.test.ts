import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/math/nearest.js";

test("a mistyped name finds its neighbour", () => {
  expect(nearest("PickPlce", ["Reach-v1", "PickPlace-v1"])).toBe("PickPlace-v1");
  expect(nearest("gama", ["gamma", "gaeLambda"])).toBe("gamma");
});

test("a name far from all candidates finds none", () => {
  expect(nearest("banana", ["Reach-v1", "PickPlace-v1"])).toBeUndefined();
  expect(didYouMean("banana", ["Reach-v1"])).toBe("");
});

test("the hint is a sentence of its own", () => {
  expect(didYouMean("reach-v1", ["Reach-v1"])).toBe('Did you mean "Reach-v1"? ');
});

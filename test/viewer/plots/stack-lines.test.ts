// Lines on each other.
import { expect, test } from "vitest";
import { stackLines } from "../../../viewer/plots/stack-lines.js";

test("what is above 0 stands on what is above 0, what is below hangs from what is below", () => {
  const lines = [
    [1, -1, 2],
    [2, -3, -1],
    [4, null, 1],
  ];
  expect(stackLines(lines)).toEqual([
    [1, -1, 2],
    [3, -4, -1],
    [7, null, 3],
  ]);
  expect(stackLines([])).toEqual([]);
});

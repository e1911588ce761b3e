// The memory's map has the most active units on top.
import { expect, test } from "vitest";
import { unitsByActivity } from "../../viewer/insight/unit-activity.js";

test("units are ordered by how much they change over time, not by how large they are", () => {
  const memories = [
    [5, 0.1, 0, -1],
    [5, 0.2, 0, 1],
    [5, 0.4, 0, -1],
  ];
  expect(unitsByActivity(memories)).toEqual([3, 1, 0, 2]);
  expect(unitsByActivity([])).toEqual([]);
});

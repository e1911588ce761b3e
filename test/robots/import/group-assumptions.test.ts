import { expect, test } from "vitest";
import { groupAssumptions } from "../../../src/robots/import/group-assumptions.js";

test("what is the same for several joints or links is told once, with their names, in order", () => {
  const many = Array.from({ length: 11 }, (_, k) => `link "l${k}": a flat cylinder is a box around it`);
  expect(
    groupAssumptions([
      "the arm is a, b",
      'joint "a" has no limits',
      'joint "a": ±2π rad assumed',
      'joint "b" has no limits',
      'link "b" has no limits',
      'joint "b": ±1 m assumed',
      "the arm is a, b",
      ...many,
    ]),
  ).toEqual([
    "the arm is a, b",
    'joint "a" (also "b") has no limits',
    'joint "a": ±2π rad assumed',
    'link "b" has no limits',
    'joint "b": ±1 m assumed',
    'link "l0" (also "l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8" and 2 more): a flat cylinder is a box around it',
  ]);
});

// Which two policies are compared until the user chooses others.
import { expect, test } from "vitest";
import { comparedPolicies } from "../../../viewer/compare/compared-policies.js";
import { choosePolicies } from "../../../viewer/state/panel-actions.js";
import type { ViewerState } from "../../../viewer/state/viewer-state.js";
import { LISTED, runOf } from "../state/states.js";

/** Episodes of a policy after so many steps, of the seeds from 0 on. */
const after = (steps: number, count: number) =>
  Array.from({ length: count }, (_, seed) => `step-${String(steps).padStart(8, "0")}-seed-${seed}.mcap`);
const RUNS = [
  runOf("new", [...after(1000, 1), ...after(2000, 3)]),
  runOf("old", after(5000, 2)),
  runOf("far", after(9000, 4), "PickPlace-v1"),
];
const STATE: ViewerState = { ...LISTED, runs: RUNS };
const idsOf = (state: ViewerState) => {
  const { a, b } = comparedPolicies(state);
  return [a?.id, b?.id];
};

test("the policy of the run with most episodes is compared with the one it shares most seeds with", () => {
  // seeds are numbered through within a run: those of "new" after 2000 steps are 1, 2 and 3, those of "old" 0 and 1
  expect(idsOf(STATE)).toEqual(["new 2000", "old 5000"]);
  const { others, policies } = comparedPolicies(STATE);
  expect(others.map(({ policy, shared }) => [policy.id, shared])).toEqual([
    ["old 5000", 1],
    ["new 1000", 0],
  ]);
  expect(policies.map(({ id }) => id)).toContain("far 9000");
});

test("what the user chose stays while it is there, whatever run is open", () => {
  const chosen = choosePolicies(STATE, { a: "old 5000", b: "new 1000" });
  expect(idsOf({ ...chosen, run: "far" })).toEqual(["old 5000", "new 1000"]);
  expect(idsOf({ ...chosen, runs: [RUNS[0]!] })).toEqual(["new 2000", "new 1000"]);
});

test("where there is nothing to compare with there is no second policy", () => {
  expect(idsOf({ ...STATE, run: "far" })).toEqual(["far 9000", undefined]);
  expect(idsOf({ ...STATE, runs: [] })).toEqual([undefined, undefined]);
});

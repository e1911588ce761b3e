import { expect, test } from "vitest";
import { actionEntries, goalPlaces, observationEntries } from "../../src/gymnasium/gymnasium-spaces.js";

const ENV = "gym:Mine-v0";

function boxOf(low: readonly (number | null)[], high: readonly (number | null)[], shape = [low.length]) {
  return {
    type: "Box",
    text: `Box(${shape.join(", ")})`,
    dtype: "float64",
    shape,
    low: [...low],
    high: [...high],
  };
}

test("numbers of dictionaries are named by their way there, in the order of the spaces", () => {
  const parts = [
    { path: ["sensors", "force"], ...boxOf([-1, null], [2, null]) },
    { path: ["goal"], ...boxOf([-1e300], [1e300], []) },
  ];
  const greatest = Math.fround(3.4028234663852886e38);
  expect(observationEntries(ENV, parts)).toEqual([
    { index: 0, group: "sensors.force", name: "sensors.force_0", unit: "1", low: -1, high: 2 },
    { index: 1, group: "sensors.force", name: "sensors.force_1", unit: "1", low: -greatest, high: greatest },
    { index: 2, group: "goal", name: "goal_0", unit: "1", low: -greatest, high: greatest },
  ]);
});

test("an action from -1 to 1 is scaled to the bounds of each number", () => {
  const entries = actionEntries(ENV, boxOf([-2, 0.5], [4, 1]));
  expect(entries).toEqual([
    {
      name: "action_0",
      unit: "1",
      low: -1,
      high: 1,
      meaning: "number 0 of the action, from -2 to 4",
      scale: 3,
      offset: 1,
    },
    {
      ...{ name: "action_1", unit: "1", low: -1, high: 1, meaning: "number 1 of the action, from 0.5 to 1" },
      ...{ scale: 0.25, offset: 0.75 },
    },
  ]);
});

test.each([
  [boxOf([-1, 0], [1, null]), "entry 1 of its action space runs from 0 to inf"],
  [boxOf([3], [3]), "entry 0 of its action space runs from 3 to 3"],
])("bounds that nothing can be scaled to are refused: %j", (space, complaint) => {
  expect(() => actionEntries(ENV, space)).toThrow(
    `gym:Mine-v0: ${complaint}. armgym's agents act from -1 to 1, which is scaled to finite bounds, the lower one below the upper one. ` +
      "Register the environment with a wrapper, for example gymnasium.wrappers.RescaleAction.",
  );
});

test("the goals are found where both are there, of one size", () => {
  const [rest, goal] = [boxOf([0, 0, 0], [1, 1, 1]), boxOf([0, 0], [1, 1])];
  const parts = [
    { path: ["achieved_goal"], ...goal },
    { path: ["desired_goal"], ...goal },
    { path: ["observation"], ...rest },
  ];
  expect(goalPlaces(parts)).toEqual({ achieved: 0, desired: 2, size: 2 });
  expect(goalPlaces([{ path: ["achieved_goal"], ...rest }, ...parts.slice(1)])).toBeUndefined();
  expect(goalPlaces(parts.slice(1))).toBeUndefined();
});

import { expect, test } from "vitest";
import { mergeLayers, overlay, settingLeaves } from "../../../src/env/settings/layers.js";
import { UsageError } from "../../../src/math/usage-error.js";

const DEFAULTS = {
  rate: 20,
  solver: { iterations: 20, tolerance: 1e-5 },
  cameras: ["front"],
  randomization: "none",
};

test("the last layer goes above the others value by value, and each value says which layer it is of", () => {
  const { values, origins } = mergeLayers(
    DEFAULTS,
    [
      { origin: "tuning", values: { solver: { iterations: 10, tolerance: 1e-3 } } },
      {
        origin: "user",
        values: { solver: { iterations: 7 }, cameras: [], randomization: { friction: [1, 2] } },
      },
    ],
    "Toy-v1",
  );
  expect(values).toEqual({
    rate: 20,
    solver: { iterations: 7, tolerance: 1e-3 },
    cameras: [],
    randomization: { friction: [1, 2] },
  });
  expect(origins).toEqual({
    "solver.iterations": "user",
    "solver.tolerance": "tuning",
    cameras: "user",
    randomization: "user",
  });
});

test("a layer with a setting that the defaults lack, or of another type, is refused", () => {
  const layer = (values: Record<string, unknown>) => () =>
    mergeLayers(DEFAULTS, [{ origin: "file", values }], "Toy-v1");
  expect(layer({ rat: 1 })).toThrow(
    new UsageError(
      'Unknown setting "rat" of Toy-v1. Did you mean "rate"? It has: rate, solver, cameras, randomization.',
    ),
  );
  expect(layer({ solver: { iterations: "7" } })).toThrow(
    new UsageError('Setting "iterations" of Toy-v1, solver is "7", expected a number like 20.'),
  );
});

test("overlaying merges groups, replaces lists, and keeps a name that would be a prototype as a name", () => {
  const upper = JSON.parse('{"solver":{"iterations":7},"cameras":["wrist"],"__proto__":{"rate":1}}');
  const merged = overlay(DEFAULTS, upper);
  expect(merged.solver).toEqual({ iterations: 7, tolerance: 1e-5 });
  expect(merged.cameras).toEqual(["wrist"]);
  expect(Object.keys(merged)).toContain("__proto__");
  expect(merged.rate).toBe(20);
  expect(DEFAULTS.solver.iterations).toBe(20);
});

test("the leaves of settings are their values by path; lists and what is replaced as a whole are leaves", () => {
  expect(settingLeaves({ ...DEFAULTS, randomization: { friction: [1, 2] }, empty: {} })).toEqual([
    ["rate", 20],
    ["solver.iterations", 20],
    ["solver.tolerance", 1e-5],
    ["cameras", ["front"]],
    ["randomization", { friction: [1, 2] }],
    ["empty", {}],
  ]);
});

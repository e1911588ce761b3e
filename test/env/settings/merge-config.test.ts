import { expect, test } from "vitest";
import { mergeConfig, parseSettings } from "../../../src/env/settings/merge-config.js";
import { UsageError } from "../../../src/math/usage-error.js";

const DEFAULTS = {
  robot: "panda",
  rate: 20,
  solver: { iterations: 20, tolerance: 1e-5 },
  light: [0.45, -0.35, 0.85],
  cameras: ["front"] as unknown[],
};

/** Merge what these `--set` options say. */
const merged = (...settings: string[]) => mergeConfig(DEFAULTS, parseSettings(settings), "Reach-v1");

test.each([
  [["__proto__.polluted=1"], 'Unknown setting "__proto__" of Reach-v1. '],
  [["__proto__=1"], 'Unknown setting "__proto__" of Reach-v1. '],
  [["solver.__proto__.polluted=1"], 'Unknown setting "__proto__" of Reach-v1, solver. '],
  [
    ['solver={"iterations":5}', "solver.__proto__.polluted=1"],
    'Unknown setting "__proto__" of Reach-v1, solver. ',
  ],
  [['solver={"__proto__":{"polluted":1}}'], 'Unknown setting "__proto__" of Reach-v1, solver. '],
  [
    ['solver={"__proto__":{"polluted":1}}', "solver.iterations=5"],
    'Unknown setting "__proto__" of Reach-v1, solver. ',
  ],
  [["constructor.prototype.polluted=1"], 'Unknown setting "constructor" of Reach-v1. '],
  [["solver.constructor.prototype.polluted=1"], 'Unknown setting "constructor" of Reach-v1, solver. '],
  [["robot.__proto__.polluted=1"], 'Setting "robot" of Reach-v1 is {'],
  [["toString.call=1"], 'Unknown setting "toString" of Reach-v1. '],
  [["prototype.polluted=1"], 'Unknown setting "prototype" of Reach-v1. '],
])("%j is refused as any unknown name is, and changes no prototype", (settings, message) => {
  expect(() => merged(...settings)).toThrow(message);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect((() => {}) as unknown as Record<string, unknown>).not.toHaveProperty("polluted");
});

test("a prototype's name in JSON from a file is refused as well", () => {
  const read = JSON.parse('{"solver": {"__proto__": {"iterations": 1}}}') as Record<string, unknown>;
  expect(() => mergeConfig(DEFAULTS, read, "Reach-v1")).toThrow(
    'Unknown setting "__proto__" of Reach-v1, solver. It has: iterations, tolerance.',
  );
});

test.each<[string, string]>([
  [
    "solver=null",
    'Setting "solver" of Reach-v1 is null, expected settings like {"iterations":20,"tolerance":0.00001}.',
  ],
  [
    "solver=[]",
    'Setting "solver" of Reach-v1 is [], expected settings like {"iterations":20,"tolerance":0.00001}.',
  ],
  [
    "solver=5",
    'Setting "solver" of Reach-v1 is 5, expected settings like {"iterations":20,"tolerance":0.00001}.',
  ],
  ["solver.iterations=null", 'Setting "iterations" of Reach-v1, solver is null, expected a number like 20.'],
  ["rate=1e999", 'Setting "rate" of Reach-v1 is Infinity, expected a finite number.'],
  ["rate=true", 'Setting "rate" of Reach-v1 is true, expected a number like 20.'],
  ["robot=null", 'Setting "robot" of Reach-v1 is null, expected a string like "panda".'],
  ["light=1", 'Setting "light" of Reach-v1 is 1, expected a list like [0.45,-0.35,0.85].'],
  [
    'light=[1,"2",3]',
    'Setting "light" of Reach-v1 is [1,"2",3], expected a list of finite numbers like [0.45,-0.35,0.85].',
  ],
  ["cameras={}", 'Setting "cameras" of Reach-v1 is {}, expected a list like ["front"].'],
])("%s is refused", (setting, message) => {
  expect(() => merged(setting)).toThrow(new UsageError(message));
});

test("numbers that no JSON holds are refused where code sets them", () => {
  expect(() => mergeConfig(DEFAULTS, { robot: undefined }, "Reach-v1")).toThrow(
    'Setting "robot" of Reach-v1 is undefined, expected a string like "panda".',
  );
  expect(() => mergeConfig(DEFAULTS, { robot: Number.NaN }, "Reach-v1")).toThrow(
    'Setting "robot" of Reach-v1 is NaN, expected a string like "panda".',
  );
});

test("settings of one group are collected, the last word on each counts", () => {
  expect(
    merged('solver={"iterations":5}', "solver.tolerance=1e-3", "solver.iterations=6", "rate=10"),
  ).toEqual({
    ...DEFAULTS,
    rate: 10,
    solver: { iterations: 6, tolerance: 1e-3 },
  });
});

import { expect, test } from "vitest";
import { defineEnv } from "../../../src/env/define-env.js";
import type { EnvDefinition } from "../../../src/env/env-definition.js";
import {
  describeRange,
  type NumberRange,
  type SettingRanges,
} from "../../../src/env/settings/setting-range.js";
import { UsageError } from "../../../src/math/usage-error.js";

const DEFAULTS = {
  rewardMode: "dense" as const,
  rewardWeights: { near: 2 },
  speed: 0.5,
  springs: { stiffness: [1, 2], count: 3 },
  surface: "dry",
};
const RANGES: SettingRanges = {
  speed: { above: 0, most: 10, unit: "m/s" },
  "springs.stiffness": { least: 0 },
  "springs.count": { least: 1, most: 8, whole: true },
  surface: ["dry", "wet", "icy"],
};

/** Make an environment whose parts besides its settings do not matter. */
function create(
  config: Readonly<Record<string, unknown>>,
  more: { readonly ranges?: SettingRanges; readonly maxEpisodeSteps?: number } = {},
) {
  const push = { name: "push", unit: "m", low: -1, high: 1, meaning: "", scale: 1, offset: 0 };
  const simulation = { actionEntries: [push], step: () => {}, snapshot: () => 0, restore: () => {} };
  const definition: EnvDefinition<{ simulation: typeof simulation }, typeof DEFAULTS> = {
    id: "Spring-v1",
    description: "A spring.",
    maxEpisodeSteps: 5,
    defaults: DEFAULTS,
    ranges: RANGES,
    build: () => ({ simulation }),
    reset: () => {},
    observation: [],
    reward: () => ({ near: 0 }),
    ...more,
  };
  return defineEnv(definition).create(config);
}

test.each<[Readonly<Record<string, unknown>>, string]>([
  [{ speed: 0 }, 'Setting "speed" of Spring-v1 is 0, expected a number above 0, at most 10, in m/s.'],
  [
    { speed: 1e308 },
    'Setting "speed" of Spring-v1 is 1e+308, expected a number above 0, at most 10, in m/s.',
  ],
  [{ speed: Number.NaN }, 'Setting "speed" of Spring-v1 is NaN, expected a finite number.'],
  [
    { springs: { stiffness: [1, -1] } },
    'Setting "springs.stiffness.1" of Spring-v1 is -1, expected a number of at least 0.',
  ],
  [
    { springs: { stiffness: [1, Number.POSITIVE_INFINITY] } },
    'Setting "stiffness" of Spring-v1, springs is [1,null], expected a list of finite numbers like [1,2].',
  ],
  [
    { springs: { count: 2.5 } },
    'Setting "springs.count" of Spring-v1 is 2.5, expected a whole number from 1 to 8.',
  ],
  [
    { surface: "ice" },
    'Setting "surface" of Spring-v1 is "ice", expected "dry", "wet" or "icy". Did you mean "icy"?',
  ],
  [
    { rewardWeights: { near: 2 ** 53 } },
    'Setting "rewardWeights.near" of Spring-v1 is 9007199254740992, expected a number from -1000000 to 1000000.',
  ],
])("an environment of one's own refuses %j", (config, message) => {
  expect(() => create(config)).toThrow(new UsageError(message));
});

test.each([0, 2.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e8])(
  "an environment whose episodes have %f steps is refused",
  (maxEpisodeSteps) => {
    expect(() => create({}, { maxEpisodeSteps })).toThrow(
      new UsageError(
        `Spring-v1: maxEpisodeSteps is ${maxEpisodeSteps}, expected a whole number from 1 to 10000000, in control steps.`,
      ),
    );
  },
);

test("a range of a setting that there is not, and a default out of its range, are refused", () => {
  expect(() => create({}, { ranges: { sped: { least: 0 } } })).toThrow(
    new UsageError('Spring-v1 has a range for "sped", but no such setting. Did you mean "speed"?'),
  );
  expect(() => create({}, { ranges: { speed: { least: 1 } } })).toThrow(
    new UsageError('Setting "speed" of Spring-v1 is 0.5, expected a number of at least 1.'),
  );
});

test.each<[NumberRange, string]>([
  [{}, "a number"],
  [{ least: 1 }, "a number of at least 1"],
  [{ most: 3, whole: true }, "a whole number of at most 3"],
  [{ above: 0 }, "a number above 0"],
  [{ above: 0, most: 2, unit: "kg" }, "a number above 0, at most 2, in kg"],
])("%j is put into words", (range, words) => {
  expect(describeRange(range)).toBe(words);
});

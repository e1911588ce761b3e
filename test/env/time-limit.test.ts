// The time limit: seconds are meant, steps are counted.
import { expect, test } from "vitest";
import { isTruncated, stepLimit } from "../../src/env/time-limit.js";

const TASK = { maxEpisodeSteps: 50, defaults: { controlRate: 20 } };

test("an episode of 50 steps at 20 Hz, 2.5 s, has 100 at 40 Hz, 13 at 5 Hz and one at least", () => {
  expect(stepLimit(TASK, { controlRate: 20 })).toBe(50);
  expect(stepLimit(TASK, { controlRate: 40 })).toBe(100);
  expect(stepLimit(TASK, { controlRate: 5 })).toBe(13);
  expect(stepLimit(TASK, { controlRate: 0.1 })).toBe(1);
});

test("without a control rate the steps are as the definition has them", () => {
  expect(stepLimit({ maxEpisodeSteps: 8, defaults: {} }, {})).toBe(8);
  expect(stepLimit({ maxEpisodeSteps: 8, defaults: {} }, { controlRate: 40 })).toBe(8);
});

test("the last step is truncated, but where the task itself ends there", () => {
  expect(isTruncated(49, 50, false)).toBe(false);
  expect(isTruncated(50, 50, false)).toBe(true);
  expect(isTruncated(50, 50, true)).toBe(false);
});

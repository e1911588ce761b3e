// Discounted returns and advantages of a recorded episode, by hand.
import { expect, test } from "vitest";
import { advantages, returnsToGo } from "../../../viewer/plots/return-to-go.js";

const frame = (reward: number, value: number | null, terminated = false) => ({
  reward,
  value,
  ...(terminated ? { terminated } : {}),
});

test("the return to go counts the rewards after a frame, and the critic's value after the last", () => {
  const frames = [frame(0, 5), frame(1, 5), frame(2, 8)];
  // 1 + 0.5 (2 + 0.5 * 8) = 4, 2 + 0.5 * 8 = 6
  expect(returnsToGo(frames, 0.5)).toEqual([4, 6, 8]);
});

test("nothing follows where the task had ended, or where there is no critic", () => {
  expect(returnsToGo([frame(0, 5), frame(1, 5), frame(2, 8, true)], 0.5)).toEqual([2, 2, 0]);
  expect(returnsToGo([frame(0, null), frame(1, null), frame(2, null)], 0.5)).toEqual([2, 2, 0]);
});

test("advantages are smoothed differences between what came and what was expected", () => {
  const frames = [frame(0, 3), frame(1, 4), frame(2, 6)];
  // last step: 2 + 0.5 * 6 - 4 = 1; first: 1 + 0.5 * 4 - 3 + 0.5 * 0.5 * 1 = 0.25
  expect(advantages(frames, 0.5, 0.5)).toEqual([0.25, 1, null]);
  expect(advantages([frame(0, 3), frame(2, 6, true)], 0.5, 0.5)).toEqual([-1, null]);
});

test("without a critic there are no advantages", () => {
  expect(advantages([frame(0, null), frame(1, null)], 0.9, 0.9)).toEqual([null, null]);
});

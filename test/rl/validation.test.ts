import { expect, test } from "vitest";
import { summarize } from "../../src/rl/evaluate.js";
import { PPO_DEFAULTS } from "../../src/rl/ppo/ppo-settings.js";
import { doneByValidation, shareOfAll, withValidation } from "../../src/rl/validation.js";

const share = (successes: number) => successes / 104;
const never = { stopAtSuccess: 2, settledSuccess: 2, validationEpisodes: 104 };

test("training is solved when the last two validations reach stopAtSuccess, not when one does", () => {
  const settings = { ...never, stopAtSuccess: 0.9 };
  expect(doneByValidation([], settings)).toBeUndefined();
  expect(doneByValidation([0.95], settings)).toBeUndefined();
  expect(doneByValidation([0.95, 0.89], settings)).toBeUndefined();
  expect(doneByValidation([0.1, 0.9, 0.91], settings)).toBe("solved");
  expect(doneByValidation([1, 1, 1], never)).toBeUndefined();
});

test("validation has settled when the last three together leave next to nothing to gain", () => {
  const settings = { ...never, settledSuccess: 0.98 };
  // Wilson's lower ends: 312 of 312 0.9878, 311 0.9821, 310 0.9769
  expect(doneByValidation([1, 1, 1], settings)).toBe("settled");
  expect(doneByValidation([1, share(103), 1], settings)).toBe("settled");
  expect(doneByValidation([share(103), share(103), 1], settings)).toBeUndefined();
  expect(doneByValidation([1, 1], settings)).toBeUndefined();
  // the fourth last no longer counts
  expect(doneByValidation([0, 1, 1, 1], settings)).toBe("settled");
});

test("by default 310 of 312 successes are enough, 309 are not", () => {
  const settings = { ...never, settledSuccess: PPO_DEFAULTS.settledSuccess };
  expect(doneByValidation([share(103), share(103), 1], settings)).toBe("settled");
  expect(doneByValidation([share(103), share(103), share(103)], settings)).toBeUndefined();
});

test("few episodes never show that there is nothing to gain", () => {
  const few = { ...never, settledSuccess: 0.98, validationEpisodes: 8 };
  expect(doneByValidation([1, 1, 1], few)).toBeUndefined();
});

test("as many validations are remembered as anything is decided by", () => {
  expect(withValidation([], 0.5)).toEqual([0.5]);
  expect(withValidation([0.1, 0.2, 0.3], 0.4)).toEqual([0.2, 0.3, 0.4]);
});

test("episodes that the NaN guard dropped are counted apart, and are no successes", () => {
  const episode = (success: boolean, nonFinite?: string) => ({
    ...{ seed: 1, return: success ? 3 : 1, length: 10, success },
    ...(nonFinite === undefined ? {} : { nonFinite }),
  });
  const summary = summarize([
    episode(true),
    episode(true),
    episode(false),
    episode(false, "reward term near"),
  ]);
  expect(summary).toMatchObject({ episodes: 3, dropped: 1, successRate: 2 / 3, meanLength: 10 });
  expect(summary.meanReturn).toBeCloseTo(7 / 3, 12);
  expect(shareOfAll(summary)).toBeCloseTo(0.5, 12);
  const none = summarize([episode(false, "reward term near")]);
  expect(none).toEqual({
    ...{ episodes: 0, dropped: 1, successRate: 0, successInterval: [0, 1], meanReturn: 0, meanLength: 0 },
  });
});

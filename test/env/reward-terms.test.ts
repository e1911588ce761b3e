import { expect, test } from "vitest";
import { defineEnv } from "../../src/env/define-env.js";
import { UsageError } from "../../src/math/usage-error.js";

/** An environment whose reward is `terms` at every step. */
function rewarded(terms: unknown, rewardMode: "dense" | "sparse" = "dense") {
  const push = { name: "push", unit: "m", low: -1, high: 1, meaning: "", scale: 1, offset: 0 };
  const simulation = { actionEntries: [push], step: () => {}, snapshot: () => 0, restore: () => {} };
  const env = defineEnv({
    id: "Paid-v1",
    description: "Rewards.",
    maxEpisodeSteps: 5,
    defaults: { rewardMode, rewardWeights: { near: 2, slow: 0.5 } },
    build: () => ({ simulation }),
    reset: () => {},
    observation: [
      {
        group: "none",
        entries: [{ name: "zero", unit: "1", low: 0, high: 0 }],
        read(_, out, offset) {
          out[offset] = 0;
        },
      },
    ],
    reward: () => terms as { near: number; slow: number },
  }).create();
  env.reset({ seed: 1 });
  return env;
}

test.each<[unknown, string]>([
  [
    { near: 1, slow: 1, far: 3 },
    'reward() returned the term "far", which has no weight, so that it counts for nothing. Give it one in rewardWeights (0 to watch it only), or leave it out.',
  ],
  [
    { near: 1 },
    'reward() returned no term "slow", which has a weight. Return it, or take it out of rewardWeights.',
  ],
  [{ near: 1, slow: "1" }, 'reward() returned "1" as the term "slow", expected a number.'],
  [{ near: null, slow: 1 }, 'reward() returned null as the term "near", expected a number.'],
  [undefined, "reward() returned undefined, expected one number for each weight: near, slow."],
  [3, "reward() returned 3, expected one number for each weight: near, slow."],
])("the terms %j are refused, in every reward mode", (terms, message) => {
  for (const mode of ["dense", "sparse"] as const)
    expect(() => rewarded(terms, mode).step([0])).toThrow(new UsageError(`Paid-v1: ${message}`));
});

test.each<[Record<string, number>, string]>([
  [{ near: Number.NaN, slow: 1 }, 'reward term "near"'],
  [{ near: 1, slow: Number.NEGATIVE_INFINITY }, 'reward term "slow"'],
  // finite, but not in the single precision that rewards are kept in
  [{ near: 1, slow: 1e300 }, 'reward term "slow"'],
  [{ near: 1.6e38, slow: 3e38 }, "reward"],
])("the NaN guard acts on %j and names what is to blame", (terms, nonFinite) => {
  const { reward, terminated, info } = rewarded(terms).step([0]);
  expect({ reward, terminated, nonFinite: info.nonFinite }).toEqual({
    reward: 0,
    terminated: true,
    nonFinite,
  });
});

import { expect, test } from "vitest";
import { computeAdvantages } from "../../../src/rl/rollout/gae.js";

const base = {
  numSteps: 3,
  numEnvs: 1,
  rewards: Float32Array.of(1, 2, 3),
  values: Float32Array.of(10, 20, 30),
  terminated: new Uint8Array(3),
  truncated: new Uint8Array(3),
  finalValues: Float32Array.of(0, 500, 0),
  lastValues: Float32Array.of(40),
  gamma: 0.5,
  lambda: 0.8,
};
const rounded = (values: Float32Array) => [...values].map((value) => Number(value.toFixed(4)));

test("advantages of an episode that goes on are worked out by hand", () => {
  // errors: 1+10-10 = 1, 2+15-20 = -3, 3+20-30 = -7; each adds 0.4 times the next
  const { advantages, returns } = computeAdvantages(base);
  expect(rounded(advantages)).toEqual(
    [1 + 0.4 * (-3 + 0.4 * -7), -3 + 0.4 * -7, -7].map((v) => Number(v.toFixed(4))),
  );
  expect(rounded(returns)).toEqual(
    [7.68 + 1, 14.2, 23].map((v, k) => (k === 0 ? Number((10 + 1 - 2.32).toFixed(4)) : v)),
  );
});

test("after a terminal step nothing follows", () => {
  const { advantages } = computeAdvantages({ ...base, terminated: Uint8Array.of(0, 1, 0) });
  expect(rounded(advantages)).toEqual([1 + 0.4 * -18, -18, -7].map((v) => Number(v.toFixed(4))));
});

test("after a truncated step the value of the true final observation follows, and the chain is cut", () => {
  const { advantages } = computeAdvantages({ ...base, truncated: Uint8Array.of(0, 1, 0) });
  expect(rounded(advantages)).toEqual([1 + 0.4 * 232, 232, -7].map((v) => Number(v.toFixed(4))));
});

test("environments side by side do not mix", () => {
  const two = computeAdvantages({
    ...base,
    numEnvs: 2,
    rewards: Float32Array.of(1, 0, 2, 0, 3, 0),
    values: Float32Array.of(10, 7, 20, 7, 30, 7),
    terminated: Uint8Array.of(0, 1, 0, 1, 0, 1),
    truncated: new Uint8Array(6),
    finalValues: new Float32Array(6),
    lastValues: Float32Array.of(40, 99),
  });
  expect(rounded(two.advantages.filter((_, k) => k % 2 === 0))).toEqual(
    rounded(computeAdvantages(base).advantages),
  );
  expect(rounded(two.advantages.filter((_, k) => k % 2 === 1))).toEqual([-7, -7, -7]);
});

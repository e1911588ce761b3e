import { expect, test } from "vitest";
import { ReturnNormalizer } from "../../../src/rl/rollout/return-normalizer.js";

/** Two environments, three steps; the second one's episode ends at its second step. */
const rows = {
  firstEnv: 1,
  numEnvs: 2,
  rewards: Float32Array.of(1, 10, 2, 20, 3, 30),
  terminated: Uint8Array.of(0, 0, 0, 1, 0, 0),
  truncated: new Uint8Array(6),
  excluded: new Uint8Array(6),
};

test("rewards are divided by the standard deviation of the discounted returns, worked out by hand", () => {
  const normalizer = new ReturnNormalizer(3, 0.5);
  normalizer.observe(rows);
  // first: 1, 2 + 0.5, 3 + 1.25; second: 10, 20 + 5, then anew 30
  const returns = [1, 2.5, 4.25, 10, 25, 30];
  const mean = returns.reduce((sum, value) => sum + value, 0) / 6;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
  // the prior of 1e-4 rows shifts the last digits
  expect(normalizer.scale(Float32Array.of(3))[0]).toBeCloseTo(3 / Math.sqrt(variance), 3);
});

test("scaled rewards are clipped to ten standard deviations", () => {
  const normalizer = new ReturnNormalizer(3, 0.5);
  normalizer.observe(rows);
  expect([...normalizer.scale(Float32Array.of(-1e6, 1e6))]).toEqual([-10, 10]);
});

test("a restored normaliser goes on with the same bits, the episodes' returns included", () => {
  const [one, other] = [new ReturnNormalizer(3, 0.9), new ReturnNormalizer(3, 0.9)];
  one.observe(rows);
  other.restore(structuredClone(one.state()));
  one.observe(rows);
  other.observe(rows);
  expect(other.state()).toEqual(one.state());
});

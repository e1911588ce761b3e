import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters, partNamed } from "../../src/nn/parameters.js";
import { explainedVariance, meanStd } from "../../src/rl/training-metrics.js";

const rows = (count: number) => Int32Array.from({ length: count }, (_, k) => k);

test("explained variance is the share of the returns' variance that the values explain", () => {
  // returns 1 2 3 6: mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5; errors 0 1 0 -1: variance 0.5; 1 - 0.5 / 3.5 = 6/7
  const returns = Float32Array.of(1, 2, 3, 6);
  expect(explainedVariance(Float32Array.of(1, 1, 3, 7), returns, rows(4))).toBeCloseTo(6 / 7, 12);
  expect(explainedVariance(returns, returns, rows(4))).toBe(1);
  // a row that is left out counts nowhere: returns 1 2 3, variance 2/3; errors 0 1 0, variance 2/9
  expect(explainedVariance(Float32Array.of(1, 1, 3, 7), returns, rows(3))).toBeCloseTo(2 / 3, 12);
});

test("explained variance does not depend on how far from 0 returns lie", () => {
  const [returns, values] = [Float32Array.of(1, 2, 3, 6), Float32Array.of(1, 1, 3, 7)];
  const lifted = [values, returns].map((x) => x.map((value) => value + 4096));
  expect(explainedVariance(lifted[0]!, lifted[1]!, rows(4))).toBeCloseTo(6 / 7, 9);
});

test("constant returns have no variance to explain, whatever they are", () => {
  for (const constant of [0, 0.1, 1 / 3, -20, 1e6, 1e-6]) {
    const returns = new Float32Array(2048).fill(constant);
    const values = returns.map((value, k) => value + 1e-4 * Math.cos(k));
    expect(explainedVariance(values, returns, rows(2048)), `returns of ${constant}`).toBe(0);
    // the same up to float32's last bit
    const rounded = returns.map((value, k) => value * (1 + (k % 2) * 2 ** -23));
    expect(explainedVariance(values, rounded, rows(2048)), `returns near ${constant}`).toBe(0);
  }
});

test("the mean spread of actions is the one in force, never below its floor", () => {
  const policy = ppoMlp.createPolicy(2, 3, ppoMlp.settings);
  const parameters = initializeParameters(policy.layout, createRandom("spread"));
  partNamed(parameters, policy.layout, "log_std")!.set([Math.log(0.2), Math.log(0.4), Math.log(0.05)]);
  expect(meanStd(parameters, policy, Math.log(0.01))).toBeCloseTo(0.65 / 3, 6);
  expect(meanStd(parameters, policy, Math.log(0.3))).toBeCloseTo(1 / 3, 6);
});

import { expect, test } from "vitest";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { normalizeInto, normalizerOf, normalizerOfState } from "../../src/model/normalizer.js";

test("rows are standardised with float32's rounding, and clipped", () => {
  const target = new Float32Array(5);
  const normalizer = { mean: Float32Array.of(0.1, 0), scale: Float32Array.of(3, 100) };
  normalizeInto(target, 1, Float32Array.of(0.3, 1, -0.2, -1), normalizer);
  const f = Math.fround;
  expect([...target]).toEqual([0, f(f(f(0.3) - f(0.1)) * 3), 10, f(f(f(-0.2) - f(0.1)) * 3), -10]);
});

test("statistics freeze to their mean and the scale that they divide by, also from plain data", () => {
  const statistics = new RunningStatistics(2, [0.5, 1e-4]);
  statistics.update(Float32Array.of(1, 2, 3, -6), 2);
  const { mean, scale } = normalizerOf(statistics);
  expect(mean[1]).toBeCloseTo(-2, 3);
  // variances 1 and 16
  expect(scale[0]).toBeCloseTo(1 / Math.sqrt(1.25), 3);
  expect(scale[1]).toBeCloseTo(1 / 4, 3);
  expect(normalizerOfState(statistics.state())).toEqual({ mean, scale });
});

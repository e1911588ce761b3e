import { expect, test } from "vitest";
import {
  exponentialRate,
  fitRate,
  klAdaptedRate,
  linearRate,
} from "../../src/learn/learning-rate-schedule.js";

test("a rate falls in a straight line to 0, or by equal factors to its end", () => {
  expect([0, 0.25, 1].map((progress) => linearRate(8e-3, progress))).toEqual([8e-3, 6e-3, 0]);
  expect([0, 0.5, 1].map((progress) => exponentialRate(0.25, 0.0625, progress))).toEqual([
    0.25, 0.125, 0.0625,
  ]);
});

test("a rate that follows the divergence changes by 1.5 beyond a factor of 2 of the target, within its bounds", () => {
  const after = (rate: number, kl: number, start = 1e-3) =>
    klAdaptedRate({ rate, start, kl, targetKl: 0.01 });
  expect(after(1e-3, 0.021)).toBeCloseTo(1e-3 / 1.5, 15);
  expect(after(1e-3, 0.004)).toBeCloseTo(1.5e-3, 15);
  expect([0.005, 0.01, 0.02].map((kl) => after(1e-3, kl))).toEqual([1e-3, 1e-3, 1e-3]);
  expect(after(1.2e-5, 1)).toBe(1e-5);
  expect(after(2.5e-3, 0)).toBe(3e-3);
  // a rate that was asked for is within its own bounds
  expect(after(1e-2, 0, 1e-2)).toBe(1e-2);
  expect(after(2e-7, 0, 1e-7)).toBeCloseTo(3e-7, 15);
  expect(after(1.2e-7, 1, 1e-7)).toBe(1e-7);
});

test("a fit's rate rises over its warmup, then stays, falls to 0, or as a cosine to its end", () => {
  const rates = (schedule: "constant" | "linear" | "cosine", warmup: number, total: number) =>
    Array.from({ length: total }, (_, k) =>
      fitRate({ learningRate: 8, schedule, finalRate: 0.25, warmup }, k, total),
    );
  expect(rates("constant", 0, 3)).toEqual([8, 8, 8]);
  expect(rates("linear", 0, 4)).toEqual([8, 6, 4, 2]);
  expect(rates("linear", 0.3, 7)).toEqual([8 / 3, 16 / 3, 8, 8, 6, 4, 2]);
  // a cosine from 8 to 2 by way of 5
  const cosine = rates("cosine", 0.2, 5);
  expect(cosine.slice(0, 2)).toEqual([8, 8]);
  expect(cosine[3]).toBeCloseTo(5, 12);
  expect(cosine[4]).toBeCloseTo(5 - 3 * Math.SQRT1_2, 12);
  expect(rates("constant", 1, 2)).toEqual([4, 8]);
});

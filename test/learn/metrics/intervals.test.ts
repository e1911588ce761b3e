import { describe, expect, test } from "vitest";
import {
  bootstrapInterval,
  interquartileMean,
  meanOf,
  stratifiedIqm,
  wilsonInterval,
} from "../../../src/learn/metrics/intervals.js";
import { mcnemarTest, pairedDifference } from "../../../src/learn/metrics/paired.js";
import { createRandom } from "../../../src/math/random.js";
import { UsageError } from "../../../src/math/usage-error.js";

test("wilsonInterval is that of the textbook", () => {
  // scipy.stats.binomtest(8, 10).proportion_ci(method="wilson")
  const [low, high] = wilsonInterval(8, 10);
  expect(low).toBeCloseTo(0.4901625, 6);
  expect(high).toBeCloseTo(0.9433178, 6);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test("interquartileMean leaves out a quarter at each end, rounded down", () => {
  expect(interquartileMean([0, 1, 2, 100])).toBe(1.5);
  expect(interquartileMean([10, -5, 2, 3, 4])).toBe(3);
  expect(interquartileMean([1, 6])).toBe(3.5);
});

describe("bootstrapInterval", () => {
  const random = createRandom("bootstrap test");
  const values = Float64Array.from({ length: 400 }, () => 3 + 2 * random.normal());

  test("of a mean is the normal interval of the sample", () => {
    const { value, interval } = bootstrapInterval(values, meanOf, { seed: "1" });
    const deviation = Math.sqrt(meanOf(values.map((x) => (x - value) ** 2)));
    const half = (1.96 * deviation) / Math.sqrt(values.length);
    expect(value).toBe(meanOf(values));
    expect(Math.abs(interval[0] - (value - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(interval[1] - (value + half))).toBeLessThan(0.1 * half);
  });

  test("is the same for the same seed, and another for another", () => {
    const draw = (seed: string) => bootstrapInterval(values, meanOf, { seed, resamples: 100 });
    expect(draw("1")).toEqual(draw("1"));
    expect(draw("1").interval).not.toEqual(draw("2").interval);
  });

  test("needs values that are finite", () => {
    expect(() => bootstrapInterval([], meanOf, { seed: "1" })).toThrow(
      new UsageError("There are no values, expected at least one."),
    );
    expect(() => bootstrapInterval([Number.POSITIVE_INFINITY], meanOf, { seed: "1" })).toThrow(
      new UsageError("Number 0 of the values is Infinity, expected a finite number."),
    );
  });
});

describe("stratifiedIqm", () => {
  test("draws seeds within each task only: tasks whose seeds agree have no width", () => {
    const { value, interval } = stratifiedIqm(
      [
        [0.2, 0.2, 0.2],
        [0.8, 0.8],
      ],
      { seed: "1" },
    );
    // of 0.2, 0.2, 0.2, 0.8, 0.8 the middle three
    expect(value).toBeCloseTo(0.4, 15);
    expect(interval).toEqual([value, value]);
  });

  test("is rliable's interval on five seeds of two tasks", () => {
    // rliable 1.2.0, get_interval_estimates with aggregate_iqm and 20,000 repetitions
    const { value, interval } = stratifiedIqm(
      [
        [0.9, 0.95, 1, 0.5, 0.97],
        [0.7, 0.8, 0.85, 0.9, 0.75],
      ],
      { seed: "1", resamples: 20_000 },
    );
    expect(value).toBeCloseTo(0.8583333, 6);
    expect(Math.abs(interval[0] - 0.7416667)).toBeLessThan(0.01);
    expect(Math.abs(interval[1] - 0.9166667)).toBeLessThan(0.01);
  });

  test("names a task without seeds", () => {
    expect(() => stratifiedIqm([[1], []], { seed: "1" })).toThrow(
      new UsageError("There are no scores of task 1, expected at least one."),
    );
    expect(() => stratifiedIqm([], { seed: "1" })).toThrow(
      new UsageError("There are no tasks, expected at least one."),
    );
  });
});

describe("mcnemarTest", () => {
  test("is the exact binomial test on the rows that one model alone has right", () => {
    const first = [1, 1, 1, 1, 1, 0, 1, 0];
    const second = [0, 0, 0, 0, 0, 1, 1, 0];
    // 5 against 1: 2 (1 + 6) / 2^6
    const { firstOnly, secondOnly, pValue } = mcnemarTest(first, second);
    expect([firstOnly, secondOnly]).toEqual([5, 1]);
    expect(pValue).toBeCloseTo(14 / 64, 15);
    expect(mcnemarTest([1, 0], [1, 0]).pValue).toBe(1);
  });

  test("holds for thousands of rows", () => {
    const first = Array.from({ length: 3000 }, (_, i) => Number(i < 1600));
    // scipy.stats.binomtest(1400, 3000).pvalue
    expect(
      mcnemarTest(
        first,
        first.map((mark) => 1 - mark),
      ).pValue,
    ).toBeCloseTo(0.00027856396103923366, 14);
  });
});

describe("pairedDifference", () => {
  test("finds a difference that is there and none that is not", () => {
    const random = createRandom("paired test");
    const second = Array.from({ length: 50 }, () => random.normal());
    const better = second.map((value) => value + 0.3 + 0.1 * random.normal());
    const same = second.map((value) => value + 0.1 * random.normal());
    const sure = pairedDifference(better, second, { seed: "1" });
    expect(sure.interval[0]).toBeGreaterThan(0.2);
    expect(sure.pValue).toBeLessThan(0.001);
    expect(pairedDifference(same, second, { seed: "1" }).pValue).toBeGreaterThan(0.05);
  });

  test("of no differences at all has a p-value of 1", () => {
    expect(pairedDifference([1, 2], [1, 2], { seed: "1" })).toEqual({
      value: 0,
      interval: [0, 0],
      pValue: 1,
    });
  });
});

import { expect, test } from "vitest";
import { RunningStatistics, seenDeviation } from "../../src/math/running-statistics.js";

test("two batches give the mean and variance of all rows together", () => {
  const statistics = new RunningStatistics(2);
  statistics.update(Float32Array.from([1, 10, 3, 20]), 2);
  statistics.update(Float32Array.from([5, 60, 7, 10, 9, 0]), 3);
  // column 0: 1 3 5 7 9 -> mean 5, variance (16+4+0+4+16)/5 = 8; column 1: 10 20 60 10 0 -> mean 20, variance 440
  expect(statistics.mean[0]).toBeCloseTo(5, 3);
  expect(statistics.variance[0]).toBeCloseTo(8, 2);
  expect(statistics.mean[1]).toBeCloseTo(20, 2);
  expect(statistics.variance[1]).toBeCloseTo(440, 1);
});

test("normalize shifts, scales and clips each column", () => {
  const statistics = new RunningStatistics(3);
  statistics.restore({ count: 5, mean: [1, 0, 0], variance: [4, 1, 1e-10] });
  const target = new Float32Array(3);
  statistics.normalize(Float32Array.from([5, -3, 1]), target, 1);
  expect([...target]).toEqual([2, -3, 10]);
});

test("a restored copy continues with the same bits", () => {
  const statistics = new RunningStatistics(1);
  statistics.update(Float32Array.from([0.1, 0.7, 0.3]), 3);
  const copy = new RunningStatistics(1);
  copy.restore(JSON.parse(JSON.stringify(statistics.state())));
  statistics.update(Float32Array.from([0.9]), 1);
  copy.update(Float32Array.from([0.9]), 1);
  expect(copy.state()).toEqual(statistics.state());
});

test("a floor adds its square to the variance that a column is divided by", () => {
  const statistics = new RunningStatistics(2, [3, 0.5]);
  statistics.restore({ count: 5, mean: [0, 0], variance: [25, 0.25], floor: [3, 0.5], seen: [16, 0] });
  expect([statistics.scale(0), statistics.scale(1)]).toEqual([1 / 5, 2]);
  const target = new Float32Array(2);
  statistics.normalize(Float32Array.of(10, 1), target, 1);
  expect([...target]).toEqual([2, 2]);
});

test("what a state calls its variance is what columns are divided by, the floor included; restored it goes on the same", () => {
  const statistics = new RunningStatistics(2, [0.01, 1e-4]);
  statistics.update(Float32Array.of(0.5, 1, 0.5, 3), 2);
  const state = statistics.state();
  for (const column of [0, 1])
    expect(1 / Math.sqrt(state.variance[column]! + 1e-8)).toBeCloseTo(statistics.scale(column), 9);
  expect(state.variance[1]).toBe(state.seen![1]);
  const copy = new RunningStatistics(2);
  copy.restore(JSON.parse(JSON.stringify(state)));
  expect(copy.state()).toEqual(state);
  expect([copy.scale(0), copy.scale(1)]).toEqual([statistics.scale(0), statistics.scale(1)]);
});

test("a state from before there were floors goes on dividing as it did", () => {
  const statistics = new RunningStatistics(1, [0.01]);
  statistics.restore({ count: 5, mean: [0], variance: [0] });
  expect(statistics.scale(0)).toBeCloseTo(1e4, 6);
});

test("the deviation seen leaves the prior out", () => {
  const statistics = new RunningStatistics(2);
  expect(seenDeviation(statistics.state(), 0)).toBeNaN();
  // 1000 1002 1004: variance 8/3; a constant: none
  statistics.update(Float32Array.of(1000, 7, 1002, 7, 1004, 7), 3);
  expect(seenDeviation(statistics.state(), 0)).toBeCloseTo(Math.sqrt(8 / 3), 6);
  expect(seenDeviation(statistics.state(), 1)).toBeCloseTo(0, 6);
});

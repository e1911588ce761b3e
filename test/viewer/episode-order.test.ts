// Which episodes are listed first.
import { expect, test } from "vitest";
import { bestEpisode, listedEpisodes } from "../../viewer/episode-order.js";

const items = [
  { name: "a", seed: "10", return: 5, length: 30, success: true },
  { name: "b", seed: "9", return: -2, length: 50, success: false },
  { name: "c", seed: "110", return: 7, length: 20, success: true },
  { name: "d" },
];
const names = (order: "newest" | "slowest" | "lowest" | "highest" | "seed", more = {}) =>
  listedEpisodes(items, { outcome: "all", order, seed: "", ...more })
    .map(({ name }) => name)
    .join("");

test("episodes are ordered by time, length, return and seed; what is unknown comes last", () => {
  expect(names("newest")).toBe("dcba");
  expect(names("slowest")).toBe("bacd");
  expect(names("lowest")).toBe("bacd");
  expect(names("highest")).toBe("cabd");
  expect(names("seed", { outcome: "success" })).toBe("ac");
});

test("outcome and seed leave episodes out", () => {
  expect(names("newest", { outcome: "failure" })).toBe("b");
  expect(names("newest", { seed: "10" })).toBe("ca");
});

test("a run begins with its best success, else with the newest episode", () => {
  expect(bestEpisode(items)).toBe("c");
  expect(bestEpisode(items.slice(1, 2))).toBe("b");
  expect(bestEpisode([])).toBeUndefined();
});

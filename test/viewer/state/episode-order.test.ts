// Which episodes are listed first.
import { expect, test } from "vitest";
import { bestEpisode, listedEpisodes } from "../../../viewer/state/episode-order.js";

const items = [
  { name: "a", seed: "10", return: 5, length: 30, success: true, successTime: 0.4 },
  { name: "b", seed: "9", return: -2, length: 50, success: false, successTime: 2 },
  { name: "c", seed: "110", return: 7, length: 20, success: true, successTime: 0.9 },
  { name: "d" },
];
const names = (order: "newest" | "slowest" | "lowest" | "highest" | "seed", more = {}) =>
  listedEpisodes(items, { outcome: "all", order, seed: "", ...more })
    .map(({ name }) => name)
    .join("");

test("episodes are ordered by time, time to success, return and seed; what is unknown comes last", () => {
  expect(names("newest")).toBe("dcba");
  // an episode that was solved for a while and then not has no time to success
  expect(names("slowest")).toBe("cadb");
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

// Two policies on the seeds that both met.
import { expect, test } from "vitest";
import type { RunItem } from "../../../src/recording/run-events.js";
import { compareOutcomes, policiesOf } from "../../../viewer/compare/outcome-table.js";

const run = (name: string, episodes: RunItem["episodes"]): RunItem => ({
  run: name,
  config: { env: "Reach-v1", agent: "ppo-mlp" },
  created: 0,
  evaluation: null,
  episodes,
});
const episode = (steps: number, seed: string, success: boolean, total: number) => ({
  name: `step-${String(steps).padStart(8, "0")}-seed-${seed}.mcap`,
  seed,
  success,
  return: total,
  length: 5,
});

test("episodes are sorted by run and steps, and outcomes are counted seed by seed", () => {
  const runs = [
    run("one", [
      episode(0, "10", false, 1),
      episode(0, "9", true, 3),
      episode(0, "4", false, 0),
      episode(2048, "9", true, 4),
      { name: "dump-1-seed-9.mcap", seed: "9" },
    ]),
    run("two", [episode(0, "9", true, 5), episode(0, "10", true, 2), episode(0, "77", true, 9)]),
  ];
  const policies = policiesOf(runs, new Map([["one", "Reach-v1 · seed 1"]]));
  expect(policies.map(({ label }) => label)).toEqual([
    "0 steps · Reach-v1 · seed 1",
    "2,048 steps · Reach-v1 · seed 1",
    "0 steps · two",
  ]);
  const table = compareOutcomes(policies[0]!, policies[2]!);
  expect(table.rows.map(({ seed }) => seed)).toEqual(["9", "10"]);
  expect(table.counts).toEqual({ both: 1, onlyA: 0, onlyB: 1, neither: 0 });
  expect(table.returnGain).toBe(1.5);
  expect(compareOutcomes(policies[1]!, { ...policies[2]!, bySeed: new Map() })).toMatchObject({
    rows: [],
    returnGain: 0,
  });
});

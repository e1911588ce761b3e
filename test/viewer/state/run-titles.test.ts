// What runs are called.
import { expect, test } from "vitest";
import type { RunItem } from "../../../src/recording/run-events.js";
import { runTitles } from "../../../viewer/state/run-titles.js";

const run = (name: string, more: Partial<RunItem> = {}): RunItem => ({
  run: name,
  config: { env: "PickPlace-v1", agent: "ppo-mlp", seed: 1 },
  created: new Date(2026, 10, 24, 22, 18).getTime(),
  evaluation: null,
  episodes: [],
  ...more,
});

test("a run is called by environment, agent, robot, seed and success, and told apart from its like", () => {
  const titles = runTitles([
    run("solved", { evaluation: { successRate: 0.9949, episodes: 200, steps: 1 } }),
    run("ur5e", {
      config: { env: "Push-v1", agent: "ppo-lstm", seed: 7, envConfig: { robot: "ur5e" } },
      evaluation: { successRate: 1, episodes: 200, steps: 1 },
    }),
    run("first"),
    run("later", { created: new Date(2026, 10, 25, 8, 5).getTime() }),
    run("twin"),
    run("demos.mcap", { config: null }),
    run("fit", {
      config: null,
      fit: {
        predictor: "classifier-cnn",
        data: "digits",
        seed: 2,
        validation: { metric: "accuracy", value: 0.98765, epoch: 3, rows: 100 },
      },
    }),
    run("begun", { config: null, fit: { predictor: "mine", data: "engines", seed: 1 } }),
  ]);
  expect(Object.fromEntries(titles)).toEqual({
    solved: "PickPlace-v1 · ppo-mlp · seed 1 · 99.5 %",
    ur5e: "Push-v1 · ppo-lstm · ur5e · seed 7 · 100 %",
    first: "PickPlace-v1 · ppo-mlp · seed 1 · 24 Nov, 22:18 · first",
    later: "PickPlace-v1 · ppo-mlp · seed 1 · 25 Nov, 08:05",
    twin: "PickPlace-v1 · ppo-mlp · seed 1 · 24 Nov, 22:18 · twin",
    "demos.mcap": "demos.mcap",
    fit: "digits · classifier-cnn · seed 2 · accuracy 98.77 %",
    begun: "engines · mine · seed 1",
  });
});

// What the command line makes of a run, and which settings runs are resolved to.
import { test } from "vitest";
import { openGolden } from "./golden.js";
import { ENV_IDS } from "./play.js";
import { BEGINNINGS, resolve, runByCommands } from "./run-tiny.js";

const golden = openGolden(new URL("runs.json", import.meta.url));

test.each([1, 2])("train, eval and export with seed %d", async (seed) => {
  golden.check("train, eval and export of Reach-v1", seed, await runByCommands(seed));
});

test.each([
  ["ppo-mlp", BEGINNINGS],
  // a memory is neither cloned from demonstrations nor, without further settings, taught
  ["ppo-lstm", ["plain", "randomised"]],
  ["ppo-cnn-lstm", ["plain", "randomised", "taught"]],
] as const)("resolved settings of %s", async (agent, beginnings) => {
  for (const env of ENV_IDS) {
    for (const beginning of beginnings)
      golden.check(`${agent} on ${env}, ${beginning}`, 1, await resolve(agent, env, beginning));
  }
});

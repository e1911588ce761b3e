// Is PickPlace-v1 learned where everything is randomised, and how does a policy do there that was trained without?
import type { BenchRow } from "../../src/cli/bench-command.js";
import { learn } from "./learn.js";

const RANDOMIZED = { randomization: "default" };

/** Train three seeds with and three without randomisation, and measure all of them in randomised episodes. */
export async function run(): Promise<BenchRow[]> {
  return [
    ...(await learn("PickPlace-v1", { overrides: RANDOMIZED, variant: "randomised" })),
    ...(await learn("PickPlace-v1", {
      measuredWith: RANDOMIZED,
      variant: "randomised, trained without",
    })),
  ];
}

// Does memory pay where a task needs it? Each task with an LSTM and, beside it, the same network without.
import type { BenchRow } from "../../src/cli/bench-command.js";
import { learn } from "./learn.js";

/** Train the three memory tasks by ppo-lstm, with three seeds where memory has to prove itself and one without it. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const env of ["RememberGoal-v1", "Occluded-v1", "HiddenMass-v1"]) {
    rows.push(...(await learn(env, { agent: "ppo-lstm" })));
    const overrides = { memory: "none" };
    rows.push(...(await learn(env, { agent: "ppo-lstm", overrides, variant: "without-memory", seeds: [1] })));
  }
  return rows;
}

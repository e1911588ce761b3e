// Stable-Baselines3's SAC with hindsight experience replay on our goal-conditioned environments: success of held-out episodes.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { sb3Rows } from "./sb3.js";

/** Train Reach-v1, well within 30,000 steps, and, to be reported, Push-v1 for as long as a bench may take. */
export async function run(): Promise<BenchRow[]> {
  return sb3Rows("sb3-her.py", [
    { env: "Reach-v1", algorithm: "SAC with HER", steps: 15_000, seeds: [1, 2, 3] },
    { env: "Push-v1", algorithm: "SAC with HER", steps: 25_000, seeds: [1] },
  ]);
}

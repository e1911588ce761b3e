// Stable-Baselines3's PPO on PickPlace-v1, our environments behind its VecEnv: success of held-out episodes, 3 seeds. Minutes.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { sb3Rows } from "./sb3.js";

/** Train within 400,000 steps. */
export async function run(): Promise<BenchRow[]> {
  return sb3Rows("sb3-ppo.py", [{ env: "PickPlace-v1", algorithm: "PPO", steps: 400_000, seeds: [1, 2, 3] }]);
}

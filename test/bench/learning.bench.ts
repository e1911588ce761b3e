// Are the quick tasks learned by PPO alone? Three seeds each, 200 held-out episodes, curves as CSV.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { learn } from "./learn.js";

/** Train Reach-v1 and PickPlace-v1; the others have benchmarks of their own. */
export async function run(): Promise<BenchRow[]> {
  return [...(await learn("Reach-v1")), ...(await learn("PickPlace-v1"))];
}

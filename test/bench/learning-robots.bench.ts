// Is PickPlace-v1 learned on other arms from 200 scripted demonstrations, by the same settings? By PPO alone: robots.bench.ts.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { learn } from "./learn.js";

/** Train three seeds on each of two arms. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const robot of ["ur5e", "so101"]) {
    const options = { overrides: { robot }, variant: `on-${robot}`, demonstrations: 200 };
    rows.push(...(await learn("PickPlace-v1", options)));
  }
  return rows;
}

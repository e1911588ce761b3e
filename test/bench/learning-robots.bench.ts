// Is PickPlace-v1 learned on other arms by the same settings, by PPO alone and from 200 scripted demonstrations?
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { learn } from "./learn.js";

/** Train three seeds on each of two arms, in both ways. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const robot of ["ur5e", "so101"])
    for (const way of [{}, { demonstrations: 200 }])
      rows.push(...(await learn("PickPlace-v1", { overrides: { robot }, variant: `on-${robot}`, ...way })));
  return rows;
}

// Is PickPlace-v1 learned on other arms by the same settings?
import type { BenchRow } from "../../src/cli/bench-command.js";
import { learn } from "./learn.js";

/** Train three seeds on each of two arms. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const robot of ["ur5e", "so101"])
    rows.push(...(await learn("PickPlace-v1", { overrides: { robot }, variant: `on-${robot}` })));
  return rows;
}

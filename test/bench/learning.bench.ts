// Are the tasks learned? Three seeds each, 200 held-out episodes, curves as CSV.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/bench-command.js";
import { DEFAULT_WORKERS, startTraining } from "../../src/cli/training-session.js";
import { ProgressLine } from "../../src/log/progress-line.js";

const SEEDS = [1, 2, 3];
const CURVES = fileURLToPath(new URL("../../../test/bench/results/curves/", import.meta.url));

/** Train with the defaults of `armgym train` and list success, steps and time of each seed. */
export async function run(): Promise<BenchRow[]> {
  const out = mkdtempSync(join(tmpdir(), "armgym-learning-"));
  const progress = new ProgressLine(process.stderr);
  const rows: BenchRow[] = [];
  mkdirSync(CURVES, { recursive: true });
  const alone = { against: null, ratio: null };
  for (const env of ["Reach-v1", "PickPlace-v1"]) {
    const rates: number[] = [];
    for (const seed of SEEDS) {
      const request = {
        env,
        agent: "ppo-mlp",
        seed,
        workers: DEFAULT_WORKERS,
        engine: "native",
        out,
        overrides: {},
      };
      const outcome = (await startTraining(request, { progress }))!;
      const name = `${env}, seed ${seed}`;
      rates.push(outcome.successRate);
      rows.push({
        what: `${name}: success of 200 held-out episodes`,
        value: 100 * outcome.successRate,
        unit: "%",
        ...alone,
      });
      rows.push({ what: `${name}: environment steps`, value: outcome.steps, unit: "steps", ...alone });
      rows.push({ what: `${name}: wall clock`, value: 60 * outcome.minutes, unit: "s", ...alone });
      const curve = join(outcome.run, "progress.csv");
      if (existsSync(curve)) copyFileSync(curve, join(CURVES, `${env}-seed-${seed}.csv`));
    }
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    rows.push({ what: `${env}: mean success`, value: 100 * mean, unit: "%", ...alone });
  }
  rmSync(out, { recursive: true, force: true });
  return rows;
}

// Stable-Baselines3 learning our tasks through the bridge: its scripts, seed by seed, and the rows of what came of it.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { TEST_EPISODES, TEST_SEED } from "../../src/rl/evaluation-seeds.js";
import { pythonClient } from "../../src/serve/python-client.js";
import { pythonWith } from "./python-peer.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

/** What is learned, by whom. */
export interface Sb3Training {
  readonly env: string;
  /** What trains, for the rows: "PPO". */
  readonly algorithm: string;
  /** Environment steps. */
  readonly steps: number;
  readonly seeds: readonly number[];
}

/** What a script prints as its last line. */
interface Outcome {
  /** Of the held-out episodes, 0 to 1. */
  readonly success: number;
  readonly steps: number;
  /** s */
  readonly seconds: number;
  /** Python's and Node's, s. */
  readonly processorSeconds: number;
  readonly version: string;
}

/**
 * Train with a script of this folder, all seeds side by side, and return the rows; none where there is no Python to be had. What
 * each takes is its processor time: the wall clock runs for the others, too.
 *
 * The script is called with the folder of armgym_gym.py, Node, the command line's main file, environment, seed, steps, and the
 * first seed and the number of held-out episodes. What it says on its way goes to stderr.
 */
export async function sb3Rows(script: string, trainings: readonly Sb3Training[]): Promise<BenchRow[]> {
  // sb3-contrib brings Stable-Baselines3 along
  const python = pythonWith("sb3-contrib", "sb3_contrib");
  if (python === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), "armgym-sb3-"));
  writeFileSync(join(folder, "armgym_gym.py"), pythonClient(Object.keys(envs)));
  const file = fileURLToPath(new URL(`../../../test/bench/${script}`, import.meta.url));
  try {
    const rows = trainings.map(async (training) => {
      const outcomes = training.seeds.map((seed) => {
        const numbers = [seed, training.steps, TEST_SEED, TEST_EPISODES].map(String);
        return runScript(python, [file, folder, process.execPath, MAIN, training.env, ...numbers]);
      });
      return rowsOf(training, await Promise.all(outcomes));
    });
    return (await Promise.all(rows)).flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runScript(python: string, args: readonly string[]): Promise<Outcome> {
  const running = promisify(execFile)(python, args);
  running.child.stderr?.pipe(process.stderr);
  const { stdout } = await running;
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Outcome;
}

function rowsOf({ env, algorithm, seeds }: Sb3Training, outcomes: readonly Outcome[]): BenchRow[] {
  const title = `${env} by ${algorithm} of ${outcomes[0]!.version}`;
  const row = (what: string, value: number, unit: string): BenchRow => ({
    what: `${title}${what}`,
    value,
    unit,
    against: null,
    ratio: null,
  });
  const mean = outcomes.reduce((sum, { success }) => sum + success, 0) / outcomes.length;
  return [
    ...outcomes.flatMap(({ success, steps, seconds, processorSeconds }, index) => {
      const seed = `, seed ${seeds[index]}`;
      return [
        row(`${seed}: success of ${TEST_EPISODES} held-out episodes`, 100 * success, "%"),
        row(`${seed}: environment steps`, steps, "steps"),
        row(`${seed}: wall clock`, seconds, "s"),
        row(`${seed}: processor time`, processorSeconds, "s"),
      ];
    }),
    row(": mean success", 100 * mean, "%"),
  ];
}

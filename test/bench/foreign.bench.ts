// An environment of Python's Gymnasium trained by our PPO and by Stable-Baselines3's, by the same settings, one after the other. Linux.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { parseGymnasiumName } from "../../src/gymnasium/gymnasium-id.js";
import { ProgressLine } from "../../src/log/progress-line.js";
import { TEST_EPISODES, TEST_SEED } from "../../src/rl/evaluation-seeds.js";
import { PPO_DEFAULTS } from "../../src/rl/ppo/ppo-settings.js";
import { createRunFolder } from "../../src/runs/training-request.js";
import { startTraining } from "../../src/runs/training-session.js";
import { pythonWith, runPython } from "./python-peer.js";

const SCRIPT = fileURLToPath(new URL("../../../test/bench/foreign_sb3.py", import.meta.url));
const ENV = "gym:panda_gym:PandaReachDense-v3";
const SEEDS = [1, 2, 3];
/** Of both, as far as both have them: ours also adapts its learning rate to the KL divergence, and validates four times. */
const SETTINGS = {
  ...PPO_DEFAULTS,
  totalSteps: 32_768,
  numEnvs: 16,
  evalInterval: 8192,
  validationEpisodes: 32,
  settledSuccess: 2,
};
const CORES = 2;
const TICKS_PER_SECOND = 100;

interface Ours {
  readonly success: number;
  readonly steps: number;
  readonly wall: number;
  readonly processor: number;
}

/** What the script prints. */
interface Theirs {
  readonly success: number;
  readonly wall: number;
  readonly processor: number;
  readonly version: string;
}

/** Train by each, seed by seed, and measure both on the same held-out seeds. */
export async function run(): Promise<BenchRow[]> {
  const python = pythonWith("panda-gym", "panda_gym, stable_baselines3", ["stable-baselines3"]);
  if (python === undefined) return [];
  process.env.PYTHON = python;
  const rows: BenchRow[] = [];
  for (const seed of SEEDS) {
    const ours = await trainOurs(seed);
    const theirs = trainTheirs(python, seed);
    const peer = `Stable-Baselines3 ${theirs.version} PPO, the same run`;
    const add = (what: string, unit: string, value: number, other: number) =>
      rows.push({
        what: `${ENV}, seed ${seed}: ${what}`,
        value,
        unit,
        against: unit === "s" ? peer : null,
        ratio: unit === "s" ? other / value : null,
        others: { "Stable-Baselines3": other },
      });
    add(`success of ${TEST_EPISODES} held-out episodes`, "%", 100 * ours.success, 100 * theirs.success);
    add("environment steps", "steps", ours.steps, SETTINGS.totalSteps);
    add("wall clock of the training", "s", ours.wall, theirs.wall);
    add("processor time of the training, Python's included", "s", ours.processor, theirs.processor);
  }
  return rows;
}

async function trainOurs(seed: number): Promise<Ours> {
  const out = mkdtempSync(join(tmpdir(), "armgym-foreign-"));
  const before = processorSeconds();
  let processor = 0;
  const onTrainingEnd = () => {
    // of children that have ended since, nothing is known
    for (const [who, seconds] of processorSeconds()) processor += seconds - (before.get(who) ?? 0);
  };
  try {
    const folder = await createRunFolder({ env: ENV, seed, workers: CORES, out, settings: SETTINGS });
    const outcome = (await startTraining(folder, {
      progress: new ProgressLine(process.stderr),
      // the threads and their Python processes are still there; the held-out episodes come after it
      callbacks: [{ onTrainingEnd }],
    }))!;
    return {
      success: outcome.successRate,
      steps: outcome.steps,
      wall: 60 * outcome.minutes,
      processor,
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Of this process and of each of its children, so far, by process id. */
function processorSeconds(): ReadonlyMap<number, number> {
  const { user, system } = process.cpuUsage();
  const children = readdirSync("/proc").flatMap((name): [number, number][] => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]!.split(" ");
      const [parent, userTicks, systemTicks] = [fields[1], fields[11], fields[12]].map(Number);
      return parent === process.pid ? [[Number(name), (userTicks! + systemTicks!) / TICKS_PER_SECOND]] : [];
    } catch {
      // no process, or one that has ended meanwhile
      return [];
    }
  });
  return new Map([[process.pid, (user + system) / 1e6], ...children]);
}

function trainTheirs(python: string, seed: number): Theirs {
  const { id, module = "gymnasium" } = parseGymnasiumName(ENV);
  const settings = {
    ...SETTINGS,
    threads: CORES,
    episodes: TEST_EPISODES,
    firstSeed: TEST_SEED,
  };
  return JSON.parse(
    runPython(python, SCRIPT, [module, id, String(seed), JSON.stringify(settings)]),
  ) as Theirs;
}

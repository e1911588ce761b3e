// Environments stepped from Python's Gymnasium, beside the same in Node; two server processes beside one. Linux, two free cores.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { VecEnv } from "../../src/env/vec-env.js";
import { createRandom } from "../../src/math/random.js";
import { pythonClient } from "../../src/serve/python-client.js";
import { measureAlone, median } from "./child.js";
import { pythonWith, runPython } from "./python-peer.js";

const SCRIPT = fileURLToPath(new URL("../../../test/bench/bridge.py", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));
const ROUNDS = 5;
const STEPS = 20_000;
const SIZES = [32, 8, 1];

/** What the script prints. */
interface Bridged {
  readonly perProcessorSecond: number;
  /** Share of the processor time that Python took. */
  readonly python: number;
  readonly perSecond: number;
}

/** Measure each in processes of their own, turn by turn; medians, and the median of the ratios of each turn. */
export async function run(): Promise<BenchRow[]> {
  const python = pythonWith("gymnasium", "gymnasium");
  if (python === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), "armgym-bridge-"));
  writeFileSync(join(folder, "armgym_gym.py"), pythonClient(Object.keys(envs)));
  const bridged = (numEnvs: number, numProcesses: number) => {
    const numbers = [numEnvs, numProcesses, STEPS].map(String);
    return JSON.parse(runPython(python, SCRIPT, [folder, process.execPath, MAIN, ...numbers])) as Bridged;
  };
  try {
    return [...SIZES.map((size) => besideNode(size, bridged)), twoProcesses(bridged)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measure = (numEnvs: number, numProcesses: number) => Bridged;

function besideNode(numEnvs: number, bridged: Measure): BenchRow {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    there: bridged(numEnvs, 1),
    here: measureAlone(import.meta.url, String(numEnvs)),
  }));
  const share = median(rounds.map(({ there }) => there.python));
  return {
    what: `PickPlace-v1 stepped from Python's Gymnasium, ${numEnvs} in a batch; ${Math.round(100 * share)} % of the time in Python`,
    value: median(rounds.map(({ there }) => there.perProcessorSecond)),
    unit: "steps per second of processor time, Python's and Node's",
    against: "the same batch in Node, no Python",
    ratio: median(rounds.map(({ there, here }) => there.perProcessorSecond / here)),
    others: { "in Node": median(rounds.map(({ here }) => here)) },
  };
}

function twoProcesses(bridged: Measure): BenchRow {
  const rounds = Array.from({ length: ROUNDS }, () => ({ one: bridged(32, 1), two: bridged(32, 2) }));
  return {
    what: "PickPlace-v1 stepped from Python's Gymnasium, 32 in a batch, by two server processes",
    value: median(rounds.map(({ two }) => two.perSecond)),
    unit: "steps per second",
    against: "one server process, the same run",
    ratio: median(rounds.map(({ one, two }) => two.perSecond / one.perSecond)),
    others: { "one process": median(rounds.map(({ one }) => one.perSecond)) },
  };
}

/** Step a batch in this process with random actions; returns steps per second of processor time. */
function stepsPerProcessorSecond(numEnvs: number): number {
  const group = new VecEnv(envs["PickPlace-v1"], {}, { runSeed: 1, firstIndex: 0, numEnvs });
  const random = createRandom("bridge");
  const actions = Array.from({ length: 997 }, () =>
    Float32Array.from({ length: numEnvs * group.actionSize }, () => random.uniform(-1, 1)),
  );
  const run = (steps: number) => {
    for (let k = 0; k < steps / numEnvs; k++) group.step(actions[k % actions.length]!);
  };
  // V8 compiles hot code meanwhile
  run(STEPS / 2);
  const start = process.cpuUsage();
  run(STEPS);
  const { user, system } = process.cpuUsage(start);
  return (1e6 * STEPS) / (user + system);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(stepsPerProcessorSecond(Number(process.argv[2])));
}

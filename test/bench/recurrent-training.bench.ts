// Training from pictures with memory, beside sb3-contrib's RecurrentPPO in the same run: steps per second of processor time.
import { fileURLToPath } from "node:url";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { train } from "../../src/rl/trainer.js";
import { measureAlone, median } from "./child.js";
import { pythonWith, runPython } from "./python-peer.js";

const SCRIPT = fileURLToPath(new URL("../../../test/bench/recurrent-training-sb3.py", import.meta.url));
const ROUNDS = 3;
const ITERATIONS = 3;
/** The same network and amounts as the script's "same": Nature-CNN to 128 numbers, LSTM 128, 8 x 128 steps, 4 epochs of 256. */
const SAME_SIZES = {
  encoder: "nature",
  hiddenSize: 128,
  numEnvs: 8,
  envsPerGroup: 8,
  numSteps: 128,
  numMinibatches: 4,
  numEpochs: 4,
};
/** What a process of its own measures, by its argument. */
const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  same: SAME_SIZES,
  default: {},
};

/** Measure each three times, turn by turn, in processes of their own; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const python = pythonWith("sb3-contrib", "sb3_contrib");
  const rounds = Array.from({ length: ROUNDS }, () => ({
    same: beside(python, "same"),
    default: beside(python, "default"),
  }));
  const what = "training Reach-v1 from one 64 x 64 camera with memory, physics and pictures included";
  return [
    row(
      `${what}: the peer's network sizes`,
      rounds.map(({ same }) => same),
    ),
    row(
      `${what}: both libraries' defaults`,
      rounds.map((round) => round.default),
    ),
  ];
}

interface Pair {
  readonly ours: number;
  readonly theirs?: number;
  readonly version?: string;
}

function beside(python: string | undefined, configuration: string): Pair {
  const ours = measureAlone(import.meta.url, configuration);
  if (python === undefined) return { ours };
  const [version, theirs] = runPython(python, SCRIPT, [configuration, String(ITERATIONS)]).split(" ");
  return { ours, theirs: Number(theirs), version: version! };
}

function row(what: string, pairs: readonly Pair[]): BenchRow {
  const value = median(pairs.map(({ ours }) => ours));
  const version = pairs[0]?.version;
  if (version === undefined) return { what, value, unit: "steps/s", against: null, ratio: null };
  const theirs = median(pairs.map((pair) => pair.theirs!));
  return {
    what,
    value,
    unit: "steps/s",
    against: `RecurrentPPO of sb3-contrib ${version} on an environment that costs nothing, one thread, the same run`,
    ratio: value / theirs,
    others: { RecurrentPPO: theirs },
  };
}

async function stepsPerSecond(settings: Readonly<Record<string, unknown>>): Promise<number> {
  let start = process.cpuUsage();
  let first = 0;
  const { state } = await train({
    env: envs["Reach-v1"],
    agent: agents["ppo-cnn-lstm"],
    seed: 1,
    envConfig: { observationMode: "camera", cameras: ["front"] },
    // no validation before the end, and the end is never reached
    settings: { ...settings, totalSteps: 1_000_000, evalInterval: 1_000_000 },
    onIteration({ iteration, steps }) {
      // the first starts up what the others use
      if (iteration > 1) return iteration > ITERATIONS ? "stop" : undefined;
      first = steps;
      start = process.cpuUsage();
      return undefined;
    },
  });
  const { user, system } = process.cpuUsage(start);
  return (1e6 * (state.steps - first)) / (user + system);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , configuration = ""] = process.argv;
  console.log(await stepsPerSecond(CONFIGURATIONS[configuration]!));
}

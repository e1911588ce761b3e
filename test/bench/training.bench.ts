// Training end to end: steps per second of PickPlace-v1 with one worker and with two, and of Reach-v1 from pictures.
import { fileURLToPath } from "node:url";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/bench-command.js";
import { localPool } from "../../src/rl/local-pool.js";
import { train } from "../../src/rl/trainer.js";
import { workerPool } from "../../src/rl/workers/worker-pool.js";
import { measureAlone, median } from "./child.js";

const ENV = "PickPlace-v1";
const AGENT = "ppo-mlp";
const STEPS = 204_800;
/** From the pictures of one camera, 64 x 64: physics and drawing included. */
const SEEING_ENV = "Reach-v1";
const SEEING_AGENT = "ppo-cnn-lstm";
/** Counted from the end of the first iteration, which starts up what the others use, to that of the last. */
const SEEING_ITERATIONS = 8;
/** What sb3-contrib's RecurrentPPO reached on a core of another machine, 8 environments x 128 steps, minibatches of 256, 4 epochs. */
const RECURRENT_PPO_STEPS_PER_SECOND = 306;

/** Measure three times each, in processes of their own, turn by turn; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const rounds = [1, 2, 3].map(() => ({
    one: measureAlone(import.meta.url, "1"),
    two: measureAlone(import.meta.url, "2"),
    bare: measureAlone(import.meta.url, "bare"),
    pictures: measureAlone(import.meta.url, "pictures"),
  }));
  const middle = (name: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[name]));
  const [single, double, pictures] = [middle("one"), middle("two"), middle("pictures")];
  return [
    {
      what: "training PickPlace-v1, one worker, validation included",
      value: single,
      unit: "steps/s",
      against: null,
      ratio: null,
    },
    {
      what: "the same, rollouts and updates alone",
      value: middle("bare"),
      unit: "steps/s",
      against: null,
      ratio: null,
    },
    {
      what: "training PickPlace-v1, two workers, validation included",
      value: double,
      unit: "steps/s",
      against: "one worker",
      ratio: double / single,
    },
    {
      what: "training Reach-v1 from one 64 x 64 camera, patch encoder + LSTM 64, rollouts with physics and pictures and updates, per second of processor time",
      value: pictures,
      unit: "steps/s",
      against:
        "sb3-contrib's RecurrentPPO, Nature-CNN + LSTM 128, an environment that costs nothing, on another machine: 306 steps/s",
      ratio: pictures / RECURRENT_PPO_STEPS_PER_SECOND,
    },
  ];
}

async function stepsPerSecond(workers: number): Promise<number> {
  const [env, agent] = [envs[ENV], agents[AGENT]];
  const module = (path: string) => new URL(path, import.meta.url).href;
  const start = performance.now();
  const { state } = await train({
    env,
    agent,
    seed: 1,
    settings: { totalSteps: STEPS },
    createPool: (plan) =>
      workers === 1
        ? localPool(plan, env, agent)
        : workerPool(
            plan,
            { module: module("../../envs/index.js"), id: ENV },
            { module: module("../../agents/index.js"), id: AGENT },
            workers,
          ),
  });
  return (1000 * state.steps) / (performance.now() - start);
}

/** Of rollouts and updates, which are all that other libraries' figures count. */
async function bareStepsPerSecond(): Promise<number> {
  let seconds = 0;
  const { state } = await train({
    env: envs[ENV],
    agent: agents[AGENT],
    seed: 1,
    settings: { totalSteps: STEPS, validationInterval: STEPS },
    onIteration({ metrics }) {
      seconds += metrics["time/rollout_seconds"]! + metrics["time/update_seconds"]!;
    },
  });
  return state.steps / seconds;
}

async function seeingStepsPerSecond(): Promise<number> {
  let start = process.cpuUsage();
  let first = 0;
  const { state } = await train({
    env: envs[SEEING_ENV],
    agent: agents[SEEING_AGENT],
    seed: 1,
    envConfig: { observationMode: "camera", cameras: ["front"] },
    // no validation before the end, and the end is never reached
    settings: { totalSteps: 1_000_000, validationInterval: 1_000_000 },
    onIteration({ iteration, steps }) {
      if (iteration > 1) return iteration > SEEING_ITERATIONS ? "stop" : undefined;
      first = steps;
      start = process.cpuUsage();
      return undefined;
    },
  });
  const { user, system } = process.cpuUsage(start);
  return (1e6 * (state.steps - first)) / (user + system);
}

/** What a process of its own measures, by its argument. */
const CONFIGURATIONS: Readonly<Record<string, () => Promise<number>>> = {
  "1": () => stepsPerSecond(1),
  "2": () => stepsPerSecond(2),
  bare: bareStepsPerSecond,
  pictures: seeingStepsPerSecond,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , configuration = ""] = process.argv;
  console.log(await CONFIGURATIONS[configuration]!());
}

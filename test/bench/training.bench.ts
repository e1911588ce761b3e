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
const SEEING_STEPS = 16_384;
/** What sb3-contrib's RecurrentPPO reached on a core of such a machine, 8 environments x 128 steps, minibatches of 256, 4 epochs. */
const RECURRENT_PPO_STEPS_PER_SECOND = 306;

/** Measure three times each, in processes of their own, turn by turn; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const [one, two, seeing]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < 3; round++) {
    one.push(measureAlone(import.meta.url, "1"));
    two.push(measureAlone(import.meta.url, "2"));
    seeing.push(measureAlone(import.meta.url, "pictures"));
  }
  const [single, double, pictures] = [median(one), median(two), median(seeing)];
  return [
    {
      what: "training PickPlace-v1, one worker, validation included",
      value: single,
      unit: "steps/s",
      against: null,
      ratio: null,
    },
    {
      what: "the same, two workers",
      value: double,
      unit: "steps/s",
      against: "one worker",
      ratio: double / single,
    },
    {
      what: "training Reach-v1 from one 64 x 64 camera, patch encoder + LSTM 64, physics and pictures included, per second of processor time",
      value: pictures,
      unit: "steps/s",
      against:
        "sb3-contrib's RecurrentPPO, Nature-CNN + LSTM 128, an environment that costs nothing: 306 steps/s",
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

async function seeingStepsPerSecond(): Promise<number> {
  const [env, agent] = [envs[SEEING_ENV], agents[SEEING_AGENT]];
  const start = process.cpuUsage();
  const { state } = await train({
    env,
    agent,
    seed: 1,
    envConfig: { observationMode: "camera", cameras: ["front"] },
    settings: { totalSteps: SEEING_STEPS },
    createPool: (plan) => localPool(plan, env, agent),
  });
  const { user, system } = process.cpuUsage(start);
  return (1e6 * state.steps) / (user + system);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , configuration] = process.argv;
  console.log(
    await (configuration === "pictures" ? seeingStepsPerSecond() : stepsPerSecond(Number(configuration))),
  );
}

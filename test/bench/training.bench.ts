// Training PickPlace-v1 end to end: steps per second with one worker and with two.
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

/** Measure three times each, in processes of their own, turn by turn; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    one.push(measureAlone(import.meta.url, "1"));
    two.push(measureAlone(import.meta.url, "2"));
  }
  const [single, double] = [median(one), median(two)];
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await stepsPerSecond(Number(process.argv[2])));
}

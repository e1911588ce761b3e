// Training end to end: steps per second of PickPlace-v1 with one worker and with two.
import { fileURLToPath } from "node:url";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { localPool } from "../../src/rl/rollout/local-pool.js";
import { workerPool } from "../../src/rl/rollout/workers/worker-pool.js";
import { train } from "../../src/rl/trainer.js";
import { measureAlone, median } from "./child.js";

const ENV = "PickPlace-v1";
const AGENT = "ppo-mlp";
const STEPS = 204_800;
/** Measure three times each, in processes of their own, turn by turn; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const rounds = [1, 2, 3].map(() => ({
    one: measureAlone(import.meta.url, "1"),
    two: measureAlone(import.meta.url, "2"),
    bare: measureAlone(import.meta.url, "bare"),
  }));
  const middle = (name: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[name]));
  const [single, double] = [middle("one"), middle("two")];
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
    settings: { totalSteps: STEPS, evalInterval: STEPS },
    onIteration({ metrics }) {
      seconds += metrics["time/rollout_seconds"]! + metrics["time/update_seconds"]!;
    },
  });
  return state.steps / seconds;
}

/** What a process of its own measures, by its argument. */
const CONFIGURATIONS: Readonly<Record<string, () => Promise<number>>> = {
  "1": () => stepsPerSecond(1),
  "2": () => stepsPerSecond(2),
  bare: bareStepsPerSecond,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , configuration = ""] = process.argv;
  console.log(await CONFIGURATIONS[configuration]!());
}

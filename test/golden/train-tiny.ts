// Everything that the golden tests of training call of the library; a change of its API touches this file alone.

import { agents, expertPolicy, experts, teachers } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { EngineName } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { joinEpisodes } from "../../src/recording/recording.js";
import { evaluatePolicy } from "../../src/rl/evaluate-policy.js";
import { TEST_SEED } from "../../src/rl/evaluation-seeds.js";
import { DISTILLATION_DEFAULTS } from "../../src/rl/imitation/dagger-settings.js";
import { type Demonstrations, demonstrationsFrom } from "../../src/rl/imitation/demonstrations.js";
import { policyWeights } from "../../src/rl/policy-model.js";
import type { PpoSettings } from "../../src/rl/ppo/ppo-settings.js";
import { pretrainEncoder } from "../../src/rl/pretraining/encoder-pretraining.js";
import { localPool } from "../../src/rl/rollout/local-pool.js";
import type { RolloutPool } from "../../src/rl/rollout/rollout-host.js";
import { type TrainOptions, train } from "../../src/rl/trainer.js";
import type { TrainedPolicy, TrainingState } from "../../src/rl/training-state.js";
import { nativeMachine, type Parts } from "./golden.js";
import type { EnvId } from "./play.js";

/** Which training, and by what engine. */
export interface Training {
  readonly seed: number;
  readonly engine: EngineName;
}

/** Enough to go through all that training does, and no more. */
const TINY: Partial<PpoSettings> = {
  totalSteps: 256,
  numEnvs: 8,
  envsPerGroup: 4,
  numSteps: 16,
  numEpochs: 2,
  numMinibatches: 2,
  hiddenSize: 16,
  evalInterval: 128,
  validationEpisodes: 4,
};
const MEMORY: Partial<PpoSettings> = { sequenceLength: 8, chronoSpan: 8 };
const SIGHT = { observationMode: "camera", cameras: [{ name: "front", width: 32, height: 16 }] };
const NUM_SCENES = 32;
const NUM_EVALUATED = 20;

type AgentId = keyof typeof agents;

async function trainTiny(
  env: EnvId,
  agent: AgentId,
  training: Training,
  settings: Partial<PpoSettings> = {},
  more: Partial<TrainOptions> = {},
): Promise<TrainingState> {
  const { state } = await train({
    env: envs[env],
    agent: agents[agent],
    ...training,
    settings: { ...TINY, ...settings },
    clock: () => 0,
    ...more,
  });
  return state;
}

/** What the bits of an engine depend on: WebAssembly gives the same on every machine, native kernels go by the processor. */
export async function machineOf(engine: string): Promise<string> {
  // where the native library is missing, "native" is "wasm"
  const { name } = await loadEngine(engine, () => {});
  return name === "native" ? nativeMachine() : name;
}

/** What training changes: the policy, its normaliser, the optimiser, the best policy, and the last episodes. */
export function partsOf(state: TrainingState): Parts {
  const { parameters, statistics, firstMoment, secondMoment, updates, learningRate, best, recent } = state;
  return {
    parameters,
    normalizer: numbersOf(statistics),
    optimizer: [firstMoment, secondMoment, [updates, learningRate]],
    best: best && [
      best.parameters,
      numbersOf(best.statistics),
      [best.steps, best.successRate, best.meanReturn],
    ],
    episodes: recent.map(({ length, return: sum, success }) => [length, sum, success ? 1 : 0]),
  };
}

function numbersOf({ count, mean, variance }: TrainedPolicy["statistics"]): number[] {
  return [count, ...mean, ...variance];
}

/** A few episodes of the expert's to learn from. */
export function demonstrate(id: EnvId, seed: number): Demonstrations {
  const env = envs[id].create();
  const actor = expertPolicy(experts[id], env.spec);
  const episodes = [0, 1, 2].map((k) =>
    recordDemonstration(env, actor, 10 * seed + k, { agent: "expert", noise: 0.2 }),
  );
  return demonstrationsFrom(joinEpisodes(episodes), "demonstrations", env.spec);
}

/** Teach a small image encoder to see. */
export async function pretrain({ seed, engine }: Training) {
  const { encoder, errors } = await pretrainEncoder({
    env: envs["PickPlace-v1"],
    envConfig: SIGHT,
    scenes: NUM_SCENES,
    seed,
    engine,
  });
  return {
    encoder,
    parts: {
      parameters: encoder.parts.map(({ name, values }) => [name, values]),
      errors: errors.map(({ error, spread }) => [error, spread]),
    } satisfies Parts,
  };
}

/** Every way of training, by what it is called in messages. */
export const TRAININGS: Readonly<Record<string, (training: Training) => Promise<TrainingState>>> = {
  "ppo-mlp on PickPlace-v1": (training) => trainTiny("PickPlace-v1", "ppo-mlp", training),
  "ppo-lstm on RememberGoal-v1": (training) => trainTiny("RememberGoal-v1", "ppo-lstm", training, MEMORY),
  "ppo-lstm with a GRU on RememberGoal-v1": (training) =>
    trainTiny("RememberGoal-v1", "ppo-lstm", training, { ...MEMORY, memory: "gru", burnIn: 4 }),
  "ppo-cnn-lstm on Reach-v1 from pictures": (training) =>
    trainTiny("Reach-v1", "ppo-cnn-lstm", training, { sequenceLength: 8 }, { envConfig: SIGHT }),
  "ppo-cnn-lstm with convolutions and a GRU on PickPlace-v1 from pictures": (training) =>
    trainTiny(
      "PickPlace-v1",
      "ppo-cnn-lstm",
      training,
      { sequenceLength: 8, memory: "gru", encoder: "nature", totalSteps: 128, numEpochs: 1 },
      { envConfig: { ...SIGHT, cameras: [{ name: "front", width: 48, height: 48 }] } },
    ),
  "ppo-cnn-lstm taught by the expert of PickPlace-v1 from pictures": (training) =>
    trainTiny(
      "PickPlace-v1",
      "ppo-cnn-lstm",
      training,
      {
        sequenceLength: 8,
        distillation: {
          ...DISTILLATION_DEFAULTS,
          numUpdates: 6,
          batchSize: 32,
          bufferSize: 192,
          teacherIterations: 2,
        },
      },
      { envConfig: SIGHT, teacher: teachers.expert },
    ),
  "ppo-mlp from demonstrations of PickPlace-v1": (training) =>
    trainTiny(
      "PickPlace-v1",
      "ppo-mlp",
      training,
      { bcEpochs: 4, criticWarmupIterations: 1 },
      { demonstrations: demonstrate("PickPlace-v1", training.seed) },
    ),
  "ppo-mlp from an earlier policy on PickPlace-v1": async (training) =>
    trainTiny(
      "PickPlace-v1",
      "ppo-mlp",
      training,
      { criticWarmupIterations: 1 },
      { start: await trainTiny("PickPlace-v1", "ppo-mlp", training, { totalSteps: 128 }) },
    ),
  "ppo-mlp on Reach-v1, randomised, with a curriculum": (training) =>
    trainTiny(
      "Reach-v1",
      "ppo-mlp",
      training,
      { totalSteps: 512, normalizeReturn: true, learningRateSchedule: "linear" },
      {
        envConfig: {
          randomization: "default",
          curriculum: { start: 0.5, raiseAt: 0.02, lowerAt: 0, window: 1 },
        },
      },
    ),
  "ppo-cnn-lstm on Reach-v1 from a pre-trained encoder": async (training) =>
    trainTiny(
      "Reach-v1",
      "ppo-cnn-lstm",
      training,
      { sequenceLength: 8, memory: "none", totalSteps: 128 },
      { envConfig: SIGHT, encoder: (await pretrain(training)).encoder },
    ),
};

/** Train 4 iterations in a piece, or 2 and then, from the state after them, 2 more. */
export async function trainFour(training: Training, inPieces: boolean): Promise<TrainingState> {
  const whole = { totalSteps: 512 };
  if (!inPieces) return trainTiny("PickPlace-v1", "ppo-mlp", training, whole);
  const onIteration: TrainOptions["onIteration"] = ({ iteration }) => (iteration === 2 ? "stop" : "");
  const half = await trainTiny("PickPlace-v1", "ppo-mlp", training, whole, { onIteration });
  return trainTiny("PickPlace-v1", "ppo-mlp", training, whole, { resume: structuredClone(half) });
}

/** Train as `trainFour` does, by two worker threads, which run from dist/. */
export async function trainByTwoWorkers(training: Training): Promise<TrainingState> {
  const built = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;
  const { workerPool } = (await import(
    built("src/rl/rollout/workers/worker-pool.js")
  )) as typeof import("../../src/rl/rollout/workers/worker-pool.js");
  return trainTiny(
    "PickPlace-v1",
    "ppo-mlp",
    training,
    { totalSteps: 512 },
    {
      createPool: (plan) =>
        workerPool(
          plan,
          { module: built("envs/index.js"), id: "PickPlace-v1" },
          { module: built("agents/index.js"), id: "ppo-mlp" },
          2,
        ),
    },
  );
}

/** Train a little, then evaluate on held-out seeds: each episode, and what they come to. */
export async function evaluateTiny(id: EnvId, agentId: AgentId, training: Training): Promise<Parts> {
  const [env, agent] = [envs[id], agents[agentId]];
  let pool: RolloutPool | undefined;
  const settings: Partial<PpoSettings> =
    agentId === "ppo-mlp"
      ? { ...TINY, bcEpochs: 40, totalSteps: 128, criticWarmupIterations: 1 }
      : { ...TINY, ...MEMORY };
  const { policy } = await train({
    env,
    agent,
    ...training,
    settings,
    ...(agentId === "ppo-mlp" ? { demonstrations: demonstrate(id, training.seed) } : {}),
    createPool: async (plan) => {
      pool = await localPool(plan, env, agent);
      return pool;
    },
    clock: () => 0,
  });
  const seeds = Array.from({ length: NUM_EVALUATED }, (_, k) => TEST_SEED + k);
  const episodes = await pool!.evaluate(policyWeights(policy), seeds);
  const { engine } = training;
  const summary = await evaluatePolicy({ env, agent, policy, settings, engine, episodes: NUM_EVALUATED });
  const { successRate, successInterval, meanReturn, meanLength } = summary;
  return {
    successes: episodes.map(({ success }) => (success ? 1 : 0)),
    returns: episodes.map((episode) => episode.return),
    lengths: episodes.map(({ length }) => length),
    summary: [successRate, ...successInterval, meanReturn, meanLength],
  };
}

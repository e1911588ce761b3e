// A run folder with a checkpoint, made in a moment: the viewer can ask its policy.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expertPolicy, experts } from "../../agents/index.js";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import type * as engine from "../../src/compile/engines/load-engine.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { recordEpisode } from "../../src/episodes/record-episode.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { policyRunner, policyWeights } from "../../src/rl/policy-model.js";
import { RunFolder } from "../../src/runs/run-folder.js";
import { VERSION } from "../../src/version.js";

const ID = "PickPlace-v1";
const SEED = 7;

/** What was recorded, by the name of its file; the first by the engine that the page has, too. */
export interface LiveRun {
  readonly name: string;
  readonly episodes: Readonly<Record<"wasm.mcap" | "native.mcap" | "expert.mcap", EpisodeRecording>>;
}

/** A run whose policy sees by two small cameras, and remembers. */
const SEEING = {
  envConfig: {
    observationMode: "camera" as const,
    cameras: [
      { name: "front", width: 48, height: 32 },
      { name: "wrist", width: 48, height: 32 },
    ],
  },
  settings: { hiddenSize: 8 },
};

/** Write a run with an untrained policy of lively movements, which sees if asked to, and three episodes into `runs`. */
export async function liveRun(runs: string, sees = false): Promise<LiveRun> {
  const agent = sees ? ppoCnnLstm : ppoMlp;
  const { envConfig, settings: overrides } = sees ? SEEING : { envConfig: {}, settings: {} };
  const settings = { ...agent.settings, ...agent.tuned[ID]?.settings, ...overrides };
  const config = {
    version: VERSION,
    env: ID,
    agent: agent.id,
    envModule: "armgym",
    agentModule: "armgym",
    seed: 1,
    engine: "native" as const,
    workers: 1,
    envConfig,
    settings: overrides,
    resolved: { settings: {}, envConfig: {}, trainEnv: {} },
  };
  const folder = RunFolder.create(runs, config, new Date("2026-01-01"));
  const env = envs[ID].create(envConfig);
  const { observation, action } = env.spec;
  const policy = agent.createPolicy(observation.length, action.length, settings, env.spec);
  const random = createRandom("live-run");
  const parameters = initializeParameters(policy.layout, random).map(
    (value) => value + 0.1 * random.normal(),
  );
  const statistics = new RunningStatistics(policy.observationSize);
  const best = {
    steps: 4096,
    successRate: 0,
    meanReturn: 0,
    parameters,
    statistics: statistics.state(),
    ...(policy.memory ? { memory: policy.memory } : {}),
  };
  await folder.saveCheckpoint({
    ...best,
    iteration: 1,
    minutes: 0,
    firstMoment: new Float32Array(parameters.length),
    secondMoment: new Float32Array(parameters.length),
    updates: 0,
    learningRate: 1e-3,
    shuffle: random.state(),
    returnNormalizer: { statistics: statistics.state(), returns: new Float32Array(1) },
    groups: [],
    best,
    validated: [],
    recent: [],
    finished: true,
  });
  // the server's own copy: TensorFlow.js takes only one tracer per process, and the server traces as well
  const { loadEngine } = (await import(
    "../../dist/src/compile/engines/load-engine.js" as string
  )) as typeof engine;
  const played = async (name: "wasm" | "native") => {
    const runner = await policyRunner(policy, await loadEngine(name));
    runner.load(policyWeights(best));
    const { rewardScale } = settings;
    const source = { agent: agent.id, policySteps: best.steps, rewardScale };
    const recording = await recordEpisode(env, runner, SEED, source);
    await runner.dispose();
    return recording;
  };
  const expert = { agent: "expert", noise: 0 };
  const episodes = {
    "wasm.mcap": await played("wasm"),
    "native.mcap": await played("native"),
    "expert.mcap": recordDemonstration(env, expertPolicy(experts[ID], env.spec), SEED, expert),
  };
  for (const [name, recording] of Object.entries(episodes)) {
    writeFileSync(join(folder.path, "episodes", name), await writeRecording(recording));
  }
  return { name: folder.path.split("/").at(-1)!, episodes };
}

// A run folder made in a moment: an untrained policy and two recorded episodes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { recordEpisode } from "../../src/episodes/record-episode.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { policyRunner, policyWeights } from "../../src/rl/policy-model.js";

/** Write the run "PickPlace-v1__ppo-mlp__1__tiny", or one of another name and policy, into `runs`. */
export async function runTiny(runs: string, name = "tiny", policySteps = 0): Promise<void> {
  const folder = join(runs, `PickPlace-v1__ppo-mlp__1__${name}`);
  mkdirSync(join(folder, "episodes"), { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify({ env: "PickPlace-v1", agent: "ppo-mlp" }));
  const env = envs["PickPlace-v1"].create();
  const policy = ppoMlp.createPolicy(20, 4, ppoMlp.settings);
  const runner = await policyRunner(policy, await loadEngine("native"));
  const parameters = initializeParameters(policy.layout, createRandom(name));
  runner.load(policyWeights({ parameters, statistics: new RunningStatistics(20).state() }));
  for (const seed of [1, 2]) {
    const recording = await recordEpisode(env, runner, seed, {
      agent: "ppo-mlp",
      policySteps,
      gamma: 0.95,
      gaeLambda: 0.9,
    });
    writeFileSync(
      join(folder, "episodes", `step-${String(policySteps).padStart(8, "0")}-seed-${seed}.mcap`),
      await writeRecording(recording),
    );
  }
}

// Everything that the golden tests of runs call: the command line as built, and how a run's settings are resolved.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type agents, expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { createRunFolder } from "../../src/runs/training-request.js";
import { checkpointOf, metricsOf, onlyRun, runCommand, temporaryFolder } from "../cli/command.js";
import type { Hashable, Parts } from "./golden.js";
import type { EnvId } from "./play.js";
import { partsOf } from "./train-tiny.js";

/** So few physics steps that the 200 episodes in which every run is measured take a second. */
const QUICK = [
  "numEnvs=32",
  "envsPerGroup=32",
  "numSteps=8",
  "numEpochs=2",
  "numMinibatches=2",
  "hiddenSize=8",
  "validationEpisodes=4",
  "physicsRate=60",
].flatMap((setting) => ["--set", setting]);

/** Train, evaluate and export by the command line; by WebAssembly, so that the bits are those of every machine. */
export async function runByCommands(seed: number): Promise<Parts> {
  const folder = temporaryFolder();
  const command = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCommand(args, folder);
    if (code !== 0) throw new Error(`armgym ${args.join(" ")}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, Hashable>;
  };
  const plan = [
    "--steps",
    "256",
    "--seed",
    String(seed),
    "--engine",
    "wasm",
    "--workers",
    "1",
    "--out",
    "runs",
  ];
  const outcome = await command("train", "Reach-v1", ...QUICK, ...plan, "--json");
  const run = onlyRun(join(folder, "runs"));
  const evaluation = await command("eval", run, "--episodes", "10", "--json");
  await command("export", run, "--out", "policy", "--json");
  const episodes = readdirSync(join(run, "episodes")).sort();
  return {
    state: partsOf((await checkpointOf(run)) as Parameters<typeof partsOf>[0]),
    metrics: metricsOf(run),
    outcome: measured(outcome),
    evaluation: measured(evaluation),
    episodes: episodes.map((name) => [name, framesOf(readFileSync(join(run, "episodes", name)))]),
    vectors: readFileSync(join(folder, "policy", "vectors.json"), "utf8"),
  };
}

/** What was measured, apart from the clock and the folder. */
function measured({ successRate, successInterval, meanReturn, meanLength, steps }: Record<string, Hashable>) {
  return { successRate, successInterval, meanReturn, meanLength, steps };
}

function framesOf(file: Uint8Array): Hashable {
  return readRecording(file, "golden.mcap").frames as unknown as Hashable;
}

/** A way to begin, as `armgym train` is told: by overrides, a teacher, or a file of demonstrations. */
export const BEGINNINGS = ["plain", "randomised", "taught", "from demonstrations"] as const;

/** Resolve what a run would be trained by: the agent's settings, and the environment's where it is evaluated and trained. */
export async function resolve(
  agent: keyof typeof agents,
  env: EnvId,
  beginning: (typeof BEGINNINGS)[number],
): Promise<Parts> {
  const out = temporaryFolder();
  const sees = agent === "ppo-cnn-lstm";
  const { config } = await createRunFolder(
    {
      env,
      agent,
      seed: 1,
      workers: 1,
      engine: "wasm",
      out,
      overrides: {
        ...(sees ? { observationMode: "camera" } : {}),
        ...(beginning === "randomised" ? { randomization: "default", curriculum: true } : {}),
      },
      ...(beginning === "taught" ? { teacher: "expert" } : {}),
      ...(beginning === "from demonstrations" ? { demos: await demonstrationsOf(env, out) } : {}),
    },
    () => {},
  );
  const { settings, envConfig, trainEnv } = config.resolved as Readonly<Record<string, Hashable>>;
  return { settings, envConfig, trainEnv };
}

async function demonstrationsOf(id: EnvId, folder: string): Promise<string> {
  const env = envs[id].create();
  const recording = recordDemonstration(env, expertPolicy(experts[id], env.spec), 1, {
    agent: "expert",
    noise: 0.2,
  });
  const file = join(folder, "demos.mcap");
  writeFileSync(file, await writeRecording(recording));
  return file;
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { decodeModel } from "../../src/model/trained-model.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { policyFor } from "../../src/rl/policy.js";
import { policyModel } from "../../src/rl/policy-model.js";
import { checkpointOf, onlyRun, runCommand, temporaryFolder } from "./command.js";

const OUTCOME = [
  "env",
  "agent",
  "seed",
  "episodes",
  "dropped",
  "successRate",
  "successInterval",
  "meanReturn",
  "meanLength",
  "steps",
  "minutes",
  "stepsPerSecond",
  "run",
];

/** The run's model is its best policy, told with names and units. */
async function expectBestModel(run: string): Promise<void> {
  const { best } = await checkpointOf(run);
  const { spec } = envs["Reach-v1"].create();
  const policy = policyFor(ppoMlp, spec, ppoMlp.settings);
  const names = { weights: "model.safetensors", description: "model.json" };
  const files = {
    weights: readFileSync(join(run, names.weights)),
    description: readFileSync(join(run, names.description), "utf8"),
  };
  const { parameters, normalizers, provenance } = await decodeModel(policyModel(policy), files, names);
  expect([parameters, normalizers.observation]).toEqual([best!.parameters, best!.statistics]);
  const { steps, successRate, meanReturn } = best!;
  expect(provenance).toMatchObject({ env: "Reach-v1", steps, validation: { successRate, meanReturn } });
  const { inputs } = JSON.parse(files.description);
  expect(inputs.observation.entries).toEqual(spec.observation.map(({ name, unit }) => ({ name, unit })));
}

test("train, eval and export: one JSON object each, and a run folder with everything in it", async () => {
  const out = temporaryFolder();
  const trained = await runCommand(["train", "Reach-v1", "--steps", "8192", "--json", "--out", out]);
  expect(trained.code).toBe(0);
  expect(trained.stdout.trim().split("\n")).toHaveLength(1);
  const outcome = JSON.parse(trained.stdout);
  expect(Object.keys(outcome)).toEqual(OUTCOME);
  const run = onlyRun(out);
  expect(outcome).toMatchObject({
    env: "Reach-v1",
    agent: "ppo-mlp",
    seed: 1,
    episodes: 200,
    steps: 8192,
    run,
  });
  expect(outcome.successRate).toBeGreaterThan(0.2);
  expect(trained.stderr.split("\n")).toEqual([
    expect.stringMatching(
      /^Training Reach-v1 by ppo-mlp: seed 1, at most 8192 steps, \d+ workers?, engine native$/,
    ),
    `  ${run}`,
    expect.stringMatching(
      /^Reach-v1 █{20} 8192 of 8192 steps {2}success \d+ % {2}validation \d+ % {2}\d+ steps\/s {2}0 s left$/,
    ),
    "Measuring the best policy on 200 held-out episodes.",
    "",
  ]);

  const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
  expect(config).toMatchObject({
    env: "Reach-v1",
    settings: { totalSteps: 8192 },
    envConfig: {},
    resolved: {
      settings: { totalSteps: 8192, gamma: 0.95, validationEpisodes: 48 },
      envConfig: { robot: "panda", solver: { iterations: 20 }, rewardWeights: { near: 1, success: 1 } },
      trainEnv: { robot: "panda", solver: { iterations: 10 } },
    },
  });
  const files = readdirSync(run).map((name) => (name.startsWith("events.out.tfevents.") ? "events" : name));
  expect(files.sort()).toEqual(
    [
      "checkpoints",
      "config.json",
      "episodes",
      "evaluation.json",
      "events",
      "metrics.jsonl",
      "model.json",
      "model.safetensors",
      "progress.csv",
    ].sort(),
  );
  await expectBestModel(run);
  expect(JSON.parse(readFileSync(join(run, "evaluation.json"), "utf8"))).toEqual(outcome);
  const rows = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n");
  expect(rows.map((row) => JSON.parse(row).step)).toEqual([2048, 4096, 6144, 8192]);
  for (const episode of readdirSync(join(run, "episodes"))) {
    expect(readRecording(readFileSync(join(run, "episodes", episode)), episode).header.env).toBe("Reach-v1");
  }

  const [evaluated, exported] = await Promise.all([
    runCommand(["eval", run, "--episodes", "16", "--json"]),
    runCommand(["export", run, "--out", join(out, "policy"), "--json"]),
  ]);
  expect(evaluated).toMatchObject({ code: 0, stderr: "" });
  expect(Object.keys(JSON.parse(evaluated.stdout))).toEqual(OUTCOME);
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ episodes: 16, steps: 8192 });
  expect(exported).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(exported.stdout)).toMatchObject({
    folder: join(out, "policy"),
    files: ["policy.onnx", "policy.json", "vectors.json"],
  });
  expect(JSON.parse(exported.stdout).difference).toBeLessThanOrEqual(1e-6);
  expect(existsSync(join(out, "policy", "policy.onnx"))).toBe(true);
});

test("list, check and bench give one JSON object", async () => {
  const [list, check, bench] = await Promise.all([
    runCommand(["list", "--json"]),
    runCommand(["check", "Reach-v1", "--json"]),
    runCommand(["bench", "--json"]),
  ]);
  expect(JSON.parse(list.stdout).envs.map(({ id }: { id: string }) => id)).toContain("PickPlace-v1");
  expect(JSON.parse(list.stdout).agents[0]).toEqual({ id: "ppo-mlp", description: expect.any(String) });
  expect(JSON.parse(check.stdout)).toMatchObject({ env: "Reach-v1", passed: true });
  expect(JSON.parse(bench.stdout).benchmarks).toContain("update");
  expect([list, check, bench].map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ""],
    [0, ""],
    [0, ""],
  ]);
});

test("the help of every command has an example", async () => {
  const { stdout } = await runCommand(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}(\w+) .*\S/gm)].map(([, name]) => name!);
  expect(commands).toEqual(
    expect.arrayContaining(["train", "eval", "view", "export", "list", "check", "bench"]),
  );
  const helps = await Promise.all(
    commands.filter((name) => name !== "help").map((name) => runCommand([name, "--help"])),
  );
  for (const help of helps) {
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/\nExample:\n {2}(armgym|npm) .+\n/);
  }
});

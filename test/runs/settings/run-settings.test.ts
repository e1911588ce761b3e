import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agents } from "../../../agents/index.js";
import { envs } from "../../../envs/index.js";
import { resolveSettings, resolveTrainEnv } from "../../../src/rl/resolve-settings.js";
import type { RunConfig } from "../../../src/runs/run-folder.js";
import { keptSpec, settingsInForce } from "../../../src/runs/settings/run-settings.js";
import { VERSION } from "../../../src/version.js";
import { onlyRun, QUICK, runCommand, temporaryFolder, writeLineEnv } from "../../cli/command.js";

test.each(Object.values(envs))("what a run of $id keeps is what it was made with", (env) => {
  const agent = agents["ppo-mlp"];
  const given = { randomization: "default", curriculum: true, solver: { iterations: 7 } } as const;
  const { spec } = env.create(given);
  const settings = resolveSettings(agent, env.id, { gamma: 0.9 });
  const trainEnv = resolveTrainEnv(agent, env, given);
  const config: RunConfig = JSON.parse(
    JSON.stringify({
      version: VERSION,
      env: env.id,
      agent: agent.id,
      envModule: "armgym",
      agentModule: "armgym",
      seed: 1,
      engine: "native",
      workers: 1,
      envConfig: given,
      settings: { gamma: 0.9 },
      resolved: { settings, envConfig: spec.config, trainEnv, spec: keptSpec(spec) },
    }),
  );
  const inForce = settingsInForce({ path: "run", config }, env, agent);
  expect(inForce.changes).toEqual([]);
  expect(inForce.settings).toEqual(settings);
  expect(env.create(inForce.envConfig).spec).toEqual(spec);
  expect(env.create(inForce.trainEnv).spec).toEqual(env.create(trainEnv).spec);
});

test("a run is measured, exported and resumed by its own settings where defaults have changed since", async () => {
  const folder = temporaryFolder();
  const rewrite = (parts: Parameters<typeof writeLineEnv>[2]) => {
    rmSync(join(folder, "line.ts"), { force: true });
    return writeLineEnv(folder, "line.ts", parts);
  };
  rewrite({ defaults: "push: 2, old: 1" });
  const trained = await runCommand(
    ["train", "./line.ts", ...QUICK, "--steps", "512", "--workers", "1"],
    folder,
  );
  expect(trained.code).toBe(0);
  const run = onlyRun(join(folder, "runs"));
  const evaluation = () => JSON.parse(readFileSync(join(run, "evaluation.json"), "utf8"));
  const evaluate = (...more: string[]) =>
    runCommand(["eval", run, "--episodes", "20", "--json", ...more], folder);
  const first = await evaluate();
  expect([first.code, first.stderr]).toEqual([0, ""]);
  const kept = evaluation();

  rewrite({ defaults: "speed: 0.02, push: 2, fresh: [1, 2]" });
  const changes = [
    "Defaults have changed since this run of Line-v1 was made; its own settings are used:",
    "  speed: 0.5 in the run, 0.02 today",
    "  old: 1 in the run, not there today",
    "",
  ].join("\n");
  const own = await evaluate();
  expect([own.code, own.stderr, JSON.parse(own.stdout)]).toEqual([0, changes, JSON.parse(first.stdout)]);
  expect(evaluation()).toEqual(kept);
  const exported = await runCommand(["export", run, "--out", "policy"], folder);
  expect([exported.code, exported.stderr]).toEqual([0, changes]);
  const today = await evaluate("--current-defaults");
  expect([today.code, today.stderr]).toEqual([0, ""]);
  expect(JSON.parse(today.stdout).meanReturn).not.toBe(kept.meanReturn);
  expect(evaluation()).toEqual(kept);

  rewrite({ defaults: "push: 2, old: 1", maxEpisodeSteps: 5 });
  const refusal = (way: string) =>
    `${run} was trained on another Line-v1: maxEpisodeSteps was 12, is 5 now. ${way}\n`;
  const mend = "Restore its module, or train again.";
  const refused = [
    await evaluate(),
    await runCommand(["export", run, "--out", "policy2"], folder),
    await runCommand(["train", "--resume", run], folder),
  ];
  expect(refused.map(({ code }) => code)).toEqual([2, 2, 2]);
  expect(refused.map(({ stderr }) => stderr)).toEqual([
    refusal("Restore its module, or measure on today's: --current-defaults"),
    refusal(mend),
    expect.stringContaining(refusal(mend)),
  ]);
  expect((await evaluate("--current-defaults")).code).toBe(0);
  expect(evaluation()).toEqual(kept);
});

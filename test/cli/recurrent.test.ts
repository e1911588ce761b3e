import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBundle } from "../../src/runs/open-bundle.js";
import { checkpointOf, onlyRun, runCommand, temporaryFolder } from "./command.js";

const PLAN = [
  "RememberGoal-v1",
  "--agent",
  "ppo-lstm",
  "--steps",
  "1600",
  ...["numEnvs=16", "numSteps=50", "numMinibatches=2", "numEpochs=2", "hiddenSize=8"].flatMap((setting) => [
    "--set",
    setting,
  ]),
  ...["evalInterval=800", "validationEpisodes=8"].flatMap((setting) => ["--set", setting]),
];

async function train(out: string, ...more: string[]): Promise<string> {
  const { code, stderr } = await runCommand(["train", ...PLAN, "--out", out, ...more]);
  expect(stderr).toContain("Measuring the best policy");
  expect(code).toBe(0);
  return onlyRun(out);
}

test("a policy with memory: same bits for 1 and 2 workers, evaluated and exported with its memory", async () => {
  const folder = temporaryFolder();
  const [one, two] = await Promise.all([
    train(`${folder}/1`, "--workers", "1"),
    train(`${folder}/2`, "--workers", "2"),
  ]);
  const state = await checkpointOf(one);
  expect(await checkpointOf(two)).toEqual(state);
  expect(state.memory).toEqual([
    { name: "h", size: 8 },
    { name: "c", size: 8 },
  ]);
  expect(state.groups[0]!.memory).toHaveLength(8 * 16);

  const [evaluated, exported] = await Promise.all([
    runCommand(["eval", one, "--episodes", "8", "--json"]),
    runCommand(["export", one, "--out", join(folder, "policy"), "--json"]),
  ]);
  expect(evaluated).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ episodes: 8, agent: "ppo-lstm" });
  expect(exported).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(exported.stdout)).toMatchObject({ vectors: 64 });
  expect(JSON.parse(exported.stdout).difference).toBeLessThanOrEqual(1e-5);
  const manifest = JSON.parse(readFileSync(join(folder, "policy", "policy.json"), "utf8"));
  expect(manifest.memory).toEqual({
    parts: [
      { input: "h_in", output: "h_out", size: 8 },
      { input: "c_in", output: "c_out", size: 8 },
    ],
    rule: "Zeros in every memory input at the first step of an episode; after that, each output goes in again at the next step.",
  });
  const vectors = JSON.parse(readFileSync(join(folder, "policy", "vectors.json"), "utf8"));
  expect(vectors.map(({ isStart }: { isStart?: boolean }) => isStart === true).indexOf(true, 1)).toBe(50);
  const policy = await openBundle(join(folder, "policy"));
  expect(await policy.verify()).toBeLessThanOrEqual(1e-5);
});

test("a checkpoint of another memory is refused by eval and export in one line", async () => {
  const folder = temporaryFolder();
  const run = await train(`${folder}/runs`, "--workers", "1");
  const file = join(run, "config.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  const without = (settings: object) => ({ ...settings, memory: "none" });
  const resolved = { ...config.resolved, settings: without(config.resolved.settings) };
  writeFileSync(file, JSON.stringify({ ...config, settings: without(config.settings), resolved }));
  const message =
    'The checkpoint\'s policy remembers 16 numbers (h 8, c 8), that of agent "ppo-lstm" has no memory. Load it into the agent, and with the settings, that trained it.\n';
  for (const command of [
    ["eval", run],
    ["export", run, "--out", join(folder, "policy")],
  ])
    expect(await runCommand(command)).toMatchObject({ code: 2, stderr: message });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpointOf, onlyRun, QUICK, runCommand, temporaryFolder } from "./command.js";

const CAMERA = ["--obs", "camera", "--set", 'cameras=[{"name":"front","width":32,"height":16}]'];
const SEEING = ["Reach-v1", "--agent", "ppo-cnn-lstm", ...CAMERA, ...QUICK, "--set", "sequenceLength=8"];
const REMEMBERING = ["--agent", "ppo-lstm", ...QUICK, "--set", "sequenceLength=16"];
const SHORT = ["--workers", "1", "--set", "evalInterval=256", "--set", "validationEpisodes=8"];

async function train(...args: string[]) {
  const result = await runCommand(["train", ...args, ...SHORT]);
  expect(result.stderr).toContain("Measuring the best policy");
  expect(result.code).toBe(0);
  return result;
}

test("PPO goes on from a distilled policy and says what that brought; resumed it ends with the same bits", async () => {
  const folder = temporaryFolder();
  const distilled = join(folder, "distilled");
  const distillation = 'distillation={"numUpdates":4,"batchSize":64,"bufferSize":512}';
  await train(
    ...[...SEEING, "--teacher", "expert", "--steps", "512", "--out", distilled, "--set", distillation],
  );
  const from = onlyRun(distilled);
  const out = join(folder, "tuned");
  const { stdout, stderr } = await train(
    ...[...SEEING, "--from", from, "--steps", "512", "--out", out, "--seed", "2"],
  );
  expect(stderr).toContain(
    `Training Reach-v1 by ppo-cnn-lstm, from ${from}: seed 2, at most 512 steps, 1 worker`,
  );
  const [, , , gain] = stdout.split("\n");
  expect(gain).toContain(`  from ${from}: validation success `);
  expect(gain).toMatch(/ \d+\.\d % before, \d+\.\d % after(: no better)?$/);
  const run = onlyRun(out);
  const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
  expect(config).toMatchObject({ from, settings: { freezeNormalizer: true, criticWarmupIterations: 8 } });
  const outcome = JSON.parse(readFileSync(join(run, "evaluation.json"), "utf8"));
  expect(outcome.from).toEqual({ run: from, before: expect.any(Number), after: expect.any(Number) });

  const state = await checkpointOf(run);
  expect(state.statistics).toEqual((await checkpointOf(from)).best!.statistics);
  const again = await runCommand(["train", "--resume", run, "--json"]);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout).from).toEqual(outcome.from);
  expect(await checkpointOf(run)).toEqual(state);
  expect(await runCommand(["train", "--resume", run, "--from", from])).toMatchObject({
    code: 2,
    stderr:
      `--from cannot change when a run is resumed: ${run} keeps what it was started with. ` +
      "Leave it out, or start a new run without --resume. (--workers and --engine may change.)\n",
  });
});

test("a run of another agent, network, observation or action is refused by name", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "runs");
  await train("RememberGoal-v1", ...REMEMBERING, "--steps", "256", "--out", out);
  const from = onlyRun(out);
  const refused = (env: string, ...more: string[]) =>
    runCommand(["train", env, "--from", from, ...more], folder);
  const results = await Promise.all([
    refused("RememberGoal-v1"),
    refused("RememberGoal-v1", ...REMEMBERING, "--set", "hiddenSize=16"),
    refused("RememberGoal-v1", ...REMEMBERING, "--set", "memory=none"),
    refused("RememberGoal-v1", ...REMEMBERING, "--set", "memory=gru"),
    refused("Reach-v1", ...REMEMBERING),
    refused("RememberGoal-v1", ...REMEMBERING, "--set", "controlMode=joint-velocity"),
    refused("RememberGoal-v1", ...REMEMBERING, "--teacher", "expert"),
    runCommand(["train", "Reach-v1", "--from", "nowhere"], folder),
  ]);
  expect(results.map(({ code }) => code)).toEqual(results.map(() => 2));
  const has = (what: string, got: string, expected: string, way: string) =>
    `${from} has the ${what} "${got}"; training is set to "${expected}". ${way}\n`;
  const layout = "Give a run that observes and acts as this one is to.";
  expect(results.map(({ stderr }) => stderr)).toEqual([
    has("agent", "ppo-lstm", "ppo-mlp", "Add --agent ppo-lstm, or give another run."),
    has("setting hiddenSize", "8", "16", "Set hiddenSize=8, or give another run."),
    has("setting memory", "lstm", "none", "Set memory=lstm, or give another run."),
    has("setting memory", "lstm", "gru", "Set memory=lstm, or give another run."),
    has("observation 9", "goal_from_tcp_if_shown_x", "goal_from_tcp_x", layout),
    has("action 0", "tcp_x = 0.05 a + 0", "joint1 = 1.0875 a + 0", layout),
    "There are two ways to initialize the policy, --teacher and --from. Leave one out.\n",
    "There is no run folder nowhere.\n",
  ]);
});

test("the network is that of the run, without being asked for", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "runs");
  await train("Reach-v1", ...QUICK, "--steps", "256", "--out", out);
  const from = onlyRun(out);
  const sizes = QUICK.slice(0, QUICK.indexOf("hiddenSize=8") - 1);
  await train("Reach-v1", ...sizes, "--from", from, "--steps", "256", "--out", join(folder, "tuned"));
  const { settings } = JSON.parse(readFileSync(join(onlyRun(join(folder, "tuned")), "config.json"), "utf8"));
  expect(settings.hiddenSize).toBe(8);
});

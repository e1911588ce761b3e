import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import { splitEpisodes } from "../../src/recording/recording.js";
import {
  checkpointOf,
  onlyRun,
  QUICK,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
  writeLineEnv,
} from "./command.js";

/** Send `name` once the command listens and has worked for `seconds` of processor time, and return how it ended. */
async function interrupted(running: RunningCommand, name: NodeJS.Signals, seconds = 0) {
  await running.hears();
  await running.works(seconds);
  running.process.kill(name);
  return running.done;
}

/** Send `name` once the slow environment has taken so many steps; of what it says, its own counting is left out. */
async function interruptedAt(steps: number, running: RunningCommand, name: NodeJS.Signals) {
  await running.says(`${steps} slow steps`);
  running.process.kill(name);
  const { stderr, ...rest } = await running.done;
  return { ...rest, stderr: stderr.replace(/^\d+ slow steps\n/gm, "") };
}

/** A folder with a module whose steps take 50 ms, and are counted, once there is a file "slow"; and a run of it. */
async function slowRun() {
  const folder = temporaryFolder();
  writeLineEnv(folder, "slow.js", {
    before: 'import { existsSync } from "node:fs";\nconst isSlow = existsSync("slow");\nlet steps = 0;',
    afterStep: `for (const end = Date.now() + 50; isSlow && Date.now() < end; );
      if (isSlow && ++steps % 20 === 0) process.stderr.write(steps + " slow steps\\n");`,
  });
  const short = ["--steps", "256", "--set", "validationEpisodes=8"];
  expect((await runCommand(["train", "./slow.js", ...QUICK, ...short], folder)).code).toBe(0);
  writeFileSync(join(folder, "slow"), "");
  return { folder, run: onlyRun(join(folder, "runs")) };
}

test("an interrupted demo keeps the demonstrations that are whole", async () => {
  const folder = temporaryFolder();
  const args = ["demo", "Reach-v1", "--episodes", "1000000", "--out", "demos.mcap", "--json"];
  const { code, stdout, stderr } = await interrupted(startCommand(args, folder), "SIGINT", 0.7);
  const { episodes, steps, file } = JSON.parse(stdout);
  expect(stderr).toBe(
    `Keeping what is whole; Ctrl-C again ends at once.\nInterrupted after ${episodes} of 1000000 demonstrations.\n`,
  );
  expect([code, file, readdirSync(folder)]).toEqual([130, "demos.mcap", ["demos.mcap"]]);
  const recording = readRecording(readFileSync(join(folder, file)), file);
  expect(splitEpisodes(recording)).toHaveLength(episodes);
  expect(recording.frames).toHaveLength(steps + episodes);
});

test("an interrupted demo does not put few demonstrations in the place of many", async () => {
  const folder = temporaryFolder();
  const demo = (episodes: number) => ["demo", "Reach-v1", "--episodes", `${episodes}`, "--out", "demos.mcap"];
  expect((await runCommand(demo(2), folder)).code).toBe(0);
  const before = readFileSync(join(folder, "demos.mcap"));
  const { code, stdout, stderr } = await interrupted(startCommand(demo(1_000_000), folder), "SIGTERM");
  expect(stderr).toMatch(
    /^Keeping what is whole because of SIGTERM; another ends at once\.\nInterrupted after \d+ of 1000000 demonstrations: demos\.mcap stays as it was before\.\n$/,
  );
  expect([code, stdout, readdirSync(folder)]).toEqual([143, "", ["demos.mcap"]]);
  expect(readFileSync(join(folder, "demos.mcap")).equals(before)).toBe(true);
});

test.each([
  ["SIGINT", 130, "Interrupted"],
  ["SIGTERM", 143, "Interrupted by SIGTERM"],
] as const)(
  "pretrain that %s interrupts says that nothing is written, and leaves nothing",
  async (name, exit, said) => {
    const folder = temporaryFolder();
    const small = ["--set", 'cameras=[{"name":"front","width":32,"height":16}]'];
    const args = ["pretrain", "Reach-v1", "--out", "eyes.encoder", ...small];
    const { code, stdout, stderr } = await interrupted(startCommand(args, folder), name);
    expect(stderr).toBe(`${said}: eyes.encoder was not written.\n`);
    expect([code, stdout, readdirSync(folder)]).toEqual([exit, "", []]);
  },
);

test("eval, check and export that are interrupted tell what there is, and leave files as they were", async () => {
  const { folder, run } = await slowRun();
  const evaluation = join(run, "evaluation.json");
  const before = readFileSync(evaluation, "utf8");
  const start = (...args: string[]) => startCommand(args, folder);

  // four episodes of twelve steps are a batch
  const evaluated = await interruptedAt(60, start("eval", run, "--episodes", "100000"), "SIGINT");
  const [, counted] = /success [\d.]+ % of (\d+) held-out episodes/.exec(evaluated.stdout)!;
  expect(Number(counted)).toBeGreaterThan(0);
  expect(Number(counted) % 4).toBe(0);
  expect(evaluated.stderr).toBe(
    `Ending after the episodes under way; Ctrl-C again ends at once.\n` +
      `Interrupted after ${counted} of 100000 episodes; evaluation.json is as it was before.\n`,
  );
  expect([evaluated.code, readFileSync(evaluation, "utf8")]).toEqual([130, before]);

  const checked = await interruptedAt(100, start("check", "./slow.js"), "SIGTERM");
  expect(checked.stdout).toMatch(/^(✓ .*\n)+$/);
  expect(checked.stderr).toMatch(/^Interrupted by SIGTERM: ".+", and what follows, was not checked\.\n$/);
  expect(checked.code).toBe(143);

  const exported = await interruptedAt(20, start("export", run, "--out", "policy"), "SIGHUP");
  expect(exported).toEqual({
    code: 129,
    stdout: "",
    stderr: "Interrupted by SIGHUP: nothing was written to policy.\n",
  });
  expect(existsSync(join(folder, "policy"))).toBe(false);
});

test("training interrupted while it clones demonstrations ends at once, and goes on to the same bits", async () => {
  const folder = temporaryFolder();
  const at = (...args: string[]) => runCommand(args, folder);
  expect((await at("demo", "Reach-v1", "--episodes", "2", "--out", "demos.mcap")).code).toBe(0);
  const args = ["train", "Reach-v1", "--demos", "demos.mcap", ...QUICK, "--workers", "1", "--steps", "256"];
  const settings = ["--set", "bcEpochs=2000", "--set", "validationEpisodes=4"];
  const whole = await at(...args, ...settings, "--out", "whole");
  expect(whole.code).toBe(0);

  const cloning = startCommand([...args, ...settings, "--out", "cut"], folder);
  await cloning.says("Training Reach-v1");
  const { code, stderr } = await interrupted(cloning, "SIGINT", 0.3);
  const run = onlyRun(join(folder, "cut"));
  expect(stderr.split("\n").slice(-3)).toEqual([
    "Saving; Ctrl-C again ends at once.",
    `Saved. Resume with: npx armgym train --resume ${run}`,
    "",
  ]);
  expect(code).toBe(130);
  expect((await checkpointOf(run)).iteration).toBe(0);
  expect((await at("train", "--resume", run)).code).toBe(0);
  expect(await checkpointOf(run)).toEqual(await checkpointOf(onlyRun(join(folder, "whole"))));
});

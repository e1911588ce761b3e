import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunFolder } from "../../src/runs/run-folder.js";
import {
  checkpointOf,
  metricsOf,
  onlyRun,
  QUICK,
  runCommand,
  startCommand,
  temporaryFolder,
  writeLineEnv,
} from "./command.js";

const LONG = [...QUICK, "--steps", "10000000", "--set", "evalInterval=2048", "--set", "validationEpisodes=8"];

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s saves like Ctrl-C, and what is saved goes on", async (name, exit) => {
  const folder = temporaryFolder();
  writeLineEnv(folder, "line.ts");
  const training = startCommand(["train", "./line.ts", ...LONG, "--workers", "2"], folder);
  await training.says("2048 of");
  training.process.kill(name);
  const { code, stderr, stdout } = await training.done;
  const run = onlyRun(join(folder, "runs"));
  expect(stderr.split("\n").slice(-3)).toEqual([
    `Saving because of ${name}; another ends at once.`,
    `Saved. Resume with: npx armgym train --resume ${run}`,
    "",
  ]);
  expect([code, stdout]).toEqual([exit, ""]);
  const { steps, best } = await checkpointOf(run);
  // to the very last iteration, with the best policy and its episode
  expect(steps).toBe(metricsOf(run).at(-1)!.step);
  expect(best!.steps).toBeGreaterThan(0);
  expect(readdirSync(join(run, "episodes"))).toContainEqual(
    expect.stringMatching(new RegExp(`^step-0*${best!.steps}-seed-\\d+\\.mcap$`)),
  );
  expect(existsSync(join(run, "lock.json"))).toBe(false);
});

test("a run is trained by one process at a time", async () => {
  const folder = temporaryFolder();
  writeLineEnv(folder, "line.ts");
  const args = ["train", "./line.ts", ...QUICK, "--steps", "256", "--workers", "1"];
  expect((await runCommand(args, folder)).code).toBe(0);
  const run = RunFolder.open(onlyRun(join(folder, "runs")));
  run.lock();
  const { code, stderr } = await runCommand(["train", "--resume", run.path], folder);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(
      `^${run.path} is being trained by process ${process.pid} on .+, since .+\\. A run is trained by one process at a time: ` +
        `wait for that one, or end it\\. If it is no more, remove ${run.path}/lock\\.json\\.\n$`,
    ),
  ]);
});

test.each(["moved", "deleted"])(
  "a run whose folder is %s while it is trained ends with the reason",
  async (how) => {
    const folder = temporaryFolder();
    writeLineEnv(folder, "line.ts");
    const training = startCommand(["train", "./line.ts", ...LONG, "--workers", "1"], folder);
    await training.says("2048 of");
    const runs = join(folder, "runs");
    const run = onlyRun(runs);
    const moved = join(folder, "moved");
    // at one blow: file by file, the training may be writing into it
    renameSync(run, moved);
    if (how === "deleted") rmSync(moved, { recursive: true });
    const { code, stderr } = await training.done;
    expect(code).toBe(2);
    expect(stderr.split("\n").slice(-3)).toEqual([
      `The run's folder ${run} is gone: it was moved or deleted while it was in use. Nothing is written to its old place. ` +
        "Where it was moved, resume it at its new place.",
      expect.stringMatching(/^It was saved up to step \d+\.$/),
      "",
    ]);
    expect(readdirSync(runs)).toEqual([]);
    if (how === "moved") {
      expect(RunFolder.open(moved).config.env).toBe("Line-v1");
      expect((await checkpointOf(moved)).steps).toBeGreaterThanOrEqual(256);
    }
  },
);

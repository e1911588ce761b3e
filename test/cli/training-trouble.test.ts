import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TrainingState } from "../../src/rl/training-state.js";
import { decodeState } from "../../src/runs/checkpoint-files.js";
import {
  checkpointOf,
  onlyRun,
  QUICK,
  runCommand,
  startCommand,
  temporaryFolder,
  writeLineEnv,
} from "./command.js";

const ONE = ["--workers", "1"];

/** The body of a step that does `what` from the `call`-th on. */
const from = (call: number, what: string) =>
  `if ((globalThis.calls = (globalThis.calls ?? 0) + 1) > ${call}) ${what};`;

async function stateIn(run: string, name: string): Promise<TrainingState> {
  const file = join(run, "checkpoints", name);
  return decodeState(readFileSync(file), file);
}

test("training that diverges says what and by which settings, keeps what was good, and blames no action", async () => {
  const folder = temporaryFolder();
  const reward = "(globalThis.calls = (globalThis.calls ?? 0) + 1) > 700 ? 1e30 : 1 - Math.abs(point.x)";
  const env = writeLineEnv(folder, "huge.js", { reward });
  const out = join(folder, "runs");
  const { code, stderr } = await runCommand(["train", env, ...QUICK, ...ONE, "--out", out]);
  const run = onlyRun(out);
  const [message, saved, end] = stderr.split("\n").slice(-3);
  expect(message).toMatch(
    /^Line-v1: training diverged in iteration 3, after step 512: \w+ is (NaN|Infinity) after update \d+\. In force were learningRate .+\. Try a lower learningRate /,
  );
  expect(saved).toBe(
    "Saved up to step 256, before that. Resumed by the same settings it would diverge again; " +
      `start from its best policy by others: npx armgym train ${env} --from ${run} --set learningRate=...`,
  );
  expect([end, code]).toEqual(["", 2]);
  const { parameters } = await checkpointOf(run);
  expect(parameters.every(Number.isFinite)).toBe(true);
});

test("a run keeps its latest checkpoint, the one before, and that of its best policy; a damaged one is gone round", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.js");
  const out = join(folder, "runs");
  const often = ["--set", "evalInterval=256", "--set", "validationEpisodes=8"];
  expect(
    (await runCommand(["train", env, ...QUICK, ...ONE, ...often, "--steps", "1024", "--out", out])).code,
  ).toBe(0);
  const run = onlyRun(out);
  expect(readdirSync(join(run, "checkpoints")).sort()).toEqual([
    "best.safetensors",
    "latest.safetensors",
    "previous.safetensors",
  ]);
  const [best, latest, previous] = await Promise.all(
    ["best.safetensors", "latest.safetensors", "previous.safetensors"].map((name) => stateIn(run, name)),
  );
  expect(latest!.steps).toBe(1024);
  expect(previous!.steps).toBeLessThan(1024);
  expect(best!.best!.steps).toBe(best!.steps);
  expect(best!.best!.steps).toBe(latest!.best!.steps);

  const evaluate = () => runCommand(["eval", run, "--env", env, "--episodes", "8", "--json"]);
  const whole = await evaluate();
  const file = join(run, "checkpoints", "latest.safetensors");
  writeFileSync(file, readFileSync(file).subarray(0, 200));
  const { code, stdout, stderr } = await evaluate();
  expect(stderr).toContain(
    `${file} is damaged: its checksum does not match. Take another checkpoint of the run. Taken instead: ${run}/checkpoints/best.safetensors, step ${best!.steps}.\n`,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout).successRate).toBe(JSON.parse(whole.stdout).successRate);
  rmSync(file);
  const on = await runCommand(["train", "--resume", run, "--env", env, ...ONE]);
  expect(on.stderr).toContain(
    `${run} has no latest.safetensors. Taken instead: previous.safetensors, step ${previous!.steps}.\nResuming Line-v1 at step ${previous!.steps} of 1024\n`,
  );
  expect((await stateIn(run, "latest.safetensors")).parameters).toEqual(latest!.parameters);
  for (const name of ["latest.safetensors", "previous.safetensors", "best.safetensors"])
    rmSync(join(run, "checkpoints", name));
  expect((await evaluate()).stderr).toBe(
    `${run} has no checkpoint: the run ended before its first one. Train again.\n`,
  );
});

test("Ctrl-C does not wait for a validation to end", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.js");
  const long = ["--set", "evalInterval=512", "--set", "validationEpisodes=100000"];
  for (const workers of ["1", "2"]) {
    const out = join(folder, workers);
    const running = startCommand(["train", env, ...QUICK, ...long, "--workers", workers, "--out", out]);
    await running.says("Training Line-v1");
    const checkpoint = () =>
      existsSync(out) && existsSync(join(onlyRun(out), "checkpoints", "latest.safetensors"));
    while (!checkpoint()) await new Promise((resolve) => setTimeout(resolve, 20));
    // 8,000 steps a second at best would make it two minutes
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const begin = Date.now();
    running.process.kill("SIGINT");
    const { code, stderr } = await running.done;
    expect(Date.now() - begin).toBeLessThan(20_000);
    expect(code).toBe(130);
    expect(stderr).toContain("Resume with: npx armgym train --resume");
    // the iteration that ends with the validation comes again
    expect((await checkpointOf(onlyRun(out))).steps).toBe(256);
  }
});

test("what throws in a validation is told with its place, and what is saved", async () => {
  const folder = temporaryFolder();
  const afterStep = from(600, 'throw new Error("out of paint")');
  const env = writeLineEnv(folder, "throws.js", { afterStep });
  const validating = ["--set", "evalInterval=512", "--set", "validationEpisodes=64"];
  const out = join(folder, "runs");
  const { code, stderr } = await runCommand(["train", env, ...QUICK, ...ONE, ...validating, "--out", out]);
  const [message, saved, end] = stderr.split("\n").slice(-3);
  expect(message).toMatch(/^Line-v1: step\(\) threw "out of paint" at .*throws\.js:\d+:\d+\.$/);
  expect(saved).toBe(
    `Saved up to step 256. Resume with: npx armgym train --resume ${onlyRun(out)} --env ${env}`,
  );
  expect([end, code]).toEqual(["", 2]);
});

test.each([
  ["1", "0"],
  ["2", "3"],
])("a module that ends its thread of %s is told with its place, and what is saved", async (workers, exit) => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "exits.js", { afterStep: from(400, `process.exit(${exit})`) });
  const out = join(folder, "runs");
  const { code, stderr } = await runCommand(["train", env, ...QUICK, "--workers", workers, "--out", out]);
  const [message, saved, end] = stderr.split("\n").slice(-3);
  expect(message).toMatch(
    /^Line-v1: process\.exit\([03]\) at .*exits\.js:\d+:\d+ ended a rollout worker\. Let the environment throw an error instead\.$/,
  );
  const run = onlyRun(out);
  const { steps } = await checkpointOf(run);
  expect(saved).toBe(`Saved up to step ${steps}. Resume with: npx armgym train --resume ${run} --env ${env}`);
  expect([end, code, existsSync(join(run, "lock.json"))]).toEqual(["", 2, false]);
});

test("a module that ends the process while a command uses it is told with its place, and the exit code is not 0", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "exits.ts", {
    before: "if (process.argv.includes('eval')) process.exit(0);",
  });
  const out = join(folder, "runs");
  const trained = await runCommand(["train", env, ...QUICK, ...ONE, "--steps", "256", "--out", out]);
  expect(trained.code).toBe(0);
  expect(await runCommand(["eval", onlyRun(out), "--env", env])).toEqual({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(
      /^process\.exit\(0\) at .*exits\.ts:\d+:\d+ ended armgym\. Let the module throw an error instead\.\n$/,
    ),
  });
});

test("Ctrl-C twice ends a training whose environment never returns, and says what is saved", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "spins.js", { afterStep: from(600, "for (;;)") });
  const out = join(folder, "runs");
  const running = startCommand(["train", env, ...QUICK, ...ONE, "--out", out]);
  await running.says("Training Line-v1");
  const checkpoint = () =>
    existsSync(out) && existsSync(join(onlyRun(out), "checkpoints", "latest.safetensors"));
  while (!checkpoint()) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  running.process.kill("SIGINT");
  await running.says("Ctrl-C again ends at once");
  running.process.kill("SIGINT");
  const { code, stderr } = await running.done;
  const run = onlyRun(out);
  expect(stderr.split("\n").slice(-2)).toEqual([
    `Saved up to step 256. Resume with: npx armgym train --resume ${run} --env ${env}`,
    "",
  ]);
  expect([code, existsSync(join(run, "lock.json"))]).toEqual([130, false]);
});

test("an evaluation counts the episodes that the NaN guard dropped apart", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "sometimes.js", {
    reward: "point.x > 0 && point.steps === 5 ? Number.NaN : 1",
  });
  const out = join(folder, "runs");
  const often = ["--set", "validationEpisodes=32"];
  const trained = await runCommand([
    "train",
    env,
    ...QUICK,
    ...ONE,
    ...often,
    "--steps",
    "256",
    "--out",
    out,
  ]);
  expect(trained.stderr).toMatch(
    /^Validation at step 256: the NaN guard dropped \d+ of 32 episodes; none of them is a success\.$/m,
  );
  const [, percent, counted] = /success ([\d.]+) % of (\d+) held-out episodes/.exec(trained.stdout)!;
  const [, dropped] =
    /^ {2}(\d+) more episodes were dropped by the NaN guard, left out of all this: the environment gave what is not finite$/m.exec(
      trained.stdout,
    )!;
  expect(Number(counted) + Number(dropped)).toBe(200);
  const run = onlyRun(out);
  const evaluation = JSON.parse(readFileSync(join(run, "evaluation.json"), "utf8"));
  expect(evaluation).toMatchObject({ episodes: Number(counted), dropped: Number(dropped) });
  expect((100 * evaluation.successRate).toFixed(1)).toBe(percent);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import {
  checkpointOf,
  metricsOf,
  onlyRun,
  QUICK,
  runCommand,
  temporaryFolder,
  writeLineEnv,
} from "./command.js";

test("a reward that is NaN at times: training goes on, says so, and keeps the last states as a recording", async () => {
  const folder = temporaryFolder();
  const reward = "point.x > 1.4 ? Number.NaN : 1 - Math.abs(point.x)";
  const env = writeLineEnv(folder, "sometimes.ts", { reward });
  const { code, stderr } = await runCommand([
    "train",
    env,
    ...QUICK,
    "--steps",
    "1024",
    "--out",
    `${folder}/runs`,
  ]);
  expect(code).toBe(0);
  const run = onlyRun(`${folder}/runs`);
  const told =
    /^Dropped (an episode|\d+ episodes) at step (\d+), training continues: reward term "near" was not finite\. Its last states: (.+)$/m.exec(
      stderr,
    )!;
  expect(told[3]).toMatch(new RegExp(`^${run}/episodes/dump-${told[2]}-seed-.*\\.mcap$`));
  const { header, frames } = readRecording(readFileSync(told[3]!), told[3]!);
  expect(header).toMatchObject({ env: "Line-v1", dump: 'reward term "near"', policySteps: Number(told[2]) });
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.every(({ observation: [x] }) => x! <= 1.4)).toBe(true);

  const rows = metricsOf(run);
  expect(rows.at(-1)!.step).toBe(1024);
  expect(rows.flatMap((row) => Object.values(row)).every(Number.isFinite)).toBe(true);
  const { parameters, recent } = await checkpointOf(run);
  expect(parameters.every(Number.isFinite)).toBe(true);
  expect(recent.every(({ dropped }) => dropped === undefined)).toBe(true);
});

test("an environment that is broken from the first step on is refused after one iteration", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "always.js", { reward: "Number.NaN" });
  const { code, stderr } = await runCommand([
    "train",
    env,
    ...QUICK,
    "--out",
    `${folder}/runs`,
    "--workers",
    "2",
  ]);
  expect(stderr.split("\n").slice(2)).toEqual([
    'Line-v1: the NaN guard dropped every episode since step 0, so there is nothing to learn from. "armgym check" looks at the environment closely.',
    "Nothing had been saved yet.",
    "",
  ]);
  expect(code).toBe(2);
});

test("what throws while training is told with its place, and the last checkpoint stays", async () => {
  const folder = temporaryFolder();
  const afterStep =
    'if ((globalThis.calls = (globalThis.calls ?? 0) + 1) > 500) throw new Error("out of paint");';
  const env = writeLineEnv(folder, "throws.js", { afterStep });
  for (const workers of ["1", "2"]) {
    const out = `${folder}/${workers}`;
    const { code, stderr } = await runCommand(["train", env, ...QUICK, "--out", out, "--workers", workers]);
    const run = onlyRun(out);
    const { steps } = await checkpointOf(run);
    expect(steps).toBeGreaterThan(0);
    const [message, saved, end] = stderr.split("\n").slice(-3);
    expect(message).toMatch(/^Line-v1: step\(\) threw "out of paint" at .*throws\.js:\d+:\d+\.$/);
    expect(saved).toBe(
      `Saved up to step ${steps}. Resume with: npx armgym train --resume ${run} --env ${env}`,
    );
    expect([end, code]).toEqual(["", 2]);
  }
});

// Files of armgym 0.1.0, kept in test/runs/old/0.1.0 as commit 077f96a wrote them: a run of Reach-v1 (2 hidden units, 32 steps,
// 2 Hz) with one of its episodes, and its bundle. Whoever changes a format so that they no longer open raises its version.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { UsageError } from "../../src/math/usage-error.js";
import { haveSameEntries } from "../../src/recording/entry-names.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { demonstrationsFrom } from "../../src/rl/imitation/demonstrations.js";
import { openBundle } from "../../src/runs/open-bundle.js";
import { VERSION } from "../../src/version.js";
import { checkpointOf, runCommand, temporaryFolder } from "../cli/command.js";

let folder: string;
let run: string;

beforeEach(() => {
  folder = temporaryFolder();
  cpSync(resolve("test/runs/old/0.1.0"), folder, { recursive: true });
  run = join(folder, "run");
});

test("a run of 0.1.0 is measured, exported and shown by what it was trained with", async () => {
  const measured = await runCommand(["eval", run, "--episodes", "5", "--json"], folder);
  expect([measured.code, measured.stderr]).toEqual([0, ""]);
  expect(JSON.parse(measured.stdout)).toMatchObject({
    env: "Reach-v1",
    episodes: 5,
    dropped: 0,
    meanLength: 5,
  });
  const exported = await runCommand(["export", run, "--out", "again"], folder);
  expect([exported.code, exported.stderr]).toEqual([0, ""]);
  const shown = await runCommand(["show", run], folder);
  expect([shown.code, shown.stderr]).toEqual([0, ""]);
  expect(shown.stdout).toContain(
    "# This run was made before origins were kept: they are reconstructed from what it was given.\n",
  );
  expect(shown.stdout).toMatch(/^ {2}hiddenSize: 2 +# user, today's default 64$/m);
  expect(shown.stdout).toMatch(/^ {2}stopAtSuccess: 1 +# tuning$/m);
  expect(shown.stdout).toMatch(/^ {2}controlRate: 2 +# Hz, user, today's default 20$/m);
});

test("a run of 0.1.0 that was interrupted goes on to its end", async () => {
  const last = await checkpointOf(run);
  // the checkpoint of its best policy is of step 16
  cpSync(join(run, "checkpoints", "best.ckpt"), join(run, "checkpoints", "latest.ckpt"));
  const resumed = await runCommand(["train", "--resume", run, "--json"], folder);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toContain("Resuming Reach-v1 at step 16 of 32\n");
  // its checkpoints are of this version from now on, and 0.1.0 cannot read them
  expect(JSON.parse(readFileSync(join(run, "config.json"), "utf8"))).toMatchObject({ version: VERSION });
  const state = await checkpointOf(run);
  expect([state.steps, state.finished, state.parameters.length]).toEqual([32, true, last.parameters.length]);
});

test("a bundle and a recording of 0.1.0 open", async () => {
  const policy = await openBundle(join(folder, "policy"));
  expect(await policy.verify()).toBeLessThan(1e-6);
  expect(policy.manifest).toMatchObject({ armgymVersion: "0.1.0", env: "Reach-v1", controlRate: 2 });
  await policy.dispose();
  const file = join(run, "episodes", "step-00000016-seed-1000000.mcap");
  const { header, frames } = readRecording(readFileSync(file), file);
  expect([header.env, header.seed, header.controlRate, frames.length]).toEqual(["Reach-v1", "1000000", 2, 6]);
});

test("entries that have been renamed since 0.1.0 make no difference to its recordings and bundles", async () => {
  const { spec } = envs["Reach-v1"].create({ controlRate: 2 });
  const now = spec.observation.map(({ name }) => name);
  const file = join(run, "episodes", "step-00000016-seed-1000000.mcap");
  const recording = readRecording(readFileSync(file), file);
  const policy = await openBundle(join(folder, "policy"));
  const then = policy.manifest.observation.map(({ name }) => name);
  await policy.dispose();
  expect([then[3], now[3]]).toEqual(["tcp_command_lead_x", "tcp_tracking_error_x"]);
  expect(haveSameEntries(then, now)).toBe(true);
  expect(haveSameEntries(then.with(4, "tcp_command_lead_x"), now)).toBe(false);
  expect(haveSameEntries(then.slice(0, -1), now)).toBe(false);
  expect(demonstrationsFrom(recording, file, spec)).toMatchObject({ episodes: 1, count: 5 });
});

test("what another version wrote is refused with the version that reads it", async () => {
  const change = (file: string, values: object) => {
    const path = join(folder, file);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...values }));
  };
  change("run/config.json", { version: "0.3.0", agent: 3 });
  rmSync(join(run, "metrics.jsonl"));
  expect(await runCommand(["eval", run], folder)).toEqual({
    code: 2,
    stdout: "",
    stderr: `${run} was made by armgym 0.3.0, this is ${VERSION}. Run "npx armgym@0.3.0" or train again.\n`,
  });
  change("policy/policy.json", { formatVersion: 2, armgymVersion: "0.3.0", action: "elsewhere" });
  await expect(openBundle(join(folder, "policy"))).rejects.toThrow(
    new UsageError(
      `policy.json is of format 2, written by armgym 0.3.0; armgym ${VERSION} reads format 1. Run "npx armgym@0.3.0", or export the policy again.`,
    ),
  );
});

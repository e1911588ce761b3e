import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
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

const PLAN = [...QUICK, "--steps", "6144", "--set", "evalInterval=1024", "--set", "validationEpisodes=8"];

async function trainToTheEnd(env: string, out: string, ...more: string[]): Promise<string> {
  const { code, stderr } = await runCommand(["train", env, ...PLAN, "--out", out, ...more], dirname(env));
  expect(stderr).toContain("Measuring the best policy");
  expect(code).toBe(0);
  return onlyRun(out);
}

test("1, 2 and 3 workers, a run that was killed, and one that was interrupted end with the same bits", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.ts");
  const whole = await trainToTheEnd(env, `${folder}/1`, "--workers", "1");
  const [state, metrics] = [await checkpointOf(whole), metricsOf(whole)];
  expect(state).toMatchObject({ steps: 6144, finished: true });
  expect(metrics).toHaveLength(24);

  await Promise.all(
    ["2", "3"].map(async (workers) => {
      const run = await trainToTheEnd(env, `${folder}/${workers}`, "--workers", workers);
      expect(await checkpointOf(run)).toEqual(state);
      expect(metricsOf(run)).toEqual(metrics);
    }),
  );

  const killed = startCommand(["train", env, ...PLAN, "--out", `${folder}/killed`, "--workers", "1"], folder);
  await killed.says("3072 of 6144 steps");
  killed.process.kill("SIGKILL");
  expect((await killed.done).code).toBe(null);
  const rest = onlyRun(`${folder}/killed`);
  expect((await checkpointOf(rest)).steps).toBeLessThan(6144);
  const resumed = await runCommand(["train", "--resume", rest], folder);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/^Resuming Line-v1 at step \d+ of 6144\n {2}\/.+\n/);
  expect(await checkpointOf(rest)).toEqual(state);
  expect(metricsOf(rest)).toEqual(metrics);

  const interrupted = startCommand(
    ["train", env, ...PLAN, "--out", `${folder}/interrupted`, "--workers", "2"],
    folder,
  );
  await interrupted.says("2048 of 6144 steps");
  interrupted.process.kill("SIGINT");
  const { code, stderr, stdout } = await interrupted.done;
  const run = onlyRun(`${folder}/interrupted`);
  expect(stderr.split("\n").slice(-3)).toEqual([
    "Saving; Ctrl-C again ends at once.",
    `Saved. Resume with: npx armgym train --resume ${run}`,
    "",
  ]);
  expect([code, stdout]).toEqual([130, ""]);
  expect((await checkpointOf(run)).finished).toBe(false);
  expect((await runCommand(["train", "--resume", run, "--workers", "1"], folder)).code).toBe(0);
  expect(await checkpointOf(run)).toEqual(state);
  expect(metricsOf(run)).toEqual(metrics);

  const again = await runCommand(["train", "--resume", run, "--json"], folder);
  expect(again.stderr).toContain(`${run} is finished after 6144 steps: nothing is left to train.\n`);
  expect([again.code, JSON.parse(again.stdout).steps]).toEqual([0, 6144]);
  expect(await checkpointOf(run)).toEqual(state);

  const refusals = await Promise.all([
    runCommand(["train", "--resume", run, "--set", "gamma=0.9"]),
    runCommand(["train", "Reach-v1", "--resume", run]),
  ]);
  expect(refusals.map(({ code: exit, stderr: said }) => [exit, said])).toEqual([
    [
      2,
      `--set cannot change when a run is resumed: ${run} keeps what it was started with. Leave it out, or start a new run without --resume. (--workers and --engine may change.)\n`,
    ],
    [2, `${run} trains Line-v1, not Reach-v1. Leave the env out with --resume.\n`],
  ]);
});

test("a second Ctrl-C ends at once", async () => {
  const folder = temporaryFolder();
  const afterStep = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);";
  const env = writeLineEnv(folder, "slow.ts", { afterStep });
  const slow = startCommand(["train", env, ...PLAN, "--out", `${folder}/runs`, "--workers", "1"]);
  await slow.says("Training Line-v1");
  slow.process.kill("SIGINT");
  await slow.says("Saving; Ctrl-C again ends at once.");
  slow.process.kill("SIGINT");
  expect((await slow.done).code).toBe(130);
  expect(readdirSync(`${onlyRun(`${folder}/runs`)}/checkpoints`)).toEqual([]);
});

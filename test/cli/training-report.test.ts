import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlyRun, QUICK, runCommand, temporaryFolder, writeLineEnv } from "./command.js";

test("training and export name an observation entry that never varied, and policy.json lists it", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.ts", { read: "0.25" });
  const runs = join(folder, "runs");
  const trained = await runCommand([
    "train",
    env,
    "--steps",
    "512",
    "--workers",
    "1",
    ...QUICK,
    "--out",
    runs,
  ]);
  const line =
    "Never varied while training, so the policy has not learned what other values mean: x (0.25 ± 0 m).";
  expect(trained.code, trained.stderr).toBe(0);
  expect(trained.stdout).toContain(line);
  const out = join(folder, "policy");
  const exported = await runCommand(["export", onlyRun(runs), "--env", env, "--out", out]);
  expect(exported.stdout).toContain(line);
  const manifest = JSON.parse(readFileSync(join(out, "policy.json"), "utf8"));
  expect(manifest.training.unvaried).toEqual([
    { name: "x", unit: "m", mean: expect.closeTo(0.25, 4), deviation: expect.closeTo(0, 4) },
  ]);
});

test("a spread of actions that starts at its floor is said before training, and kept as resolved", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.ts");
  const runs = join(folder, "runs");
  const low = ["--set", "initialLogStd=-2.3", "--set", "minLogStd=-2"];
  const { code, stdout, stderr } = await runCommand([
    ...["train", env, "--steps", "512", "--workers", "1", ...QUICK, ...low, "--out", runs],
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    "Actions start with a standard deviation of 0.135, the floor that minLogStd -2 sets, not 0.100 (initialLogStd -2.3). " +
      "For less, lower minLogStd.",
  );
  expect(stdout).not.toContain("Never varied");
  const { resolved } = JSON.parse(readFileSync(join(onlyRun(runs), "config.json"), "utf8"));
  expect(resolved.settings.initialLogStd).toBe(-2);
});

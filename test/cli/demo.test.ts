import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = new URL("../../dist/src/cli/main.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "armgym-demo-"));
const demos = join(folder, "demos.mcap");

function armgym(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const { status, stdout } = armgym("demo", "Reach-v1", "--episodes", "4", "--out", demos, "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    env: "Reach-v1",
    expert: "expert-reach",
    episodes: 4,
    steps: 200,
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the same seed records the same bytes, another seed others", () => {
  const record = (file: string, seed: string) => {
    armgym("demo", "Reach-v1", "--episodes", "2", "--out", file, "--seed", seed);
    return readFileSync(join(folder, file));
  };
  const first = record("one.mcap", "7");
  expect(record("two.mcap", "7").equals(first)).toBe(true);
  expect(record("three.mcap", "8").equals(first)).toBe(false);
});

test("training from demonstrations keeps in the run what it started from, and can be resumed", () => {
  const first = armgym("train", "Reach-v1", "--demos", demos, "--steps", "4096", "--workers", "1", "--json");
  expect(first.stderr).not.toContain("Error");
  expect(first.status).toBe(0);
  const outcome = JSON.parse(first.stdout) as { run: string; successRate: number };
  // two iterations, in which only the critic learns: what succeeds is the clone
  expect(outcome.successRate).toBeGreaterThan(0.9);
  const config = JSON.parse(readFileSync(join(outcome.run, "config.json"), "utf8"));
  expect(config).toMatchObject({ demos, settings: { freezeStatistics: true, totalSteps: 4096 } });
  expect(config.settings.initialLogStd).toBeCloseTo(Math.log(0.2), 12);
  const resumed = armgym("train", "--resume", outcome.run, "--json");
  expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 4096, successRate: outcome.successRate });
});

test("settings given by hand win over those that demonstrations bring", () => {
  const given = ["--set", "cloneEpochs=1", "--set", "initialLogStd=-1", "--steps", "2048", "--workers", "1"];
  const { stdout } = armgym("train", "Reach-v1", "--demos", demos, ...given, "--json");
  const config = JSON.parse(readFileSync(join(JSON.parse(stdout).run, "config.json"), "utf8"));
  expect(config.settings).toMatchObject({ cloneEpochs: 1, initialLogStd: -1 });
});

test("demonstrations that do not fit are refused in one line, with exit code 2", () => {
  writeFileSync(join(folder, "damaged.mcap"), readFileSync(demos).subarray(0, 5000));
  const cases: [string[], string][] = [
    [["Push-v1", "--demos", demos], 'has the environment "Reach-v1"; training is set to "Push-v1".'],
    [
      ["Reach-v1", "--demos", demos, "--set", "controlMode=joint-velocity"],
      'has the control mode "ee-delta"; training is set to "joint-velocity".',
    ],
    [
      ["Reach-v1", "--demos", "nothing.mcap"],
      "There is no file nothing.mcap. Record one: armgym demo Reach-v1",
    ],
    [["Reach-v1", "--demos", "damaged.mcap"], "damaged.mcap is not a whole recording"],
    [["--resume", "x", "--demos", demos], "There is no run folder x."],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = armgym("train", ...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  }
});

test("recording what cannot be recorded is refused in one line, with exit code 2", () => {
  writeFileSync(
    join(folder, "mine.mjs"),
    "export const mine = { id: 'Mine-v1', description: '', defaults: {}, create() {} };",
  );
  const cases: [string[], string][] = [
    [["Reach-v1", "--out", "demos.txt"], "--out demos.txt does not end in .mcap."],
    [["Reich-v1", "--out", "x.mcap"], 'Did you mean "Reach-v1"?'],
    [["./mine.mjs", "--out", "x.mcap"], "There is no scripted expert for Mine-v1."],
    [["Reach-v1", "--out", "x.mcap", "--set", "controlMode=joint-torque"], "cannot act in control mode"],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = armgym("demo", ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  }
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import type { Dataset, Group } from "h5wasm/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import { decoded, messagesOf } from "../recording/mcap-file.js";

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

test("demonstrations are recorded on the robot that is asked for", () => {
  const { status } = armgym("demo", "Reach-v1", "--episodes", "1", "--out", "ur.mcap", "--robot", "ur5e");
  expect(status).toBe(0);
  const recording = readRecording(readFileSync(join(folder, "ur.mcap")), "ur.mcap");
  expect(recording.header.robot).toBe("ur5e");
});

test("training from demonstrations keeps in the run what it started from, and can be resumed", () => {
  const first = armgym("train", "Reach-v1", "--demos", demos, "--steps", "4096", "--workers", "1", "--json");
  expect(first.stderr).not.toContain("Error");
  expect(first.status).toBe(0);
  const outcome = JSON.parse(first.stdout) as { run: string; successRate: number };
  // two iterations, in which only the critic learns: what succeeds is the clone
  expect(outcome.successRate).toBeGreaterThan(0.9);
  const config = JSON.parse(readFileSync(join(outcome.run, "config.json"), "utf8"));
  expect(config).toMatchObject({ demos, settings: { freezeNormalizer: true, totalSteps: 4096 } });
  expect(config.settings.initialLogStd).toBeCloseTo(Math.log(0.2), 12);
  const resumed = armgym("train", "--resume", outcome.run, "--json");
  expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 4096, successRate: outcome.successRate });
});

test("settings given by hand win over those that demonstrations bring", () => {
  const given = ["--set", "bcEpochs=1", "--set", "initialLogStd=-1", "--steps", "2048", "--workers", "1"];
  const { stdout } = armgym("train", "Reach-v1", "--demos", demos, ...given, "--json");
  const config = JSON.parse(readFileSync(join(JSON.parse(stdout).run, "config.json"), "utf8"));
  expect(config.settings).toMatchObject({ bcEpochs: 1, initialLogStd: -1 });
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
      "There is no file nothing.mcap. Record one: npx armgym demo Reach-v1",
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

test("the same episodes as robomimic's HDF5 are read back by the HDF5 library", async () => {
  const file = join(folder, "robomimic", "demos.hdf5");
  const [lerobot, minari] = [join(folder, "pickplace"), join(folder, "pickplace-expert-v3")];
  const sets = ["--robomimic", file, "--lerobot", lerobot, "--minari", minari];
  const { status, stdout } = armgym(
    ...["demo", "PickPlace-v1", "--episodes", "2", "--out", "rm.mcap", ...sets, "--json"],
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ episodes: 2, steps: 100, robomimic: file, lerobot, minari });
  expect(readdirSync(join(folder, "robomimic"))).toEqual(["demos.hdf5"]);
  const recording = readRecording(readFileSync(join(folder, "rm.mcap")), "rm.mcap");
  const library = await import("h5wasm/node");
  await library.ready;
  const root = new library.File(file, "r");
  const attribute = (path: string, name: string) =>
    (root.get(path) as Group).get_attribute(name, true) as unknown;
  expect(attribute("data", "total")).toBe(100);
  expect(JSON.parse(attribute("data", "env_args") as string)).toMatchObject({
    env_name: "PickPlace-v1",
    type: 2,
  });
  expect((root.get("data") as Group).keys()).toEqual(["demo_0", "demo_1"]);
  expect(attribute("data/demo_1", "num_samples")).toBe(50);
  const table = (path: string) => {
    const { shape, value } = root.get(`data/demo_1/${path}`) as Dataset;
    return { shape, values: [...(value as Float32Array)] };
  };
  expect(table("actions")).toEqual({
    shape: [50, 4],
    values: recording.frames.slice(52).flatMap(({ action }) => action.map(Math.fround)),
  });
  const cube = recording.header.observationNames.indexOf("cube_from_tcp_x");
  expect(table("obs/cube")).toEqual({
    shape: [50, 6],
    values: recording.frames.slice(51, -1).flatMap(({ observation }) => observation.slice(cube, cube + 6)),
  });
  expect(table("dones").values).toEqual(Array.from({ length: 50 }, (_, k) => (k === 49 ? 1 : 0)));
  root.close();
  const wrong = armgym("demo", "PickPlace-v1", "--out", "rm.mcap", "--robomimic", "demos.txt");
  expect(wrong).toEqual({
    status: 2,
    stdout: "",
    stderr: "--robomimic demos.txt does not end in .hdf5. For example: --robomimic demos.hdf5\n",
  });
});

test("a data set that was written can be trained from, and one of another task is refused with the difference", () => {
  const metadata = readFileSync(join(folder, "pickplace-expert-v3", "data", "metadata.json"), "utf8");
  expect(JSON.parse(metadata)).toMatchObject({
    dataset_id: "pickplace-expert-v3",
    total_episodes: 2,
    total_steps: 100,
  });
  const few = ["--steps", "2048", "--workers", "1", "--set", "bcEpochs=1", "--json"];
  const { status, stdout, stderr } = armgym("train", "PickPlace-v1", "--demos", "pickplace", ...few);
  expect(status, stderr).toBe(0);
  const config = JSON.parse(readFileSync(join(JSON.parse(stdout).run, "config.json"), "utf8"));
  expect(config).toMatchObject({ demos: join(folder, "pickplace"), settings: { freezeNormalizer: true } });
  expect(config.settings.initialLogStd).toBeCloseTo(Math.log(0.2), 12);
  const file = join("robomimic", "demos.hdf5");
  expect(armgym("train", "Push-v1", "--demos", file)).toEqual({
    status: 2,
    stdout: "",
    stderr: `${file} has the environment "PickPlace-v1"; training is set to "Push-v1". Record others: "armgym demo Push-v1".\n`,
  });
});

test("pictures are kept on request, as many as there are frames, and refused where there is no camera", () => {
  const size = ["--set", 'cameras=[{"name":"front","width":16,"height":12}]'];
  const record = (file: string, ...more: string[]) => {
    const { status, stderr } = armgym(
      "demo",
      "Reach-v1",
      "--episodes",
      "2",
      "--obs",
      "camera",
      ...size,
      "--out",
      file,
      ...more,
    );
    expect(status, stderr).toBe(0);
    return readFileSync(join(folder, file));
  };
  const [plain, seen] = [record("plain.mcap"), record("seen.mcap", "--pictures")];
  expect(messagesOf(plain, "/camera/front/image")).toEqual([]);
  // two episodes of 50 steps, each with the state before the first
  const images = messagesOf(seen, "/camera/front/image");
  expect(images).toHaveLength(102);
  expect(messagesOf(seen, "/camera/front/calibration")).toHaveLength(2);
  const { width, height } = decode(decoded(images[60]!).data as Uint8Array);
  expect([width, height]).toEqual([16, 12]);
  // to learn from they are the same demonstrations
  expect(readRecording(seen, "seen.mcap")).toEqual(readRecording(plain, "plain.mcap"));

  const { status, stderr } = armgym("demo", "Reach-v1", "--episodes", "1", "--out", "no.mcap", "--pictures");
  expect(status).toBe(2);
  expect(stderr.trim()).toBe(
    '--pictures is set, but Reach-v1 has no cameras in observation mode "state". Add --obs camera.',
  );
});

import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { MetricFiles } from "../../src/log/metric-files.js";
import { atomicWrite } from "../../src/runs/atomic-write.js";
import { type RunConfig, RunFolder } from "../../src/runs/run-folder.js";
import { VERSION } from "../../src/version.js";
import { temporaryFolder } from "../cli/command.js";

const CONFIG: RunConfig = {
  version: VERSION,
  env: "Reach-v1",
  agent: "ppo-mlp",
  envModule: "armgym",
  agentModule: "armgym",
  seed: 1,
  engine: "native",
  workers: 1,
  envConfig: {},
  settings: {},
  resolved: { settings: {}, envConfig: {}, trainEnv: {} },
};

test("links that somebody planted are replaced, not followed", () => {
  const folder = temporaryFolder();
  const treasure = join(folder, "treasure");
  writeFileSync(treasure, "gold");
  const file = join(folder, "config.json");
  symlinkSync(treasure, file);
  // the name that the temporary file had before
  symlinkSync(treasure, `${file}.${process.pid}.tmp`);
  atomicWrite(file, "new");
  expect([readFileSync(treasure, "utf8"), readFileSync(file, "utf8")]).toEqual(["gold", "new"]);
  expect(lstatSync(file).isSymbolicLink()).toBe(false);
});

test("nothing of a run is written through a link in its folder", async () => {
  const outside = temporaryFolder();
  const treasure = join(outside, "treasure");
  writeFileSync(treasure, "gold");
  const run = RunFolder.create(temporaryFolder(), CONFIG);
  symlinkSync(treasure, join(run.path, "metrics.jsonl"));
  const metrics = new MetricFiles(run.path);
  // what was there is kept as a file of the run's own
  metrics.write(1, { loss: 2 });
  expect([
    lstatSync(join(run.path, "metrics.jsonl")).isSymbolicLink(),
    readFileSync(treasure, "utf8"),
  ]).toEqual([false, "gold"]);
  rmSync(join(run.path, "metrics.jsonl"));
  symlinkSync(join(outside, "made"), join(run.path, "metrics.jsonl"));
  expect(() => metrics.write(2, { loss: 1 })).toThrow(/^ELOOP/);

  const episodes = join(run.path, "episodes");
  rmSync(episodes, { recursive: true });
  symlinkSync(outside, episodes);
  expect(() => run.saveEpisode("one.mcap", new Uint8Array(1))).toThrow(
    `${episodes} is a link. armgym writes into a run's own folder only: replace the link by a folder.`,
  );
  expect(readdirSync(outside)).toEqual(["treasure"]);
});

test("what a killed process left half-written is cleared when a run is taken, and nothing else", () => {
  const run = RunFolder.create(temporaryFolder(), CONFIG);
  const left = [
    "config.json.0a1b2c3d4e5f.tmp",
    "checkpoints/latest.safetensors.4711.tmp",
    "episodes/a.mcap.ffffffffffff.tmp",
  ];
  const others = ["notes.tmp", "episodes/my.tmp", "checkpoints/latest.safetensors"];
  for (const name of [...left, ...others]) writeFileSync(join(run.path, name), "");
  mkdirSync(join(run.path, "folder.0a1b2c3d4e5f.tmp"));
  run.lock();
  run.unlock();
  expect(left.filter((name) => existsSync(join(run.path, name)))).toEqual([]);
  expect(others.filter((name) => !existsSync(join(run.path, name)))).toEqual([]);
  expect(existsSync(join(run.path, "folder.0a1b2c3d4e5f.tmp"))).toBe(true);
});

test("a process that ends while it writes a file leaves the old one, and no temporary one", () => {
  const folder = temporaryFolder();
  const file = join(folder, "demos.mcap");
  writeFileSync(file, "old");
  const source = `
    import { atomicWriteParts } from ${JSON.stringify(pathToFileURL(resolve("dist/src/runs/atomic-write.js")).href)};
    await atomicWriteParts(${JSON.stringify(file)}, async (write) => {
      write(new Uint8Array(10));
      process.exit(7);
    });`;
  expect(spawnSync(process.execPath, ["--input-type=module", "-e", source]).status).toBe(7);
  expect(readdirSync(folder)).toEqual(["demos.mcap"]);
  expect(readFileSync(file, "utf8")).toBe("old");
});

test("a run's folder stays below its parent, whatever the environment is called", () => {
  const parent = join(temporaryFolder(), "runs");
  const now = new Date("2026-01-02T03:04:05Z");
  const names = ["../../evil", "/etc/evil", "..", "a\\b:c", "a/b-v1", "x".repeat(300), "Größe-v1"].map(
    (env) => {
      const { path } = RunFolder.create(parent, { ...CONFIG, env, seed: "../up" }, now);
      expect(path.startsWith(join(parent, ""))).toBe(true);
      return path.slice(parent.length + 1);
    },
  );
  const rest = "__ppo-mlp__-up__20260102-030405";
  expect(names).toEqual([
    `-..-evil${rest}`,
    `-etc-evil${rest}`,
    rest,
    `a-b-c${rest}`,
    `a-b-v1${rest}`,
    `${"x".repeat(80)}${rest}`,
    `Größe-v1${rest}`,
  ]);
  expect(readdirSync(parent)).toHaveLength(names.length);
  expect(RunFolder.create(parent, { ...CONFIG, env: "a/b-v1", seed: "../up" }, now).path).toBe(
    join(parent, `a-b-v1${rest}-2`),
  );
});

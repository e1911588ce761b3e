import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBundle } from "../../src/runs/open-bundle.js";
import { RunFolder } from "../../src/runs/run-folder.js";
import { VERSION } from "../../src/version.js";
import { checkpointOf, onlyRun, QUICK, runCommand, temporaryFolder, writeLineEnv } from "../cli/command.js";

async function trainQuickly(folder: string): Promise<string> {
  const env = writeLineEnv(folder, "line.ts");
  const args = ["train", env, ...QUICK, "--steps", "512", "--out", join(folder, "runs"), "--workers", "1"];
  expect((await runCommand(args, folder)).code).toBe(0);
  return onlyRun(join(folder, "runs"));
}

test("damaged runs, recordings and bundles are refused by file, cause and way out", async () => {
  const folder = temporaryFolder();
  const run = await trainQuickly(folder);
  const bundle = join(folder, "policy");
  expect((await runCommand(["export", run, "--out", bundle], folder)).code).toBe(0);
  const copy = (name: string, spoil: (path: string) => void) => {
    const path = join(folder, name);
    cpSync(run, path, { recursive: true });
    // no other checkpoint to take instead
    for (const other of ["previous.safetensors", "best.safetensors"])
      rmSync(join(path, "checkpoints", other), { force: true });
    spoil(path);
    return path;
  };
  const editConfig = (edit: (config: Record<string, unknown>) => object) => (path: string) => {
    const file = join(path, "config.json");
    writeFileSync(file, JSON.stringify(edit(JSON.parse(readFileSync(file, "utf8")))));
  };
  const checkpoint = (path: string) => join(path, "checkpoints", "latest.safetensors");

  const unmade = join(folder, "runs", "Line-v1__ppo-mlp__1__20200101-000000");
  const noCheckpoint = copy("no-checkpoint", (path) => rmSync(checkpoint(path)));
  const cut = copy("cut", (path) => truncateSync(checkpoint(path), 1000));
  const foreign = copy("foreign", (path) => writeFileSync(checkpoint(path), "something else"));
  const old = copy(
    "old",
    editConfig(() => ({ version: "0.0.9", anything: "else" })),
  );
  const lacking = copy(
    "lacking",
    editConfig(({ engine: _, ...config }) => config),
  );
  const setting = (name: string, settings: string) =>
    copy(
      name,
      editConfig((config) => ({ ...config, settings: JSON.parse(settings) as object })),
    );
  const tooLong = setting("too-long", '{"numSteps": 9007199254740992}');
  const polluting = setting("polluting", '{"__proto__": {"numSteps": 1}}');
  const noJson = copy("no-json", (path) => writeFileSync(join(path, "config.json"), "{"));
  const [episode] = [join(run, "episodes", "cut.mcap")];
  const recording = readFileSync(join(run, "episodes", "step-00000512-seed-1000000.mcap"));
  // within the header: of what is cut later, the frames that are there play
  writeFileSync(episode, recording.subarray(0, 600));

  const commands: [string[], unknown][] = [
    [
      ["eval", unmade],
      expect.stringMatching(
        `^There is no run folder ${unmade}\\. Did you mean "Line-v1__.*"\\? {1,2}Runs there: Line-v1__.*\\.\n$`,
      ),
    ],
    [
      ["eval", folder],
      `${folder} is no run folder: it has no config.json. Give a folder that "armgym train" made.\n`,
    ],
    [
      ["train", "--resume", noCheckpoint],
      `${noCheckpoint} has no checkpoint: the run ended before its first one. Train again.\n`,
    ],
    [
      ["train", "--resume", cut],
      `${checkpoint(cut)} is damaged: its checksum does not match. Take another checkpoint of the run.\n`,
    ],
    [["export", foreign, "--out", bundle], `${checkpoint(foreign)} is not an armgym checkpoint.\n`],
    [
      ["eval", old],
      `${old} was made by armgym 0.0.9, this is ${VERSION}. Run "npx armgym@0.0.9" or train again.\n`,
    ],
    [
      ["eval", lacking],
      `${lacking}/config.json is damaged: engine: Invalid option: expected one of "native"|"wasm"|"tensorflow"|"reference". Mend it, or take another run.\n`,
    ],
    [
      ["eval", tooLong],
      'Setting "numSteps" is 9007199254740992, expected a whole number from 1 to 65536, in steps.\n',
    ],
    [
      ["eval", polluting],
      expect.stringMatching(/^Unknown setting "__proto__" of ppo-mlp\. It has: totalSteps, .*\n$/),
    ],
    [
      ["eval", noJson],
      expect.stringMatching(
        `^${noJson}/config\\.json is damaged: .*JSON.*\\. Mend it, or take another run\\.\n$`,
      ),
    ],
    [["view", episode], `${episode} is not a whole recording: it is cut short. Record the episode again.\n`],
    [
      ["view", join(folder, "nowhere")],
      `There is nothing at ${folder}/nowhere. Train first: "armgym train Reach-v1".\n`,
    ],
    [["view", bundle], `There are no runs in ${bundle}. Train first: "armgym train Reach-v1".\n`],
  ];
  const results = await Promise.all(commands.map(([args]) => runCommand(args, folder)));
  expect(results.map(({ stderr }) => stderr)).toEqual(commands.map(([, message]) => message));
  expect(results.map(({ code, stdout }) => [code, stdout])).toEqual(commands.map(() => [2, ""]));

  const spoiltBundle = (name: string, file: string, content: string) => {
    const path = join(folder, name);
    cpSync(bundle, path, { recursive: true });
    writeFileSync(join(path, file), content);
    return path;
  };
  await expect(openBundle(spoiltBundle("json", "policy.json", "{}"))).rejects.toThrow(
    /^policy\.json is damaged: format: .*\. Export the policy again\.$/,
  );
  await expect(openBundle(spoiltBundle("onnx", "policy.onnx", "not a model"))).rejects.toThrow(
    /^The ONNX model cannot be opened: .*It may be damaged; export it again\.$/s,
  );
  await expect(openBundle(run)).rejects.toThrow(
    `${run} has no policy.onnx. Give a folder that "armgym export" wrote.`,
  );
});

test("where saving fails the previous checkpoint stays good", async () => {
  const folder = temporaryFolder();
  const run = await trainQuickly(folder);
  const before = await checkpointOf(run);
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "none", disk], { stdio: "ignore" });
  } catch {
    console.warn("A full disk cannot be tested here: mounting is not permitted.");
    return;
  }
  try {
    const copied = join(disk, "run");
    mkdirSync(join(copied, "checkpoints"), { recursive: true });
    for (const name of ["config.json", "metrics.jsonl", "progress.csv", "checkpoints/latest.safetensors"])
      copyFileSync(join(run, name), join(copied, name));
    const opened = RunFolder.open(copied);
    const state = await opened.loadCheckpoint();
    const file = join(copied, "checkpoints", "latest.safetensors");
    const returnNormalizer = { ...state.returnNormalizer, returns: new Float32Array(1_000_000) };
    const huge = { ...state, returnNormalizer };
    await expect(opened.saveCheckpoint(huge)).rejects.toThrow(
      `Cannot write ${file}: the disk is full. Free some space; what was saved before is untouched.`,
    );
    expect(await checkpointOf(copied)).toEqual(before);
    execFileSync("mount", ["-o", "remount,ro", disk]);
    await expect(opened.saveCheckpoint(state)).rejects.toThrow(
      `Cannot write ${file}: the disk is read-only. Choose another folder with the option "out"; what was saved before is untouched.`,
    );
    expect(await checkpointOf(copied)).toEqual(before);
    const { code, stderr } = await runCommand(["eval", copied, "--episodes", "1"], folder);
    expect([code, stderr]).toEqual([
      2,
      `Cannot write ${copied}/evaluation.json: the disk is read-only. Choose another folder with --out; what was saved before is untouched.\n`,
    ]);
  } finally {
    execFileSync("umount", [disk]);
  }
});

test("a disk that runs full while training ends it with the reason and the way to go on", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.js");
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", disk], { stdio: "ignore" });
  } catch {
    console.warn("A full disk cannot be tested here: mounting is not permitted.");
    return;
  }
  try {
    const { code, stderr } = await runCommand(["train", env, ...QUICK, "--out", disk, "--workers", "1"]);
    const run = onlyRun(disk);
    const { steps } = await checkpointOf(run);
    expect(code).toBe(2);
    const [message, saved] = stderr.split("\n").slice(-3);
    expect(message).toMatch(
      new RegExp(
        `^Cannot write ${run}(/.*)?: the disk is full\\. Free some space; what was saved before is untouched\\.$`,
      ),
    );
    expect(saved).toBe(
      `Saved up to step ${steps}. Resume with: npx armgym train --resume ${run} --env ${env}`,
    );
  } finally {
    execFileSync("umount", [disk]);
  }
});

test("a folder that cannot be made is named before anything is trained", async () => {
  const { code, stderr } = await runCommand(["train", "Reach-v1", "--out", "/dev/null/runs"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^Cannot write \/dev\/null\/runs\/Reach-v1__\S+: a part of the path is a file, not a folder\. Choose another folder with --out\.\n$/,
  );
});

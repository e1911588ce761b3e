// Every format that armgym reads from disk: a whole file of it, and the code that reads it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { envs } from "../../../envs/index.js";
import { readEncoder } from "../../../src/cli/encoder-file.js";
import { livePolicyOfRun } from "../../../src/cli/live-policy-of-run.js";
import { RunFolder } from "../../../src/cli/run-folder.js";
import { listTarget, viewTarget } from "../../../src/cli/view-target.js";
import { loadEngine } from "../../../src/compile/engine.js";
import { loadBundle } from "../../../src/deploy/bundle.js";
import { MetricFiles } from "../../../src/log/metric-files.js";
import { readRecording, readSummaries } from "../../../src/replay/mcap-read.js";
import { demonstrationsFrom } from "../../../src/rl/demonstrations.js";
import { replayRecording } from "../../../src/rl/replay-recording.js";
import { meshBounds } from "../../../src/robots/mesh-bounds.js";
import { importUrdf } from "../../../src/robots/urdf-import.js";

/** A whole file and how armgym reads one. */
export interface FileFormat {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Read a damaged one; throws a UsageError where it is refused. */
  read(bytes: Uint8Array): unknown;
  /** Make the checksum right again, as somebody does who wants the content to be believed. */
  mend?(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

const MAIN = fileURLToPath(new URL("../../../src/cli/main.js", import.meta.url));
const TRAINING = ["numEnvs=8", "groupSize=8", "numSteps=16", "validationEpisodes=2"];
const MAGIC_SIZE = 8;
const HASH_SIZE = 32;

/** Make a file of each format below `folder`, by the commands that users make them with. */
export async function makeFiles(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const set = TRAINING.flatMap((setting) => ["--set", setting]);
  armgym("train", "Reach-v1", ...set, "--steps", "512", "--out", join(folder, "runs"));
  armgym("export", onlyRun(folder), "--out", join(folder, "policy"));
  armgym("demo", "Reach-v1", "--episodes", "3", "--out", join(folder, "demos.mcap"));
  armgym("pretrain", "Reach-v1", "--scenes", "200", "--out", join(folder, "eyes.encoder"));
  writeFileSync(join(folder, "arm.urdf"), URDF);
  writeFileSync(join(folder, "link.stl"), stl());
  writeFileSync(join(folder, "link.obj"), "v 0 -0.05 -0.05\nv 0.3 0.05 0.05\nv 0.3 0 0\nf 1 2 3\n");
}

/** List all formats with the files that `makeFiles` made. */
export function fileFormats(folder: string): readonly FileFormat[] {
  const run = onlyRun(folder);
  const file = (...parts: string[]) => new Uint8Array(readFileSync(join(folder, ...parts)));
  const episodes = join(run, "episodes");
  const episode = join(episodes, readdirSync(episodes).find((name) => name.endsWith(".mcap"))!);
  const [urdf, demos, reach] = [file("arm.urdf"), file("demos.mcap"), envs["Reach-v1"]];
  const { spec } = reach.create();
  const bundle = () => ({
    policyOnnx: file("policy", "policy.onnx"),
    policyJson: text(file("policy", "policy.json")),
    vectorsJson: text(file("policy", "vectors.json")),
  });
  const replay = (bytes: Uint8Array) => {
    readSummaries(bytes);
    const recording = readRecording(bytes, "episode.mcap");
    return replayRecording(reach, recording, recording.frames.length - 1);
  };
  const inRun = (...parts: string[]) => inCopy(run, join(...parts));
  const checkpoint = readFileSync(join(run, "checkpoints", "latest.ckpt"));
  return [
    {
      name: "config.json",
      bytes: new Uint8Array(readFileSync(join(run, "config.json"))),
      read: inRun("config.json"),
    },
    { name: "checkpoint", bytes: new Uint8Array(checkpoint), read: inRun("checkpoints", "latest.ckpt") },
    {
      name: "checkpoint with its checksum mended",
      bytes: new Uint8Array(checkpoint),
      read: inRun("checkpoints", "latest.ckpt"),
      mend: withChecksum,
    },
    {
      name: "metrics.jsonl",
      bytes: new Uint8Array(readFileSync(join(run, "metrics.jsonl"))),
      read: inRun("metrics.jsonl"),
    },
    {
      name: "progress.csv",
      bytes: new Uint8Array(readFileSync(join(run, "progress.csv"))),
      read: inRun("progress.csv"),
    },
    {
      name: "evaluation.json",
      bytes: new Uint8Array(readFileSync(join(run, "evaluation.json"))),
      read: inRun("evaluation.json"),
    },
    { name: "episode (MCAP)", bytes: new Uint8Array(readFileSync(episode)), read: replay },
    {
      name: "demonstrations (MCAP)",
      bytes: demos,
      read: (bytes) => demonstrationsFrom(readRecording(bytes, "demos.mcap"), "demos.mcap", spec),
    },
    { name: "encoder", bytes: file("eyes.encoder"), read: encoderIn(folder) },
    {
      name: "encoder with its checksum mended",
      bytes: file("eyes.encoder"),
      read: encoderIn(folder),
      mend: withChecksum,
    },
    {
      name: "policy.onnx",
      bytes: bundle().policyOnnx,
      read: async (policyOnnx) => useBundle({ ...bundle(), policyOnnx }),
    },
    {
      name: "policy.json",
      bytes: file("policy", "policy.json"),
      read: async (bytes) => useBundle({ ...bundle(), policyJson: text(bytes) }),
    },
    {
      name: "vectors.json",
      bytes: file("policy", "vectors.json"),
      read: async (bytes) => useBundle({ ...bundle(), vectorsJson: text(bytes) }),
    },
    { name: "URDF", bytes: urdf, read: (bytes) => importUrdf(text(bytes), { file: "arm.urdf" }) },
    { name: "STL", bytes: file("link.stl"), read: (bytes) => meshBounds("link.stl", bytes) },
    { name: "OBJ", bytes: file("link.obj"), read: (bytes) => meshBounds("link.obj", bytes) },
  ];
}

/** Read the run in a copy of its folder with one file damaged, by all that looks at a run without training it. */
function inCopy(run: string, name: string): (bytes: Uint8Array) => Promise<void> {
  const runs = join(run, "..", "..", `copies-${process.pid}`);
  const copy = join(runs, "run");
  return async (bytes) => {
    if (!existsSync(copy)) {
      cpSync(run, copy, { recursive: true });
      // what would be taken instead
      for (const other of ["previous.ckpt", "best.ckpt"])
        rmSync(join(copy, "checkpoints", other), { force: true });
    }
    writeFileSync(join(copy, name), bytes);
    listTarget(viewTarget(runs));
    listTarget(viewTarget(copy));
    const folder = RunFolder.open(copy);
    await folder.loadCheckpoint();
    await livePolicyOfRun(copy);
    // what resuming does to the metric files; it writes them anew, the damaged one is written again before the next try
    new MetricFiles(copy, 256).write(384, { "rollout/success_rate": 0 });
  };
}

function encoderIn(folder: string): (bytes: Uint8Array) => Promise<unknown> {
  return (bytes) => {
    const file = join(folder, `eyes-${process.pid}.encoder`);
    writeFileSync(file, bytes);
    return readEncoder(file);
  };
}

async function useBundle(files: Parameters<typeof loadBundle>[0]): Promise<void> {
  const policy = await loadBundle(files, await loadEngine("native"));
  try {
    await policy.verify();
    await policy.act(new Float32Array(policy.manifest.observation.length));
  } finally {
    await policy.dispose();
  }
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(MAGIC_SIZE + HASH_SIZE);
  if (bytes.length > MAGIC_SIZE + HASH_SIZE)
    bytes.set(createHash("sha256").update(body).digest(), MAGIC_SIZE);
  return bytes;
}

function armgym(...args: string[]): void {
  execFileSync(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
}

function onlyRun(folder: string): string {
  return join(folder, "runs", readdirSync(join(folder, "runs"))[0]!);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A block of 12 triangles with `count` as its header says. */
function stl(): Uint8Array {
  const bytes = new Uint8Array(84 + 12 * 50);
  const view = new DataView(bytes.buffer);
  view.setUint32(80, 12, true);
  for (let triangle = 0; triangle < 12; triangle++)
    for (let k = 0; k < 12; k++)
      view.setFloat32(84 + 50 * triangle + 4 * k, ((triangle * 7 + k * 3) % 11) / 20, true);
  return bytes;
}

const link = (name: string, mass: number) =>
  `<link name="${name}"><inertial><mass value="${mass}"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>` +
  `<collision><geometry><box size="0.1 0.1 0.2"/></geometry></collision></link>`;
const joint = (name: string, parent: string, child: string, xyz: string, axis: string) =>
  `<joint name="${name}" type="revolute"><parent link="${parent}"/><child link="${child}"/><origin xyz="${xyz}"/>` +
  `<axis xyz="${axis}"/><limit lower="-2.9" upper="2.9" effort="50" velocity="3"/></joint>`;
const URDF = `<?xml version="1.0"?>
<robot name="six axes">
  <link name="base"/>${link("l1", 3)}${link("l2", 3)}${link("l3", 2)}${link("l4", 1)}${link("l5", 1)}${link("l6", 0.5)}
  ${joint("j1", "base", "l1", "0 0 0.3", "0 0 1")}
  ${joint("j2", "l1", "l2", "0 0 0", "0 1 0")}
  ${joint("j3", "l2", "l3", "0.35 0 0", "0 1 0")}
  ${joint("j4", "l3", "l4", "0.3 0 0", "1 0 0")}
  ${joint("j5", "l4", "l5", "0.05 0 0", "0 1 0")}
  ${joint("j6", "l5", "l6", "0.05 0 0", "1 0 0")}
  <link name="tool0"/>
  <joint name="flange" type="fixed"><parent link="l6"/><child link="tool0"/><origin xyz="0.05 0 0" rpy="0 1.5707963 0"/></joint>
</robot>
`;

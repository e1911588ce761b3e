// Every format that armgym reads from disk: a whole file of it, and the code that reads it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import { envs } from "../../../envs/index.js";
import { listTarget, viewTarget } from "../../../src/cli/view/view-target.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { loadBundle } from "../../../src/deploy/bundle.js";
import { replayRecording } from "../../../src/episodes/replay-recording.js";
import { MetricFiles } from "../../../src/log/metric-files.js";
import { decodeSafetensors } from "../../../src/model/safetensors.js";
import { decodeModel } from "../../../src/model/trained-model.js";
import { readRecording, readSummaries } from "../../../src/recording/mcap-read.js";
import { demonstrationsFrom } from "../../../src/rl/imitation/demonstrations.js";
import { policyFor } from "../../../src/rl/policy.js";
import { policyModel } from "../../../src/rl/policy-model.js";
import { readMesh } from "../../../src/robots/import/geometry/read-mesh.js";
import { importUrdf } from "../../../src/robots/import/import-robot.js";
import { readEncoder } from "../../../src/runs/encoder-file.js";
import { livePolicyOfRun } from "../../../src/runs/live-policy-of-run.js";
import { RunFolder } from "../../../src/runs/run-folder.js";
import { onlyRunOf } from "./run-end.js";

/** A whole file and how armgym reads one. */
export interface FileFormat {
  readonly name: string;
  /** How many are read for each thousand of the benchmark: more where reading one costs little. */
  readonly share: number;
  readonly bytes: Uint8Array;
  /** Read a damaged one; throws a UsageError where it is refused. */
  read(bytes: Uint8Array): unknown;
  /** Make the checksum right again, as somebody does who wants the content to be believed. */
  mend?(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

const MAIN = fileURLToPath(new URL("../../../src/cli/main.js", import.meta.url));
const ENV = "Reach-v1";
const TRAINING = ["numEnvs=8", "envsPerGroup=8", "numSteps=16", "validationEpisodes=2"];
const MAGIC_SIZE = 8;
/** Of safetensors files: where the hash of all bytes stands, in hexadecimal. */
const HASH_PLACE = 8 + '{"__metadata__":{"sha256":"'.length;
const HASH_SIZE = 64;
/** Of MCAP: an opcode and a length before each record. */
const RECORD_HEAD = 9;
const [CHUNK, DATA_END] = [0x06, 0x0f];

/** Make a file of each format below `folder`, by the commands that users make them with. */
export async function makeFiles(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const set = TRAINING.flatMap((setting) => ["--set", setting]);
  armgym("train", ENV, ...set, "--steps", "512", "--out", join(folder, "runs"));
  armgym("export", onlyRunOf(join(folder, "runs"), ENV), "--out", join(folder, "policy"));
  armgym("demo", ENV, "--episodes", "3", "--out", join(folder, "demos.mcap"));
  armgym("pretrain", ENV, "--scenes", "200", "--out", join(folder, "eyes.encoder"));
  writeFileSync(join(folder, "arm.urdf"), URDF);
  writeFileSync(join(folder, "link.stl"), stl());
  writeFileSync(join(folder, "link.obj"), "v 0 -0.05 -0.05\nv 0.3 0.05 0.05\nv 0.3 0 0\nf 1 2 3\n");
}

/** List all formats with the files that `makeFiles` made. */
export function fileFormats(folder: string): readonly FileFormat[] {
  const run = onlyRunOf(join(folder, "runs"), ENV);
  const file = (...parts: string[]) => new Uint8Array(readFileSync(join(folder, ...parts)));
  const episodes = join(run, "episodes");
  const episode = join(episodes, readdirSync(episodes).find((name) => name.endsWith(".mcap"))!);
  const [urdf, demos, reach] = [file("arm.urdf"), file("demos.mcap"), envs[ENV]];
  const { spec } = reach.create();
  const model = policyModel(policyFor(ppoMlp, spec, ppoMlp.settings));
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
  const checkpoint = readFileSync(join(run, "checkpoints", "latest.safetensors"));
  return [
    {
      name: "config.json",
      share: 4,
      bytes: new Uint8Array(readFileSync(join(run, "config.json"))),
      read: inRun("config.json"),
    },
    {
      name: "checkpoint",
      share: 4,
      bytes: new Uint8Array(checkpoint),
      read: inRun("checkpoints", "latest.safetensors"),
    },
    {
      name: "checkpoint with its checksum mended",
      share: 5,
      bytes: new Uint8Array(checkpoint),
      read: inRun("checkpoints", "latest.safetensors"),
      mend: withChecksum(checkpoint),
    },
    {
      name: "weights (safetensors)",
      share: 8,
      bytes: inFolder(run, "model.safetensors"),
      read: (bytes) => decodeSafetensors(bytes, "model.safetensors"),
    },
    {
      name: "model.json",
      share: 8,
      bytes: inFolder(run, "model.json"),
      read: (bytes) => {
        const files = { weights: inFolder(run, "model.safetensors"), description: text(bytes) };
        return decodeModel(model, files, { weights: "model.safetensors", description: "model.json" });
      },
    },
    {
      name: "metrics.jsonl",
      share: 10,
      bytes: new Uint8Array(readFileSync(join(run, "metrics.jsonl"))),
      read: listing(run, "metrics.jsonl"),
    },
    {
      name: "progress.csv",
      share: 10,
      bytes: new Uint8Array(readFileSync(join(run, "progress.csv"))),
      read: listing(run, "progress.csv"),
    },
    {
      name: "evaluation.json",
      share: 10,
      bytes: new Uint8Array(readFileSync(join(run, "evaluation.json"))),
      read: listing(run, "evaluation.json"),
    },
    { name: "episode (MCAP)", share: 4, bytes: new Uint8Array(readFileSync(episode)), read: replay },
    {
      name: "episode without checksums (MCAP)",
      share: 4,
      bytes: withoutChecksums(readFileSync(episode)),
      read: replay,
    },
    {
      name: "demonstrations (MCAP)",
      share: 6,
      bytes: demos,
      read: (bytes) => demonstrationsFrom(readRecording(bytes, "demos.mcap"), "demos.mcap", spec),
    },
    {
      name: "demonstrations without checksums (MCAP)",
      share: 6,
      bytes: withoutChecksums(demos),
      read: (bytes) => demonstrationsFrom(readRecording(bytes, "demos.mcap"), "demos.mcap", spec),
    },
    { name: "encoder", share: 8, bytes: file("eyes.encoder"), read: encoderIn(folder) },
    {
      name: "encoder with its checksum mended",
      share: 8,
      bytes: file("eyes.encoder"),
      read: encoderIn(folder),
      mend: withChecksum(file("eyes.encoder")),
    },
    {
      name: "policy.onnx",
      share: 3,
      bytes: bundle().policyOnnx,
      read: async (policyOnnx) => useBundle({ ...bundle(), policyOnnx }),
    },
    {
      name: "policy.json",
      share: 6,
      bytes: file("policy", "policy.json"),
      read: async (bytes) => useBundle({ ...bundle(), policyJson: text(bytes) }),
    },
    {
      name: "vectors.json",
      share: 6,
      bytes: file("policy", "vectors.json"),
      read: async (bytes) => useBundle({ ...bundle(), vectorsJson: text(bytes) }),
    },
    { name: "URDF", share: 3, bytes: urdf, read: (bytes) => importUrdf(text(bytes), { file: "arm.urdf" }) },
    { name: "STL", share: 10, bytes: file("link.stl"), read: (bytes) => readMesh(bytes, "link.stl") },
    { name: "OBJ", share: 10, bytes: file("link.obj"), read: (bytes) => readMesh(bytes, "link.obj") },
  ];
}

function inFolder(folder: string, name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, name)));
}

/** Put the damaged file into a copy of the run and go on from there as somebody does who goes on with it or shows it. */
function inCopy(run: string, name: string): (bytes: Uint8Array) => Promise<void> {
  return async (bytes) => {
    const copy = copyOf(run, name, bytes);
    await RunFolder.open(copy).loadCheckpoint();
    await livePolicyOfRun(copy);
  };
}

/** The same for files that runs are listed by, and that a resumed training mends. */
function listing(run: string, name: string): (bytes: Uint8Array) => void {
  return (bytes) => {
    const copy = copyOf(run, name, bytes);
    listTarget(viewTarget(dirname(copy)));
    listTarget(viewTarget(copy));
    new MetricFiles(copy, 256).write(384, { "rollout/success_rate": 0 });
  };
}

/** The process's own copy of the run, with the file `name` damaged. */
function copyOf(run: string, name: string, bytes: Uint8Array): string {
  const copy = join(run, "..", "..", `copies-${process.pid}`, "run");
  if (!existsSync(copy)) {
    cpSync(run, copy, { recursive: true });
    // what would be taken instead
    for (const other of ["previous.safetensors", "best.safetensors"])
      rmSync(join(copy, "checkpoints", other), { force: true });
  }
  writeFileSync(join(copy, name), bytes);
  return copy;
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

function withChecksum(whole: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    if (bytes.length < HASH_PLACE + HASH_SIZE) return bytes;
    // a text that is edited makes the header longer or shorter
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const length = view.getBigUint64(0, true) + BigInt(bytes.length - whole.length);
    view.setBigUint64(0, BigInt.asUintN(64, length), true);
    bytes.fill(0x30, HASH_PLACE, HASH_PLACE + HASH_SIZE);
    bytes.set(Buffer.from(createHash("sha256").update(bytes).digest("hex")), HASH_PLACE);
    return bytes;
  };
}

/** A copy of an MCAP file whose chunks and end say that no checksum was computed: what is inside is looked at then. */
function withoutChecksums(file: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(file);
  const view = new DataView(bytes.buffer);
  for (let record = MAGIC_SIZE; record + RECORD_HEAD < bytes.length - MAGIC_SIZE; ) {
    const [opcode, content] = [bytes[record], record + RECORD_HEAD];
    if (opcode === CHUNK) view.setUint32(content + 24, 0, true);
    if (opcode === DATA_END) view.setUint32(content, 0, true);
    record = content + Number(view.getBigUint64(record + 1, true));
  }
  return bytes;
}

function armgym(...args: string[]): void {
  execFileSync(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
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

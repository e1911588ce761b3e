// Policies served: 50 robots at 20 Hz, openpi's own client, and a million steps of sessions with memory whose clients are killed. Linux.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { encode } from "@msgpack/msgpack";
import { WebSocket } from "ws";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { createRandom } from "../../src/math/random.js";
import { openBundle } from "../../src/runs/open-bundle.js";
import { packMap } from "../../src/serve/policy/numpy-arrays.js";
import type { PolicyServerStatus } from "../../src/serve/policy/policy-server.js";
import { percentiles } from "../../src/serve/policy/service-meter.js";
import { type BundleOptions, untrainedBundle } from "../deploy/untrained-bundle.js";
import { OPENPI } from "../serve/policy/openpi-client.js";
import { pythonWith, runPython } from "./python-peer.js";

const SCRIPT = fileURLToPath(new URL("../../../test/bench/openpi-times.py", import.meta.url));
const PLAYER = fileURLToPath(new URL("./serve-player.js", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));
/** Within an episode of each task. */
const VECTORS = 40;
/** Policies of the sizes that are trained; what their numbers are makes no difference here. */
const POLICIES = {
  state: { agent: ppoMlp, env: "PickPlace-v1", steps: VECTORS },
  memory: { agent: ppoLstm, env: "RememberGoal-v1", steps: VECTORS },
  picture: {
    agent: ppoCnnLstm,
    env: "PickPlace-v1",
    envConfig: { observationMode: "camera", cameras: [{ name: "front", width: 224, height: 224 }] },
    steps: 8,
  },
} satisfies Record<string, BundleOptions>;
const SESSIONS = 50;
const RATE = 20;
const SECONDS = 30;
const STEPS = 1_000_000;
const CLIENTS = 3;
const CLIENT_SESSIONS = 16;
const KILL_SECONDS = 10;

/** Serve each policy by a process of its own and measure it. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "armgym-serve-"));
  try {
    const write = async (name: keyof typeof POLICIES) => {
      const { bundle } = await untrainedBundle(POLICIES[name]);
      const path = join(folder, name);
      mkdirSync(path);
      writeFileSync(join(path, "policy.onnx"), bundle.policyOnnx);
      writeFileSync(join(path, "policy.json"), bundle.policyJson);
      writeFileSync(join(path, "vectors.json"), bundle.vectorsJson);
      return path;
    };
    const [state, memory, picture] = [await write("state"), await write("memory"), await write("picture")];
    return [
      ...(await served(state, (server) => manyRobots(server, vectorsOf(state)))),
      ...(await openpiTimes(state, "PickPlace-v1 from its state")),
      ...(await openpiTimes(picture, "PickPlace-v1 from a picture of 224 x 224")),
      await served(memory, (server) => killedClients(server, memory)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server in a process of its own. */
interface Served {
  readonly address: string;
  status(): Promise<PolicyServerStatus>;
}

async function served<Result>(folder: string, measure: (server: Served) => Promise<Result>): Promise<Result> {
  const child = spawn(process.execPath, [MAIN, "serve", folder, "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    let address = "";
    for await (const line of createInterface({ input: child.stdout })) {
      address ||= /openpi {2}(\S+)/.exec(line)?.[1] ?? "";
      if (line.startsWith("Ctrl-C")) break;
    }
    if (address === "") throw new Error(`the server of ${folder} ended`);
    const page = `${address.replace("ws:", "http:")}/status`;
    const status = async () => (await (await fetch(page)).json()) as PolicyServerStatus;
    return await measure({ address, status });
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

function vectorsOf(folder: string): { readonly obs: number[] }[] {
  return JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8"));
}

function connected(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    // the metadata
    socket.once("message", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Sessions that ask at a fixed rate, out of step with each other. */
async function manyRobots(
  server: Served,
  vectors: readonly { readonly obs: number[] }[],
): Promise<BenchRow[]> {
  const frames = vectors.map(({ obs }) => packMap([["state", packVector(Float32Array.from(obs))]]));
  const times: number[] = [];
  let [late, waiting] = [0, 0];
  const sockets: WebSocket[] = [];
  const timers: NodeJS.Timeout[] = [];
  for (let place = 0; place < SESSIONS; place++) {
    const socket = await connected(server.address);
    sockets.push(socket);
    let [step, asked] = [place, 0];
    socket.on("message", () => {
      times.push(performance.now() - asked);
      asked = 0;
      waiting--;
    });
    const ask = () => {
      if (asked !== 0) return void late++;
      asked = performance.now();
      waiting++;
      socket.send(frames[step++ % frames.length]!);
    };
    setTimeout(() => timers.push(setInterval(ask, 1000 / RATE)), (place * 1000) / RATE / SESSIONS);
  }
  // V8 compiles hot code meanwhile
  await sleep(5000);
  times.length = 0;
  const before = await server.status();
  await sleep(1000 * SECONDS);
  const after = await server.status();
  for (const timer of timers) clearInterval(timer);
  while (waiting > 0) await sleep(5);
  for (const socket of sockets) socket.terminate();
  const share = (after.cpuSeconds - before.cpuSeconds) / (after.upSeconds - before.upSeconds);
  const trip = percentiles(Float64Array.from(times));
  const steps = after.steps - before.steps;
  const what = `${SESSIONS} sessions at ${RATE} Hz, PickPlace-v1 from its state (${steps} steps in ${SECONDS} s, ${late} asked late)`;
  return [
    {
      what: `${what}: round trip p50`,
      value: trip.p50!,
      unit: "ms",
      against: null,
      ratio: null,
      others: {
        p99: trip.p99!,
        "in the server p50": after.totalMs.p50!,
        "in the server p99": after.totalMs.p99!,
        "inference p50": after.inferMs.p50!,
        "inference p99": after.inferMs.p99!,
      },
    },
    {
      what: `${what}: processor time of the server`,
      value: 100 * share,
      unit: "% of one core",
      against: null,
      ratio: null,
    },
  ];
}

/** Pack a vector as openpi's client does. */
function packVector(vector: Float32Array): Uint8Array {
  return packMap([
    [Buffer.from("__ndarray__"), encode(true)],
    [Buffer.from("data"), encode(new Uint8Array(vector.buffer))],
    [Buffer.from("dtype"), encode("<f4")],
    [Buffer.from("shape"), encode([vector.length])],
  ]);
}

/** The same by openpi's own client, one session, as fast as it goes. */
async function openpiTimes(folder: string, what: string): Promise<BenchRow[]> {
  const python = pythonWith(...OPENPI);
  if (python === undefined) return [];
  return served(folder, async ({ address }) => {
    const port = new URL(address).port;
    const { p50, p99, infer } = JSON.parse(runPython(python, SCRIPT, [port, join(folder, "vectors.json")]));
    return [
      {
        what: `openpi-client's round trip p50, ${what}`,
        value: p50,
        unit: "ms",
        against: null,
        ratio: null,
        others: { p99, "of it inference": infer },
      },
    ];
  });
}

/** A client process, the steps it found right, and whether one was not. */
interface Player {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  right: number;
}

/** Clients check every answer bit for bit, and one of them is killed every ten seconds. */
async function killedClients(server: Served, folder: string): Promise<BenchRow> {
  const expected = join(folder, "expected.json");
  writeFileSync(expected, JSON.stringify(await expectedAnswers(folder)));
  const random = createRandom("killed clients");
  const players: Player[] = [];
  for (let place = 0; place < CLIENTS; place++) players.push(playerOf(server.address, expected));
  let [right, killed] = [0, 0];
  const known = () => right + players.reduce((sum, player) => sum + player.right, 0);
  while (known() < STEPS) {
    await sleep(1000 * KILL_SECONDS);
    const place = random.integer(CLIENTS);
    const player = players[place]!;
    player.child.kill("SIGKILL");
    requireKilled(await player.ended);
    right += player.right;
    killed++;
    players[place] = playerOf(server.address, expected);
  }
  const total = known();
  for (const { child, ended } of players) {
    child.kill("SIGKILL");
    requireKilled(await ended);
  }
  const { refused, sessionsOpened } = await server.status();
  if (refused > 0) throw new Error(`the server refused ${refused} requests`);
  return {
    what: `Steps of a policy with memory whose answers were right bit for bit, all of them, in ${sessionsOpened} sessions, ${CLIENTS * CLIENT_SESSIONS} at a time, of clients of which ${killed} were killed`,
    value: total,
    unit: "steps",
    against: null,
    ratio: null,
  };
}

function requireKilled(code: number | null): void {
  if (code !== null) throw new Error(`a client found a wrong answer, or could not play (exit code ${code})`);
}

async function expectedAnswers(folder: string): Promise<{ obs: number[]; actions: number[] }[]> {
  const policy = await openBundle(folder);
  const answers: { obs: number[]; actions: number[] }[] = [];
  for (const { obs } of vectorsOf(folder)) answers.push({ obs, actions: [...(await policy.command(obs))] });
  await policy.dispose();
  return answers;
}

function playerOf(address: string, expected: string): Player {
  const child = spawn(process.execPath, [PLAYER, address, expected, String(CLIENT_SESSIONS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const player: Player = {
    child,
    right: 0,
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    player.right = Number(line);
  });
  return player;
}

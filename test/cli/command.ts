// Run the built command line as a user does, and make small environments for it.
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { readMetrics } from "../../src/log/metric-files.js";
import type { TrainingState } from "../../src/rl/training-state.js";
import { decodeState } from "../../src/runs/checkpoint-files.js";

const MAIN = resolve("dist/src/cli/main.js");
const LIBRARY = pathToFileURL(resolve("dist/src/index.js")).href;

/** What a command ended with. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that may still be running. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly done: Promise<CommandResult>;
  /** Resolve when stderr holds `text`. */
  says(text: string): Promise<void>;
  /** Resolve when the command listens to signals; asks Linux, and waits elsewhere. */
  hears(): Promise<void>;
  /** Resolve when it has used the processor for so many seconds from now on, however busy the machine is; waits elsewhere. */
  works(seconds: number): Promise<void>;
}

/** Start `armgym` with these arguments. */
export function startCommand(args: readonly string[], cwd = process.cwd()): RunningCommand {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const { text, resolve } of waiting) if (stderr.includes(text)) resolve();
  });
  const done = new Promise<CommandResult>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      if (stderr.includes(text)) return resolve();
      waiting.push({ text, resolve });
      void done.then(() => reject(new Error(`it ended without saying "${text}": ${stderr}`)));
    });
  const hears = () => catchesHangUp(child);
  return { process: child, done, says, hears, works: (seconds) => usesProcessor(child, seconds) };
}

/** Node itself leaves SIGHUP alone, so that a process which catches it has handlers of its own. */
async function catchesHangUp({ pid }: ChildProcess): Promise<void> {
  if (process.platform !== "linux") return setTimeout(5000);
  const isCaught = () => /^SigCgt:.*[13579bdf]$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  while (!isCaught()) await setTimeout(20);
}

const TICKS_PER_SECOND = 100;

async function usesProcessor({ pid }: ChildProcess, seconds: number): Promise<void> {
  if (process.platform !== "linux") return setTimeout(5000 * seconds);
  const used = () => {
    const [, fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const [user, system] = fields!.split(" ").slice(11, 13).map(Number);
    return (user! + system!) / TICKS_PER_SECOND;
  };
  const until = used() + seconds;
  while (used() < until) await setTimeout(20);
}

/** Run `armgym` with these arguments to its end. */
export function runCommand(args: readonly string[], cwd?: string): Promise<CommandResult> {
  return startCommand(args, cwd).done;
}

/** Make a folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "armgym-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The only run folder in `parent`. */
export function onlyRun(parent: string): string {
  const [name, ...others] = readdirSync(parent);
  if (name === undefined || others.length > 0) throw new Error(`expected one run in ${parent}`);
  return join(parent, name);
}

/** Settings that make an iteration of the point on a line last a moment. */
export const QUICK = [
  "numEnvs=16",
  "envsPerGroup=4",
  "numSteps=16",
  "numMinibatches=2",
  "numEpochs=2",
  "hiddenSize=8",
].flatMap((setting) => ["--set", setting]);

/** Parts of the point on a line that a test replaces, as source text. */
export interface LineParts {
  /** Body of the simulation's step, after the point has moved. */
  readonly afterStep?: string;
  readonly reward?: string;
  readonly read?: string;
  readonly before?: string;
  /** The action entries. */
  readonly entries?: string;
  readonly exported?: string;
  readonly maxEpisodeSteps?: number;
  /** Further settings, as source text. */
  readonly defaults?: string;
}

const ENTRIES =
  '[{ name: "push", unit: "m", low: -1, high: 1, meaning: "moves the point", scale: speed, offset: 0 }]';

/** Write an environment module of the user's own: a point on a line that is to come near 0. */
export function writeLineEnv(folder: string, name: string, parts: LineParts = {}): string {
  const { afterStep = "", reward = "1 - Math.abs(point.x)", read = "point.x", before = "" } = parts;
  const { entries = ENTRIES } = parts;
  const type = name.endsWith(".ts") ? ": number" : "";
  const source = `import { defineEnv } from ${JSON.stringify(LIBRARY)};
${before}
const limit${type} = 3;
const line = defineEnv({
  id: "Line-v1",
  description: "Come near 0.",
  maxEpisodeSteps: ${parts.maxEpisodeSteps ?? 12},
  defaults: { rewardMode: "dense", rewardWeights: { near: 1 }, speed: 0.5, ${parts.defaults ?? ""} },
  build({ speed }) {
    const point = { x: 0, steps: 0 };
    const simulation = {
      actionEntries: ${entries},
      step(action) {
        point.steps++;
        point.x = Math.max(-limit, Math.min(limit, point.x + speed * action[0]));
        ${afterStep}
      },
      snapshot: () => ({ ...point }),
      restore: (old) => Object.assign(point, old),
    };
    return { point, simulation };
  },
  reset({ point }, random) {
    point.x = random.uniform(-1, 1);
    point.steps = 0;
  },
  observation: [
    {
      group: "point",
      entries: [{ name: "x", unit: "m", low: -3, high: 3 }],
      read({ point }, out, offset) {
        out[offset] = ${read};
      },
    },
  ],
  reward: ({ point }) => ({ near: ${reward} }),
  success: ({ point }) => Math.abs(point.x) < 0.1,
});
${parts.exported ?? "export { line };"}
`;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

/** Decode a run's checkpoint, apart from the clock. */
export async function checkpointOf(run: string): Promise<Omit<TrainingState, "minutes">> {
  const files = ["latest.safetensors", "latest.ckpt"].map((name) => join(run, "checkpoints", name));
  // the latter is that of a run of 0.1.0
  const file = files.find((name) => existsSync(name))!;
  const state = await decodeState(readFileSync(file), file);
  const { minutes: _, ...rest } = state;
  return rest;
}

/** Read a run's metrics, apart from the clock's. */
export function metricsOf(run: string): Record<string, number>[] {
  return readMetrics(readFileSync(join(run, "metrics.jsonl"), "utf8")).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("time/"))),
  );
}

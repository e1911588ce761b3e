// The list of requests that nobody's browser sends, to the viewer of a training that goes on beside it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { attackRequests, plant, SECRET, sendRaw } from "../../viewer/attack-requests.js";
import { endOfRun, onlyRunOf } from "./run-end.js";

/** What attacking came to. */
export interface AttackCounts {
  readonly requests: number;
  /** Requests that got another answer than the right ones, or something that they may not see. */
  readonly through: readonly string[];
  readonly isAlive: boolean;
  /** Whether the training ended as one that nobody attacked. */
  readonly isSame: boolean;
}

const MAIN = fileURLToPath(new URL("../../../src/cli/main.js", import.meta.url));
const ENV = "Reach-v1";
const TRAINING = ["train", ENV, "--workers", "1", "--steps", "49152", "--set", "stopAtSuccess=2"];
/** Between two requests, ms: many are under way at once. */
const PAUSE = 15;

/** Train below `folder` twice, and send every request of the list to the viewer of the second training. */
export async function attackViewer(folder: string): Promise<AttackCounts> {
  const [plain, attacked] = [join(folder, "plain"), join(folder, "attacked")];
  await ended(start([...TRAINING, "--out", plain]));
  mkdirSync(attacked, { recursive: true });
  plant(attacked);
  const training = start([...TRAINING, "--view", "--out", attacked]);
  const end = ended(training);
  const said = listen(training);
  const address = await said(/Viewer: (\S+)/);
  const through: string[] = [];
  await Promise.all(
    attackRequests.map(async ({ what, sent, answers }, index) => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE * index));
      const { status, head, body } = await sendRaw(address, sent);
      const isRight = status !== undefined && answers.includes(status) && !`${head}${body}`.includes(SECRET);
      if (!isRight) through.push(`${what}: ${status ?? "still open"}, right is ${answers.join(" or ")}`);
    }),
  );
  const isAlive = (await fetch(`${address}api/runs`)).ok;
  await said(/The viewer stays at (\S+)/);
  training.kill("SIGINT");
  await end;
  const [expected, got] = await Promise.all([plain, attacked].map((out) => endOfRun(onlyRunOf(out, ENV))));
  return { requests: attackRequests.length, through, isAlive, isSame: isDeepStrictEqual(got, expected) };
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
}

/** Wait for the process's end; throws where it failed. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) =>
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the training ended with ${code}`)),
    ),
  );
}

/** Return what waits until the process has said something, and gives the first group of it. */
function listen(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  let text = "";
  const waiting = new Set<() => void>();
  child.stderr!.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of waiting) look();
  });
  return (pattern) =>
    new Promise((resolve) => {
      const look = () => {
        const found = pattern.exec(text);
        if (!found) return;
        waiting.delete(look);
        resolve(found[1]!);
      };
      waiting.add(look);
      look();
    });
}

// Serve the viewer, the runs and live events, by a process of its own: whatever happens on its port, training continues.
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../math/usage-error.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { openableAddresses } from "./allowed-hosts.js";
import { requireViewer } from "./page-files.js";
import type { FromServer, ToServer } from "./server-process.js";
import type { ViewTarget } from "./view-target.js";

/** What to serve, and where. */
export interface ViewServerOptions extends ViewTarget {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** Save and end the training that is watched; where there is none, missing. */
  readonly stop?: () => void;
  /** Takes a line for the user; default: standard error. */
  readonly say?: (line: string) => void;
}

/** A running server. */
export interface ViewServer {
  /** Where a browser on this machine finds it. */
  readonly address: string;
  /** All addresses that a browser can open, `address` first: several where it listens on every one of the machine. */
  readonly addresses: readonly string[];
  /** Broadcast to all pages; those that connect later get which run is trained, too. */
  broadcast(event: LiveEvent): void;
  close(): Promise<void>;
}

const PROCESS = fileURLToPath(new URL("./server-process.js", import.meta.url));
const MEGABYTES = 1024;
/** Events that may wait for the server's process; beyond that they are lost, and its pages fetch what they missed. */
const MOST_WAITING = 256;
/** From the end of the server's process to its next start: first and longest, ms. */
const RESTART_MILLISECONDS = [500, 60_000] as const;
/** A process that does not exit when asked to is killed after this time, ms. */
const ENDING_MILLISECONDS = 3000;

/** Start serving; throws a UsageError where the port is taken or the viewer was not built. */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const {
    port = 0,
    host = "127.0.0.1",
    stop,
    say = sayOnStderr,
    runs,
    only,
    loose,
    dataset,
    modules,
  } = options;
  requireViewer();
  const target = {
    runs,
    ...(only === undefined ? {} : { only }),
    ...(loose === undefined ? {} : { loose }),
    ...(dataset === undefined ? {} : { dataset }),
    ...(modules === undefined ? {} : { modules }),
  };
  const start = {
    type: "start",
    target,
    host,
    ...(stop ? { token: randomBytes(24).toString("base64url") } : {}),
  } as const;
  let link = forkServer();
  const taken = await begin(link.child, { ...start, port });
  const addresses = openableAddresses(host, taken);
  let training: LiveEvent | undefined;
  let isClosing = false;
  let hasDied = false;
  let delay: number = RESTART_MILLISECONDS[0];
  let restart: NodeJS.Timeout | undefined;

  const attend = ({ child }: Link) => {
    let reason: string | undefined;
    child.on("message", (message: FromServer) => {
      if (message.type === "stop") stop?.();
      if (message.type === "failed") reason = message.reason;
    });
    child.once("exit", (code, signal) => {
      if (isClosing) return;
      const how = reason ?? signal ?? `exit code ${code}`;
      if (!hasDied) say(describeDeath(how, addresses[0]!, stop !== undefined));
      hasDied = true;
      restart = setTimeout(revive, delay);
      delay = Math.min(2 * delay, RESTART_MILLISECONDS[1]);
    });
  };
  const revive = async () => {
    link = forkServer();
    attend(link);
    await begin(link.child, { ...start, port: taken }).catch(() => undefined);
    if (training) send(link, { type: "event", event: training });
  };
  attend(link);
  return {
    address: addresses[0]!,
    addresses,
    broadcast(event) {
      if (event.type === "training") training = event;
      if (link.waiting < MOST_WAITING) send(link, { type: "event", event });
      else link.isLossy = true;
    },
    async close() {
      isClosing = true;
      clearTimeout(restart);
      const { child } = link;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const timer = setTimeout(() => child.kill("SIGKILL"), ENDING_MILLISECONDS);
      send(link, { type: "close" });
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A process of the server, and the messages waiting for it. */
interface Link {
  readonly child: ChildProcess;
  waiting: number;
  /** Whether events were lost because too many waited. */
  isLossy: boolean;
}

/** Send to the process; where events were dropped before, its pages are to fetch what they missed once it has caught up. */
function send(link: Link, message: ToServer): void {
  if (!link.child.connected) return;
  link.waiting++;
  link.child.send(message, () => {
    link.waiting--;
    if (link.waiting > 0 || !link.isLossy) return;
    link.isLossy = false;
    send(link, { type: "resync" });
  });
}

function forkServer(): Link {
  try {
    const child = fork(PROCESS, {
      execArgv: [`--max-old-space-size=${MEGABYTES}`],
      // what it would print belongs neither to a training's progress nor to a command's output
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    return { child, waiting: 0, isLossy: false };
  } catch (error) {
    throw new UsageError(
      `The viewer's server needs a process of its own: ${(error as Error).message}. Under Node's permission model add --allow-child-process.`,
    );
  }
}

/** Send the process what to serve; resolves to the port, and rejects with a UsageError where it cannot. */
function begin(child: ChildProcess, start: ToServer & { type: "start" }): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(new UsageError(`The viewer's server cannot be started: ${error.message}.`)),
    );
    child.once("exit", (code, signal) =>
      reject(
        new UsageError(`The viewer's server ended before it could serve (${signal ?? `exit code ${code}`}).`),
      ),
    );
    child.once("message", (message: FromServer) => {
      if (message.type === "listening") resolve(message.port);
      else if (message.type === "failed") reject(new UsageError(message.reason));
    });
    child.send(start, () => undefined);
  });
}

function describeDeath(how: string, address: string, isTraining: boolean): string {
  const rest = isTraining ? " Training continues." : "";
  return `The viewer's server ended (${how}) and is started again at ${address}.${rest}`;
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

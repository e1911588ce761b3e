// A run is trained by one process at a time: a lock in its folder says which.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../math/usage-error.js";
import { explainWriteError } from "./atomic-write.js";

const LOCK_FILE = "lock.json";

const lockSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Where process ids have this meaning: Linux's namespace of them. */
  namespace: z.string(),
  /** When the process started, as the system reports: another process of the same id started at another time. */
  started: z.string(),
  /** When the lock was taken. */
  since: z.string(),
  token: z.string(),
});

type Lock = z.infer<typeof lockSchema>;

/** A lock that this process holds. */
export interface RunLock {
  /** Return whether it still is in the folder. */
  isHeld(): boolean;
  /** Renew it, for processes that cannot see whether its holder is alive. */
  refresh(): void;
  release(): void;
}

/** A holder that cannot be asked for, on another machine or in another container, is held to be gone after this silence. */
const SILENCE = 600_000;
/** What is written no longer than this ago may not be whole yet. */
const WRITING = 10_000;

/** Lock the run in `folder`; throws a UsageError where another process holds it. A lock whose process is gone is taken over. */
export function lockRun(folder: string): RunLock {
  const file = join(folder, LOCK_FILE);
  const lock: Lock = {
    pid: process.pid,
    host: hostname(),
    namespace: processNamespace(),
    started: processStart(process.pid) ?? "unknown",
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const text = `${JSON.stringify(lock, null, 2)}\n`;
  while (!createFile(file, text)) {
    const holder = readLock(file);
    if (holder === "none") continue;
    if (holder === "unreadable" || isAlive(file, holder)) throw heldBy(folder, file, holder);
    // of several processes that find the same dead lock one alone moves it away
    const aside = `${file}.${lock.token}`;
    try {
      renameSync(file, aside);
    } catch {
      continue;
    }
    const moved = readLock(aside);
    if (typeof moved !== "string" && moved.token !== holder.token) {
      // another process was faster, and this is its lock
      renameSync(aside, file);
      throw heldBy(folder, file, moved);
    }
    rmSync(aside, { force: true });
  }
  const isHeld = () => {
    const holder = readLock(file);
    return typeof holder !== "string" && holder.token === lock.token;
  };
  return {
    isHeld,
    refresh() {
      try {
        utimesSync(file, new Date(), new Date());
      } catch {
        // a folder that is gone is reported where something is written
      }
    },
    release() {
      if (isHeld()) rmSync(file, { force: true });
    },
  };
}

/** Create a file that is not there; false where it is. */
function createFile(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw explainWriteError(file, error);
  }
}

function readLock(file: string): Lock | "none" | "unreadable" {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
    if (Date.now() - modified(file) < WRITING) return "unreadable";
    // torn by a crash: as if of a process that is gone
    return { pid: 1, host: "", namespace: "", started: "", since: "", token: "" };
  }
}

function isAlive(file: string, { pid, host, namespace, started, token }: Lock): boolean {
  if (token === "") return false;
  if (host !== hostname() || namespace !== processNamespace()) return Date.now() - modified(file) < SILENCE;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // a process of another user may not be signalled, but it is alive
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const start = processStart(pid);
  return start === undefined || started === "unknown" || start === started;
}

function modified(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

function heldBy(folder: string, file: string, holder: Lock | "unreadable"): UsageError {
  const who =
    holder === "unreadable"
      ? "another process"
      : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  return new UsageError(
    `${folder} is being trained by ${who}. A run is trained by one process at a time: wait for that one, or end it. If it is no more, remove ${file}.`,
  );
}

/** When a process started, in the format of the system; undefined where that is unknown. */
function processStart(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      const status = readFileSync(`/proc/${pid}/stat`, "utf8");
      // the name of the program, in parentheses, may hold spaces; the start is field 22, in ticks since the boot
      return `${boot} ${status.slice(status.lastIndexOf(")") + 2).split(" ")[19]}`;
    }
    if (process.platform === "win32") return undefined;
    return execFileSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

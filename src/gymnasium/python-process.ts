// A Python process that steps Gymnasium environments: one per thread, asked and answered in turn, ended with the thread.
import { spawn } from "node:child_process";
import { closeSync, readSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { firstIssue } from "../math/first-issue.js";
import { UsageError } from "../math/usage-error.js";
import { openPipePair, type PipePair } from "./pipe-pair.js";

/** What can be asked; gymnasium_process.py says what of. */
export const OPERATIONS = { open: 0, reset: 1, step: 2, close: 3 } as const;

/** Beside this file: in the sources, and where the build copies it to. */
const SCRIPT = fileURLToPath(new URL("./gymnasium_process.py", import.meta.url));
/** Oldest version of Gymnasium that is taken, and those that armgym is tested with. */
const OLDEST_GYMNASIUM = [0, 29] as const;
const TESTED = "tested with 0.29 and 1.4";
/** Larger than any reply: an observation of 16 million numbers. */
const LARGEST_REPLY = 2 ** 26;
/** Length and status of a reply. */
const HEAD = 5;

const greetingSchema = z.object({
  executable: z.string(),
  missing: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
});
const complaintSchema = z.object({
  kind: z.enum(["import", "unknown", "raised"]),
  message: z.string(),
  traceback: z.string(),
});

/** What went wrong in Python. */
export type PythonComplaint = z.infer<typeof complaintSchema>;

/** Thrown where a request is answered by a complaint; the environment turns it into a message. */
export class PythonError extends Error {
  override readonly name = "PythonError";
  readonly complaint: PythonComplaint;

  constructor(complaint: PythonComplaint) {
    super(complaint.message);
    this.complaint = complaint;
  }
}

/** Runs gymnasium_process.py. */
export class PythonProcess {
  /** The interpreter, as it was asked for. */
  readonly python: string;
  private readonly pipes: PipePair;
  private buffer = Buffer.alloc(2 ** 16);
  private hasEnded = false;

  private constructor(python: string, pipes: PipePair) {
    this.python = python;
    this.pipes = pipes;
  }

  /** Start `python`; throws a UsageError where that, numpy or gymnasium is not there, or too old. `env` is whom it is for. */
  static start(python: string, env: string): PythonProcess {
    const pipes = openPipes(env);
    const { requests, replies, child: inherited } = pipes;
    // what an environment prints must not mix with what armgym prints
    const child = spawn(python, [SCRIPT], { stdio: ["ignore", 2, 2, ...inherited] });
    child.on("error", () => {});
    child.unref();
    for (const end of inherited) closeSync(end);
    const way = `Install Python 3 with gymnasium, or name a Python that has it by ${PYTHON_VARIABLE}.`;
    if (child.pid === undefined) {
      for (const end of [requests, replies]) closeSync(end);
      throw new UsageError(`${env} runs in Python, and "${python}" cannot be started. ${way}`);
    }
    const started = new PythonProcess(python, pipes);
    const { executable, missing, versions } = started.greeting(env);
    if (missing === null && isTaken(versions.gymnasium ?? "")) return started;
    started.end();
    if (missing !== null)
      throw new UsageError(
        `${env} runs in Python, and ${executable} (Python ${versions.python}) cannot import gymnasium: ${missing}. ` +
          `Install it: ${executable} -m pip install gymnasium. Or name a Python that has it by ${PYTHON_VARIABLE}.`,
      );
    throw new UsageError(
      `${env}: ${executable} has gymnasium ${versions.gymnasium}, expected ${OLDEST_GYMNASIUM.join(".")} or newer (${TESTED}). ` +
        `Update it: ${executable} -m pip install -U gymnasium.`,
    );
  }

  /** Whether it has ended; it answers no more then. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  /**
   * Send `request`, which begins with room for a head, and return the reply, which the next one overwrites.
   *
   * Throws a PythonError for what Python complains of, and a UsageError where it ends meanwhile: `what` is what was under way.
   */
  ask(operation: number, request: Buffer, what: string): Buffer {
    if (this.hasEnded)
      throw new UsageError(
        `${what}: the Python process of this environment has ended. Call reset() to start another.`,
      );
    request.writeUInt32LE(request.length - HEAD, 0);
    request[4] = operation;
    try {
      for (let sent = 0; sent < request.length; )
        sent += writeSync(this.pipes.requests, request, sent, request.length - sent);
      return this.reply(what);
    } catch (error) {
      // a closed pipe as it was written to
      if ((error as NodeJS.ErrnoException).code === "EPIPE") throw this.died(what);
      throw error;
    }
  }

  /** Close environment `number` there; what it complains of as it closes is nobody's concern any more. */
  close(number: number): void {
    if (this.hasEnded) return;
    const { request, body } = newRequest(4);
    request.writeUInt32LE(number, body);
    try {
      this.ask(OPERATIONS.close, request, "close()");
    } catch {
      // it is gone either way
    }
  }

  /** Let it end: it does so when its requests do. */
  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    for (const end of [this.pipes.requests, this.pipes.replies]) closeSync(end);
  }

  private greeting(env: string): z.infer<typeof greetingSchema> {
    return parseReply(this.reply(`${env}: the start of Python (${this.python})`), greetingSchema, env);
  }

  private reply(what: string): Buffer {
    let length = HEAD;
    for (let got = 0; got < length; ) {
      const read = this.read(got);
      if (read === 0) throw this.died(what);
      if (got < HEAD && got + read >= HEAD) {
        length = HEAD + this.buffer.readUInt32LE(0);
        if (length > LARGEST_REPLY) throw this.tooLarge(what, length);
        if (length > this.buffer.length) this.buffer = Buffer.concat([this.buffer], length);
      }
      got += read;
    }
    const reply = this.buffer.subarray(HEAD, length);
    if (this.buffer[4] === 0) return reply;
    throw new PythonError(parseReply(reply, complaintSchema, what));
  }

  private read(got: number): number {
    for (;;) {
      try {
        return readSync(this.pipes.replies, this.buffer, got, this.buffer.length - got, null);
      } catch (error) {
        // a signal came in between
        if ((error as NodeJS.ErrnoException).code !== "EINTR") throw error;
      }
    }
  }

  private died(what: string): UsageError {
    this.end();
    return new UsageError(
      `${what}: the Python process ended in the middle of it; what it wrote to stderr before may say why.`,
    );
  }

  private tooLarge(what: string, length: number): UsageError {
    this.end();
    return new UsageError(
      `${what}: Python announces a reply of ${length} bytes, expected at most ${LARGEST_REPLY}. Something else may write to its descriptor 4.`,
    );
  }
}

/** How messages name the variable that names the interpreter. */
const PYTHON_VARIABLE = "the environment variable PYTHON";

/** Start a request of `size` bytes, with room for its head; returns it with the place to write to. */
export function newRequest(size: number): { readonly request: Buffer; readonly body: number } {
  return { request: Buffer.alloc(HEAD + size), body: HEAD };
}

/** Make the request whose body is `data` as JSON. */
export function jsonRequest(data: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(data));
  const { request, body } = newRequest(text.length);
  text.copy(request, body);
  return request;
}

/** Read a reply that is JSON of this form; throws a UsageError where it is not: `what` is what was asked. */
export function parseReply<Schema extends z.ZodType>(
  reply: Buffer,
  schema: Schema,
  what: string,
): z.infer<Schema> {
  let data: unknown;
  try {
    data = JSON.parse(reply.toString("utf8"));
  } catch {
    data = undefined;
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${what}: Python's reply is not of the form expected: ${firstIssue(parsed.error, "the reply")}.`,
  );
}

/** Of this thread, by interpreter. */
const processes = new Map<string, PythonProcess>();

/** Return the process of this thread that runs `python`, started where there is none; `env` is whom it is for. */
export function pythonProcess(python: string, env: string): PythonProcess {
  const known = processes.get(python);
  if (known && !known.isOver) return known;
  const started = PythonProcess.start(python, env);
  processes.set(python, started);
  return started;
}

function openPipes(env: string): PipePair {
  try {
    return openPipePair();
  } catch (error) {
    throw new UsageError(
      `${env} runs in a Python process that is spoken with by named pipes, and none can be made: ${(error as Error).message}. ` +
        "It takes Linux or macOS, and a folder for temporary files that can be written to.",
    );
  }
}

function isTaken(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [least, leastMinor] = OLDEST_GYMNASIUM;
  return major > least || (major === least && minor >= leastMinor);
}

// A client of the environment server for tests: the real process, frame by frame.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";
import { encodeFrame, encodeJsonFrame, FRAME, type Frame, FrameDecoder } from "../../src/serve/frames.js";

const MAIN = resolve("dist/src/cli/main.js");

/** What a server says of itself; see `describeBatch`. */
export interface Hello {
  readonly protocol: number;
  readonly version: string;
  readonly numEnvs: number;
  readonly parts: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
  }[];
  readonly action: { readonly names: readonly string[] };
  readonly rewardTerms: readonly string[];
}

/** A server under test. */
export class Client {
  readonly process: ChildProcessWithoutNullStreams;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  stderr = "";
  private readonly decoder = new FrameDecoder(() => 2 ** 26);
  private readonly arrived: Frame[] = [];
  private wake = () => {};

  constructor(args: readonly string[]) {
    this.process = spawn(process.execPath, [MAIN, "serve-env", ...args]);
    this.process.stdout.on("data", (piece: Buffer) => {
      this.arrived.push(...this.decoder.push(piece));
      this.wake();
    });
    this.process.stderr.on("data", (piece: Buffer) => (this.stderr += piece.toString()));
    // a server that has ended cannot be written to
    this.process.stdin.on("error", () => undefined);
    this.ended = new Promise((done) => this.process.on("close", (code) => done(code)));
    onTestFinished(() => void this.process.kill("SIGKILL"));
  }

  /** Wait for the next frame; throws where the server ends without one. */
  async next(): Promise<Frame> {
    let hasEnded = false;
    void this.ended.then(() => {
      hasEnded = true;
      this.wake();
    });
    for (;;) {
      const frame = this.arrived.shift();
      if (frame) return frame;
      if (hasEnded) throw new Error(`the server ended: ${this.stderr}`);
      await new Promise<void>((done) => (this.wake = done));
    }
  }

  /** Wait for the next frame, which holds JSON. */
  async nextJson<Value>(): Promise<{ readonly type: number; readonly value: Value }> {
    const { type, payload } = await this.next();
    return { type, value: JSON.parse(Buffer.from(payload).toString()) as Value };
  }

  /** Ask for new episodes. */
  reset(request: object): Promise<Frame> {
    this.process.stdin.write(encodeJsonFrame(FRAME.reset, request));
    return this.next();
  }

  /** Show environment `env` in the viewer. */
  show(env: number): Promise<Frame> {
    this.process.stdin.write(encodeJsonFrame(FRAME.show, { env }));
    return this.next();
  }

  /** Act; `mode` is the place of an autoreset mode. */
  step(mode: number, actions: readonly number[]): Promise<Frame> {
    const words = Buffer.alloc(4);
    words.writeUInt32LE(mode);
    this.process.stdin.write(
      encodeFrame(FRAME.step, words, new Uint8Array(Float32Array.from(actions).buffer)),
    );
    return this.next();
  }
}

/** The rows of an answer, taken apart as `BatchReply` documents them; one float32 part of `size` numbers. */
export function rowsOf({ payload }: Frame, numEnvs: number, terms: number, size: number) {
  const bytes = Buffer.from(payload);
  let at = 0;
  const take = (count: number, width: number, read: (offset: number) => number) =>
    Array.from({ length: count }, () => {
      at += width;
      return read(at - width);
    });
  const f64 = (count: number) => take(count, 8, (offset) => bytes.readDoubleLE(offset));
  const u32 = (count: number) => take(count, 4, (offset) => bytes.readUInt32LE(offset));
  const f32 = (count: number) => take(count, 4, (offset) => bytes.readFloatLE(offset));
  const u8 = (count: number) => take(count, 1, (offset) => bytes.readUInt8(offset));
  const row = {
    rewards: f64(numEnvs),
    terms: f64(numEnvs * terms),
    clipped: u32(numEnvs),
    observations: f32(numEnvs * size),
    terminated: u8(numEnvs),
    truncated: u8(numEnvs),
    success: u8(numEnvs),
    reset: u8(numEnvs),
    resetSuccess: u8(numEnvs),
  };
  const [count] = u32(1);
  const finals = u32(count!);
  const last = f32(count! * size);
  const text = bytes.subarray(at).toString();
  const notes = (text === "" ? { reset: [], step: [] } : JSON.parse(text)) as {
    readonly reset: readonly (readonly [number, Readonly<Record<string, unknown>>])[];
    readonly step: readonly (readonly [number, Readonly<Record<string, unknown>>])[];
  };
  return { ...row, finals, last, notes };
}

/** What an error frame holds. */
export function errorOf({ type, payload }: Frame): { readonly kind: string; readonly message: string } {
  if (type !== FRAME.error) throw new Error(`a frame of type ${type} is no error`);
  return JSON.parse(Buffer.from(payload).toString()) as { kind: string; message: string };
}

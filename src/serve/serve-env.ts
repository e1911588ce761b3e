// Serve a batch of environments to one client over a pair of streams, request by request.
import type { Readable } from "node:stream";
import { z } from "zod";
import { AUTORESET_MODES } from "../env/autoreset-mode.js";
import { UsageError } from "../math/usage-error.js";
import { exactJson } from "../recording/exact-json.js";
import { VERSION } from "../version.js";
import type { BatchState, EnvBatch } from "./env-batch.js";
import { encodeFrame, encodeJsonFrame, FRAME, type Frame, FrameDecoder, PROTOCOL } from "./frames.js";

/** Bytes of a step's payload before the actions: the place of the mode in `AUTORESET_MODES`, uint32. */
const MODE_SIZE = 4;
const FLOAT_SIZE = 4;
/** Longest seed, characters. */
const LONGEST_SEED = 128;
/** Pixels. */
const LARGEST_PICTURE = 4096;
/** Largest payload of a request of plain data, less what grows with the number of environments, bytes. */
const JSON_BYTES = 1024;
/** Most bytes that an environment adds to a reset: its seed, its place in the mask, punctuation. */
const RESET_BYTES = LONGEST_SEED + 16;

const resetSchema = z.strictObject({
  seeds: z.array(z.string().min(1).max(LONGEST_SEED).nullable()).optional(),
  mask: z.array(z.boolean()).optional(),
  difficulty: z.number().min(0).max(1).optional(),
});
const renderSchema = z.strictObject({
  env: z.int().min(0),
  size: z.int().min(1).max(LARGEST_PICTURE),
});
const showSchema = z.strictObject({ env: z.int().min(0) });

/** Where frames go: a stream, or the part of one. */
export interface FrameSink {
  /** Write, and call `done` when it is written, or with the reason why it cannot be. */
  write(frame: Uint8Array, done: (error?: Error | null) => void): unknown;
}

/** Shows people what is stepped, at an address of this machine. */
export interface Onlooker {
  /** Show where an environment is; returns the address of the page, and how many pages look at it now. */
  show(state: BatchState): Promise<{ readonly address: string; readonly pages: number }>;
}

/** Describe what is served: the payload of a server's first frame, as plain data. */
export function describeBatch({ env, numEnvs, parts }: EnvBatch): Readonly<Record<string, unknown>> {
  const { spec, actionSpace } = env;
  const { low, high } = actionSpace;
  return {
    protocol: PROTOCOL,
    version: VERSION,
    numEnvs,
    parts: parts.map(({ key, kept, bytes, ...part }) => part),
    action: { names: spec.action.map(({ name }) => name), low, high },
    rewardTerms: Object.keys(spec.rewardWeights),
    spec,
  };
}

/**
 * Answer the requests of `input` on `output` until one closes the connection or `input` ends; `onlooker` is asked to show
 * environments where a request wants that.
 *
 * A request that cannot be fulfilled is answered by an `error` frame, and the next one is awaited. Throws a UsageError, after an
 * `error` frame, where a frame announces more than any request has.
 */
export async function serveEnv(
  batch: EnvBatch,
  input: Readable,
  output: FrameSink,
  onlooker: Onlooker,
): Promise<void> {
  const { numEnvs, actionSize } = batch;
  const most: Readonly<Record<number, number>> = {
    [FRAME.step]: MODE_SIZE + FLOAT_SIZE * numEnvs * actionSize,
    [FRAME.reset]: JSON_BYTES + RESET_BYTES * numEnvs,
    [FRAME.render]: JSON_BYTES,
    [FRAME.show]: JSON_BYTES,
  };
  const decoder = new FrameDecoder((type) => most[type] ?? 0);
  // numbers that JSON lacks are strings in it, as "Infinity"
  const hello = encodeFrame(FRAME.hello, Buffer.from(exactJson(describeBatch(batch))));
  if (!(await send(output, hello))) return;
  for await (const piece of input) {
    for (const frame of await decode(decoder, piece as Uint8Array, output)) {
      if (frame.type === FRAME.close || !(await send(output, await answer(batch, onlooker, frame)))) return;
    }
  }
}

/** Return the frame that tells a client of an error. */
export function errorFrame(error: unknown): Buffer {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? (isUsage ? error.message : error.stack) : String(error);
  return encodeJsonFrame(FRAME.error, { kind: isUsage ? "usage" : "internal", message });
}

async function decode(decoder: FrameDecoder, piece: Uint8Array, output: FrameSink): Promise<Frame[]> {
  try {
    return decoder.push(piece);
  } catch (error) {
    await send(output, errorFrame(error));
    throw error;
  }
}

/** Write and wait until it is gone; false where nobody reads any more. */
function send(output: FrameSink, frame: Buffer): Promise<boolean> {
  return new Promise((resolve) => output.write(frame, (error) => resolve(!error)));
}

async function answer(batch: EnvBatch, onlooker: Onlooker, { type, payload }: Frame): Promise<Buffer> {
  try {
    if (type === FRAME.step) return step(batch, payload);
    if (type === FRAME.reset) {
      const { seeds, ...rest } = parse("reset", resetSchema, payload);
      return batch.reset({ ...rest, seeds: seeds?.map((seed) => seed ?? undefined) });
    }
    if (type === FRAME.render) {
      const { env, size } = parse("render", renderSchema, payload);
      return encodeFrame(FRAME.render, batch.state(env).env.render(size));
    }
    if (type === FRAME.show) {
      const { env } = parse("show", showSchema, payload);
      return encodeJsonFrame(FRAME.show, await onlooker.show(batch.state(env)));
    }
    throw new UsageError(`There is no request of type ${type}, expected one of protocol ${PROTOCOL}.`);
  } catch (error) {
    return errorFrame(error);
  }
}

function step(batch: EnvBatch, payload: Uint8Array): Buffer {
  const { numEnvs, actionSize } = batch;
  const size = numEnvs * actionSize;
  const expected = MODE_SIZE + FLOAT_SIZE * size;
  if (payload.length !== expected)
    throw new UsageError(
      `step() got ${payload.length} bytes, expected ${expected}: a mode and ${numEnvs} x ${actionSize} float32.`,
    );
  const place = Buffer.from(payload.buffer, payload.byteOffset).readUInt32LE(0);
  const mode = AUTORESET_MODES[place];
  if (mode === undefined)
    throw new UsageError(
      `step() got the autoreset mode ${place}, expected 0 to ${AUTORESET_MODES.length - 1}.`,
    );
  const actions = new Float32Array(size);
  new Uint8Array(actions.buffer).set(payload.subarray(MODE_SIZE));
  return batch.step(mode, actions);
}

/** Read the plain data of a request; throws a UsageError where it is none, or not as it should be. */
function parse<Schema extends z.ZodType>(name: string, schema: Schema, payload: Uint8Array): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString());
  } catch {
    throw new UsageError(`The ${name} request is no JSON.`);
  }
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const { path, message } = error.issues[0]!;
  throw new UsageError(`The ${name} request cannot be read: ${[...path, message].join(": ")}.`);
}

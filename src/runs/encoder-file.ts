// The file of a pre-trained image encoder.
import { existsSync } from "node:fs";
import { z } from "zod";
import { firstIssue } from "../math/first-issue.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import { putTensor, type TensorsOfFile } from "../model/model-tensors.js";
import { decodeSealed, encodeSealed } from "../model/sealed-safetensors.js";
import { ENCODER_NAMES } from "../nn/image-encoder.js";
import { decodeOldCheckpoint, isOldCheckpoint } from "../rl/old-checkpoint.js";
import type { PretrainedEncoder } from "../rl/pretraining/pretrained-encoder.js";
import { VERSION } from "../version.js";
import { atomicWrite } from "./atomic-write.js";
import { pretrainCommand } from "./command-names.js";
import { LARGEST, readWholeFile } from "./read-file.js";

const shape = z.array(z.number().int().positive());
const encoderSchema = z.object({
  version: z.string(),
  encoder: z.object({
    kind: z.enum(ENCODER_NAMES),
    image: z.object({
      height: z.number(),
      width: z.number(),
      channels: z.number(),
      cameras: z.array(z.looseObject({ name: z.string(), width: z.number(), height: z.number() })),
    }),
    parts: z.array(
      z
        .object({ name: z.string(), shape, values: z.instanceof(Float32Array) })
        .refine(({ shape, values }) => sizeOf(shape) === values.length, {
          message: "has another number of values than its shape says",
        }),
    ),
  }),
});

const FORMAT = "armgym-encoder";

/** Write `encoder` to `file`, in the format safetensors: whole or not at all. */
export async function writeEncoder(file: string, { kind, image, parts }: PretrainedEncoder): Promise<void> {
  const tensors: TensorsOfFile = new Map();
  for (const { name, shape, values } of parts) putTensor(tensors, name, shape, values);
  const encoder = JSON.stringify({ kind, image });
  atomicWrite(file, await encodeSealed(tensors, { format: FORMAT, version: VERSION, encoder }));
}

/** Read an encoder, also one of 0.1.0; throws a UsageError where the file is missing, damaged or something else. */
export async function readEncoder(file: string): Promise<PretrainedEncoder> {
  const way = `Make one: ${pretrainCommand(file)}`;
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}. ${way}`);
  const bytes = readWholeFile(file, LARGEST.checkpoint);
  const parsed = encoderSchema.safeParse(
    isOldCheckpoint(bytes) ? await decodeOldCheckpoint(bytes, file) : await decodeEncoder(bytes, file, way),
  );
  if (parsed.success) return parsed.data.encoder as unknown as PretrainedEncoder;
  throw new UsageError(`${file} is no encoder: ${firstIssue(parsed.error)}. ${way}`);
}

async function decodeEncoder(bytes: Uint8Array, file: string, way: string): Promise<unknown> {
  const { tensors, metadata } = await decodeSealed(bytes, file, { format: FORMAT, what: "an encoder", way });
  const parts = Array.from(tensors, ([name, tensor]) => ({ name, ...tensor }));
  try {
    const described: unknown = JSON.parse(metadata.encoder ?? "");
    return { version: metadata.version, encoder: { ...(described as object), parts } };
  } catch (error) {
    throw new UsageError(`${file} is damaged: ${(error as Error).message}. ${way}`);
  }
}

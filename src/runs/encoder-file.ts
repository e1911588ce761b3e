// The file of a pre-trained image encoder.
import { existsSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../math/usage-error.js";
import { ENCODER_NAMES } from "../nn/image-encoder.js";
import { decodeCheckpoint, encodeCheckpoint } from "../rl/checkpoint.js";
import type { PretrainedEncoder } from "../rl/pretraining/pretrained-encoder.js";
import { VERSION } from "../version.js";
import { atomicWrite } from "./atomic-write.js";
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
        .refine(
          ({ shape, values }) => shape.reduce((product, length) => product * length, 1) === values.length,
          {
            message: "has another number of values than its shape says",
          },
        ),
    ),
  }),
});

/** Write `encoder` to `file`: whole or not at all. */
export async function writeEncoder(file: string, encoder: PretrainedEncoder): Promise<void> {
  atomicWrite(file, await encodeCheckpoint({ version: VERSION, encoder }));
}

/** Read an encoder; throws a UsageError where the file is missing, damaged or something else. */
export async function readEncoder(file: string): Promise<PretrainedEncoder> {
  if (!existsSync(file))
    throw new UsageError(`There is no file ${file}. Make one: armgym pretrain PickPlace-v1 --out ${file}`);
  const parsed = encoderSchema.safeParse(
    await decodeCheckpoint(readWholeFile(file, LARGEST.checkpoint), file),
  );
  if (parsed.success) return parsed.data.encoder as unknown as PretrainedEncoder;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(
    `${file} is no encoder: ${issue.path.join(".") || "the file"}: ${issue.message}. Make one: armgym pretrain PickPlace-v1 --out ${file}`,
  );
}

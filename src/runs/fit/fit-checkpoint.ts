// Checkpoints of a fit: its whole state, checked when it is read.
import { z } from "zod";
import type { FitState } from "../../learn/fit-state.js";
import { firstIssue } from "../../math/first-issue.js";
import { UsageError } from "../../math/usage-error.js";
import type { ParameterPart } from "../../model/model-tensors.js";
import { decodePlainState, encodePlainState, type StateFormat } from "../../model/plain-state.js";
import { VERSION } from "../../version.js";

const FORMAT: StateFormat = {
  format: "armgym-fit-checkpoint",
  what: "a checkpoint of a fit",
  way: "Take another checkpoint of the run.",
  flat: {
    "state/optimizer/parameters": "",
    "state/optimizer/firstMoment": "optimizer/first_moment/",
    "state/optimizer/secondMoment": "optimizer/second_moment/",
    "state/best/parameters": "best/",
  },
  statistics: {},
};

const floats = z.instanceof(Float32Array);
const count = z.number().int().nonnegative();
const numbers = z.record(z.string(), z.number());
const statistics = z.object({
  count: z.number(),
  mean: z.array(z.number()),
  variance: z.array(z.number()),
  floor: z.array(z.number()).optional(),
  seen: z.array(z.number()).optional(),
});
const random = z.object({ c: z.number(), s0: z.number(), s1: z.number(), s2: z.number() });

const stateSchema = z.object({
  epoch: count,
  batch: count,
  sums: numbers,
  optimizer: z.object({
    parameters: floats,
    firstMoment: floats,
    secondMoment: floats,
    updates: count,
    learningRate: z.number(),
  }),
  normalizers: z.record(z.string(), statistics),
  random: z.object({ order: random, dropout: random, augment: random, noise: random }),
  memory: floats.optional(),
  best: z.object({ epoch: count, parameters: floats, value: z.number(), metrics: numbers }).nullable(),
  history: z.array(z.object({ epoch: count, updates: count, metrics: numbers })),
  settings: z.looseObject({
    epochs: z.number(),
    batchSize: z.number(),
    learningRate: z.number(),
    schedule: z.enum(["constant", "linear", "cosine"]),
    finalRate: z.number(),
    warmup: z.number(),
    weightDecay: z.number(),
    maxGradNorm: z.number(),
    patience: z.number(),
  }),
  rows: count,
  minutes: z.number(),
  finished: z.boolean(),
});

/** Turn a state into a checkpoint's bytes; `parts` are those of the parameters. */
export function encodeFitState(state: FitState, parts: readonly ParameterPart[]): Promise<Uint8Array> {
  const names = Object.keys(state.normalizers);
  const tables = names.map((name) => [`state/normalizers/${name}`, `normalizer/${name}/`] as const);
  return encodePlainState(state, parts, VERSION, { ...FORMAT, statistics: Object.fromEntries(tables) });
}

/** Decode a checkpoint's bytes; throws a UsageError that names `file` where they are damaged or none. */
export async function decodeFitState(bytes: Uint8Array, file: string): Promise<FitState> {
  const parsed = stateSchema.safeParse((await decodePlainState(bytes, file, FORMAT)).state);
  if (parsed.success) return parsed.data as unknown as FitState;
  throw new UsageError(
    `${file} is not a checkpoint of this version: ${firstIssue(parsed.error)}. Fit again.`,
  );
}

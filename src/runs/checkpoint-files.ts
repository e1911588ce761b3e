// A run's checkpoints: the latest, the one before it, and that of the best policy.
import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { firstIssue } from "../math/first-issue.js";
import { UsageError } from "../math/usage-error.js";
import { decodeCheckpoint, encodeCheckpoint } from "../rl/checkpoint.js";
import type { TrainingState } from "../rl/training-state.js";
import { VERSION } from "../version.js";
import { atomicWrite, explainWriteError } from "./atomic-write.js";
import { LARGEST, readWholeFile } from "./read-file.js";

const typedFloats = z.instanceof(Float32Array);
const statisticsSchema = z.object({
  count: z.number(),
  mean: z.array(z.number()),
  variance: z.array(z.number()),
  floor: z.array(z.number()).optional(),
  seen: z.array(z.number()).optional(),
});
const randomSchema = z.object({ c: z.number(), s0: z.number(), s1: z.number(), s2: z.number() });
const memorySchema = z.array(z.object({ name: z.string(), size: z.number() })).optional();
const partsSchema = z.array(z.object({ name: z.string(), shape: z.array(z.number()) })).optional();
const trainingStateSchema = z.object({
  iteration: z.number(),
  steps: z.number(),
  minutes: z.number(),
  parameters: typedFloats,
  statistics: statisticsSchema,
  memory: memorySchema,
  parts: partsSchema,
  firstMoment: typedFloats,
  secondMoment: typedFloats,
  updates: z.number(),
  learningRate: z.number(),
  shuffle: randomSchema,
  returnNormalizer: z.object({ statistics: statisticsSchema, returns: typedFloats }),
  groups: z.array(
    z.object({
      envs: z.looseObject({}),
      noise: randomSchema,
      memory: typedFloats.optional(),
      byTeacher: z.instanceof(Uint8Array).optional(),
    }),
  ),
  best: z
    .object({
      steps: z.number(),
      successRate: z.number(),
      meanReturn: z.number(),
      parameters: typedFloats,
      statistics: statisticsSchema,
      memory: memorySchema,
      parts: partsSchema,
    })
    .nullable(),
  start: z.object({ successRate: z.number() }).optional(),
  validated: z.array(z.number()).optional(),
  /** What checkpoints held before `validated`. */
  solvedInARow: z.number().optional(),
  totalSteps: z.number().optional(),
  recent: z.array(
    z.object({
      env: z.number(),
      seed: z.string(),
      return: z.number(),
      length: z.number(),
      success: z.boolean(),
      rewardTerms: z.record(z.string(), z.number()),
      difficulty: z.number().optional(),
    }),
  ),
  finished: z.boolean(),
});

const checkpointSchema = z.object({ version: z.string(), state: trainingStateSchema });

/** Which of a run's checkpoints: the newest, the one before it, that of the best policy. */
type Which = "latest" | "previous" | "best";

const fileOf = (which: Which) => `${which}.safetensors`;
/** Where runs of 0.1.0 have the same. */
const oldFileOf = (which: Which) => `${which}.ckpt`;

/** Turn a state into a checkpoint's bytes. */
export function encodeState(state: TrainingState): Promise<Uint8Array> {
  return encodeCheckpoint(state, VERSION);
}

/** Decode a checkpoint's bytes; throws a UsageError that names `file` where they are damaged or none. */
export async function decodeState(bytes: Uint8Array, file: string): Promise<TrainingState> {
  const parsed = checkpointSchema.safeParse(await decodeCheckpoint(bytes, file));
  if (!parsed.success) {
    throw new UsageError(
      `${file} is not a checkpoint of this version: ${firstIssue(parsed.error)}. Train again.`,
    );
  }
  const { solvedInARow = 0, ...state } = parsed.data.state;
  const { validated = new Array<number>(solvedInARow).fill(state.best?.successRate ?? 0) } = state;
  return { ...state, validated } as unknown as TrainingState;
}

/** Write the latest checkpoint into `folder` and keep the one before; as the best, too, where its best policy is new. */
export function writeCheckpoint(folder: string, bytes: Uint8Array, isBest: boolean): void {
  const latest = join(folder, fileOf("latest"));
  if (existsSync(latest)) keepAs(latest, join(folder, fileOf("previous")));
  atomicWrite(latest, bytes, { makeFolder: false });
  // not a second name of the same file: what damages one would damage both
  if (isBest) atomicWrite(join(folder, fileOf("best")), bytes, { makeFolder: false });
}

/** Give a file a second name, under which it stays when the first is replaced. */
function keepAs(file: string, name: string): void {
  const temporary = `${name}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { force: true });
    try {
      linkSync(file, temporary);
    } catch {
      // not every file system has links
      copyFileSync(file, temporary, constants.COPYFILE_EXCL);
    }
    renameSync(temporary, name);
  } catch (error) {
    throw explainWriteError(file, error);
  }
}

/** Return whether the run at `path` has a checkpoint, whole or not. */
export function hasCheckpoint(path: string): boolean {
  const all = (["latest", "previous", "best"] as const).flatMap((which) => [fileOf(which), oldFileOf(which)]);
  return all.some((name) => existsSync(join(path, "checkpoints", name)));
}

/** How checkpoints of a kind are read. */
export interface CheckpointReader<State> {
  /** Decode a file's bytes; throws a UsageError that names `file` where they are damaged. */
  decode(bytes: Uint8Array, file: string): Promise<State>;
  /** How far a state had come: "step 4096". */
  at(state: State): string;
}

const POLICY_CHECKPOINTS: CheckpointReader<TrainingState> = {
  decode: decodeState,
  at: ({ steps }) => `step ${steps}`,
};

/** Load the latest state of a policy's training, as `readNewestState` does. */
export function readCheckpoint(
  path: string,
  to: "resume" | "act",
  say: (line: string) => void,
): Promise<TrainingState> {
  return readNewestState(path, to, say, POLICY_CHECKPOINTS);
}

/**
 * Load the latest state of the run at `path`; where that file is missing or damaged, the one before it `to` "resume", that
 * of the best policy to "act", else the other; `say` gets a line then.
 *
 * Throws a UsageError, of the latest, where none can be read.
 */
export async function readNewestState<State>(
  path: string,
  to: "resume" | "act",
  say: (line: string) => void,
  { decode, at }: CheckpointReader<State>,
): Promise<State> {
  let first: unknown;
  const order: readonly Which[] =
    to === "act" ? ["latest", "best", "previous"] : ["latest", "previous", "best"];
  const newest = [fileOf("latest"), oldFileOf("latest")];
  for (const name of [...order.map(fileOf), ...order.map(oldFileOf)]) {
    const file = join(path, "checkpoints", name);
    if (!existsSync(file)) continue;
    try {
      const state = await decode(readWholeFile(file, LARGEST.checkpoint), file);
      if (first instanceof Error) say(`${first.message} Taken instead: ${file}, ${at(state)}.`);
      else if (!newest.includes(name))
        say(`${path} has no ${newest[0]}. Taken instead: ${name}, ${at(state)}.`);
      return state;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      first ??= error;
    }
  }
  throw (
    first ?? new UsageError(`${path} has no checkpoint: the run ended before its first one. Train again.`)
  );
}

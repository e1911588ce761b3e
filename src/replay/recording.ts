// What a recorded episode is: a header and one frame per step.
import { z } from "zod";

const vector = z.tuple([z.number(), z.number(), z.number()]);
const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()]);
/** A number of a frame; those that JSON lacks are written as strings. */
const exact = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity", "-0"]).transform(Number)]);
const exactVector = z.tuple([exact, exact, exact]);
const placed = { position: vector, quaternion, color: quaternion };
const shape = z.discriminatedUnion("type", [
  z.object({ type: z.literal("box"), size: vector, ...placed }),
  z.object({ type: z.literal("sphere"), radius: z.number(), ...placed }),
  z.object({ type: z.literal("capsule"), radius: z.number(), length: z.number(), ...placed }),
  z.object({ type: z.literal("cylinder"), radius: z.number(), length: z.number(), ...placed }),
]);
const kind = z.enum(["link", "object", "goal", "region", "table"]);

/** Version of the recording format. */
export const RECORDING_VERSION = 1;

/** Topic of our own frames, JSON. */
export const FRAME_TOPIC = "/armgym/frame";
/** Name of the MCAP metadata record with header and summary. */
export const METADATA_NAME = "armgym";

/** The header as read from a file. */
export const recordingHeaderSchema = z.object({
  version: z.literal(RECORDING_VERSION),
  env: z.string(),
  agent: z.string(),
  seed: z.string(),
  /** Steps the policy had been trained for. */
  policySteps: z.number(),
  controlRate: z.number().positive(),
  observationNames: z.array(z.string()),
  actionNames: z.array(z.string()),
  jointNames: z.array(z.string()),
  /** Whether the NaN guard made this recording. */
  dump: z.string().optional(),
  scene: z.object({ entities: z.array(z.object({ id: z.string(), kind, shapes: z.array(shape) })) }),
});

/** A frame as read from a file. */
export const recordedFrameSchema = z.object({
  /** s since the episode's start */
  time: z.number(),
  /** Seven numbers per entity of the scene. */
  poses: z.array(exact),
  jointPositions: z.array(exact),
  observation: z.array(exact),
  /** Mean of the policy's action; empty at the first frame. */
  action: z.array(exact),
  reward: exact,
  rewardTerms: z.record(z.string(), exact),
  /** The critic's value of the observation; null where there is no critic. */
  value: exact.nullable(),
  success: z.boolean(),
  contacts: z.array(z.object({ position: exactVector, force: exactVector })),
});

export type RecordingHeader = z.infer<typeof recordingHeaderSchema>;
export type RecordedFrame = z.infer<typeof recordedFrameSchema>;

/** A recorded episode; `frames[0]` is the state after reset. */
export interface EpisodeRecording {
  readonly header: RecordingHeader;
  readonly frames: readonly RecordedFrame[];
}

/** What a list of episodes shows. */
export interface EpisodeSummary {
  readonly seed: string;
  readonly return: number;
  readonly length: number;
  readonly success: boolean;
}

/** Sum an episode up. */
export function summarizeRecording({ header, frames }: EpisodeRecording): EpisodeSummary {
  const total = frames.reduce((sum, { reward }) => sum + reward, 0);
  return {
    seed: header.seed,
    return: total,
    length: frames.length - 1,
    success: frames.at(-1)?.success ?? false,
  };
}

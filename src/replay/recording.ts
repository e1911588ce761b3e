// What a recorded episode is: a header and one frame per step.
import { z } from "zod";
import { cameraDescriptionSchema, lookSchema } from "./camera-description.js";
import { handSchema } from "./hand.js";

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
  z.object({ type: z.literal("convex"), points: z.array(vector), ...placed }),
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
  /** Missing in recordings made before demonstrations could be learned from. */
  robot: z.string().optional(),
  controlMode: z.string().optional(),
  /** Of demonstrations: standard deviation of the noise on what was executed; frames hold the action without it. */
  noise: z.number().optional(),
  /** Values that randomisation drew for the episode, by name. */
  randomization: z.record(z.string(), z.array(z.number())).optional(),
  /** Settings of the environment, all of them: with the seed and the actions they make the episode again. */
  config: z.record(z.string(), z.unknown()).optional(),
  /** Of an episode that somebody took over in the viewer: the frame from which on it is another one. */
  takenOver: z.number().int().nonnegative().optional(),
  controlRate: z.number().positive(),
  observationNames: z.array(z.string()),
  actionNames: z.array(z.string()),
  jointNames: z.array(z.string()),
  /** Of environments with cameras: what they are, so that their pictures can be drawn again from scene and poses. */
  cameras: z.array(cameraDescriptionSchema).optional(),
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
  /** In an episode's first frame, where there are cameras: how all of it looks to them. */
  look: lookSchema.optional(),
  /** The critic's value of the observation; null where there is no critic. */
  value: exact.nullable(),
  success: z.boolean(),
  contacts: z.array(z.object({ position: exactVector, force: exactVector })),
  /** What a hand did in this step, where one did. */
  hand: handSchema.optional(),
  /** What a policy with memory remembers after this frame's observation. */
  memory: z.array(exact).optional(),
});

/** What is known of an episode before its first frame. */
export type RecordingHeader = z.infer<typeof recordingHeaderSchema>;

/** One control step of a recorded episode. */
export type RecordedFrame = z.infer<typeof recordedFrameSchema>;

/** A recorded episode, or several one after another; each begins with the state after reset, a frame without an action. */
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

/**
 * Put episodes of one environment one after another in time, so that any viewer plays them in a row.
 *
 * There is one scene for all, so where sizes are randomised all are drawn with those of the first.
 */
export function joinEpisodes(recordings: readonly EpisodeRecording[]): EpisodeRecording {
  const first = recordings[0]!;
  const frames: RecordedFrame[] = [];
  for (const recording of recordings) {
    const start = frames.length === 0 ? 0 : frames.at(-1)!.time + 1 / first.header.controlRate;
    for (const frame of recording.frames) frames.push({ ...frame, time: start + frame.time });
  }
  const [from, to] = [first.header.seed, recordings.at(-1)!.header.seed];
  const { randomization, ...header } = first.header;
  const drawn = randomization && recordings.length === 1 ? { randomization } : {};
  return { header: { ...header, ...drawn, seed: from === to ? from : `${from}..${to}` }, frames };
}

/** Take apart what `joinEpisodes` put together; times stay as they are. */
export function splitEpisodes({ frames }: EpisodeRecording): (readonly RecordedFrame[])[] {
  const starts = frames.flatMap(({ action }, index) => (index === 0 || action.length === 0 ? [index] : []));
  return starts.map((start, episode) => frames.slice(start, starts[episode + 1]));
}

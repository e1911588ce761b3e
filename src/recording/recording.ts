// What a recorded episode is: a header and one frame per step.
import { z } from "zod";
import { cameraDescriptionSchema, lookSchema } from "../scene/camera-description.js";
import { perturbationSchema } from "../scene/perturbation.js";
import { shapeSchema } from "../scene/shape-schema.js";

const vector = z.tuple([z.number(), z.number(), z.number()]);
const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()]);
/** A number of a frame; those that JSON lacks are written as strings. */
// its type is written down: TypeScript derives one whose declaration file it does not accept itself (TS1170)
const exact: z.ZodType<number, number | "NaN" | "Infinity" | "-Infinity" | "-0"> = z.union([
  z.number(),
  z.enum(["NaN", "Infinity", "-Infinity", "-0"]).transform(Number),
]);
const exactVector = z.tuple([exact, exact, exact]);
/** x y z (m) and a quaternion x y z w. */
const exactPose = z.tuple([exact, exact, exact, exact, exact, exact, exact]);
/** Lower and upper; null where there is none. */
const limits = z.tuple([z.number().nullable(), z.number().nullable()]);
/** As they stand in the file, so that what is no setting ("__proto__") is refused as one when the environment is made. */
const recordedSettings = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected settings by name",
);
const kind = z.enum(["link", "object", "goal", "region", "table"]);
const joint = z.object({
  name: z.string(),
  type: z.enum(["revolute", "prismatic", "fixed"]),
  parent: z.string(),
  child: z.string(),
  position: vector,
  quaternion,
  axis: vector.optional(),
  limits: z.tuple([z.number(), z.number()]).optional(),
  effortLimit: z.number().optional(),
  velocityLimit: z.number().optional(),
  mimic: z.string().optional(),
  mimicRatio: z.number().optional(),
});

/** Version of the recording format. */
export const RECORDING_VERSION = 1;

/** Topic of our own frames, JSON. */
export const FRAME_TOPIC = "/armgym/frame";
/** Name of the MCAP metadata record with header and summary. */
export const METADATA_NAME = "armgym";

/** What a list of episodes shows, as read from a file. */
export const episodeSummarySchema = z.object({
  seed: z.string(),
  /** NaN where a reward was not finite; files written before that was kept hold null. */
  return: exact.or(z.null().transform(() => Number.NaN)),
  length: z.number(),
  success: z.boolean(),
  /** Time until the task was first solved, s; missing where it never was, and in older files. */
  successTime: z.number().optional(),
  /** Set of what another program recorded: it has no seed, return and outcome. */
  imported: z.boolean().optional(),
});

/** The header as read from a file. */
export const recordingHeaderSchema = z.object({
  version: z.literal(RECORDING_VERSION),
  env: z.string(),
  agent: z.string(),
  seed: z.string(),
  /** Where there are several episodes: each one's, in their order. */
  episodes: z.array(episodeSummarySchema).optional(),
  /** Steps the policy had been trained for. */
  policySteps: z.number(),
  /** Missing in recordings made before demonstrations could be learned from. */
  robot: z.string().optional(),
  controlMode: z.string().optional(),
  /** Of demonstrations: standard deviation of the noise on what was executed; `action` is without it, `actionSample` with it. */
  noise: z.number().optional(),
  /** Values that randomisation drew for the episode, by name. */
  randomization: z.record(z.string(), z.array(z.number())).optional(),
  /** Settings of the environment, all of them: with the seed and the actions they make the episode again. */
  config: recordedSettings.optional(),
  /** Of an episode that was taken over in the viewer: the first frame that differs. */
  takenOver: z.number().int().nonnegative().optional(),
  controlRate: z.number().positive(),
  observationNames: z.array(z.string()),
  actionNames: z.array(z.string()),
  jointNames: z.array(z.string()),
  /** Unit of each observation entry; "" where it has none. */
  observationUnits: z.array(z.string()).optional(),
  /** Limits of each joint, rad or m. */
  jointLimits: z.array(limits).optional(),
  /** Entities that move with the tool: the hand and its fingers. */
  toolLinks: z.array(z.string()).optional(),
  /** Factor of each reward term where the reward is their sum. */
  rewardWeights: z.record(z.string(), z.number()).optional(),
  /** Discount and smoothing that the critic was trained with. */
  gamma: z.number().optional(),
  gaeLambda: z.number().optional(),
  /** Of environments with cameras: what they are, so that their pictures can be drawn again from scene and poses. */
  cameras: z.array(cameraDescriptionSchema).optional(),
  /** Whether the NaN guard made this recording. */
  dump: z.string().optional(),
  /** Of what another program recorded of a robot: what of it is not shown, in sentences. There are no actions, rewards and outcomes. */
  imported: z.object({ notices: z.array(z.string()) }).optional(),
  scene: z.object({
    entities: z.array(
      z.object({
        id: z.string(),
        kind,
        shapes: z.array(shapeSchema),
        seenInFirst: z.number().optional(),
      }),
    ),
    joints: z.array(joint).optional(),
    workspaces: z.array(z.object({ low: vector, high: vector })).optional(),
  }),
});

/** A frame as read from a file. */
export const recordedFrameSchema = z.object({
  /** s since the episode's start */
  time: z.number(),
  /** Seven numbers per entity of the scene. */
  poses: z.array(exact),
  jointPositions: z.array(exact),
  observation: z.array(exact),
  /** In observation mode "camera": the full state, which only the simulator knows. */
  privileged: z.array(exact).optional(),
  /** Mean of the policy's action, clipped to what the environment takes; empty at the first frame. */
  action: z.array(exact),
  /** Where a policy acted: the mean before it was clipped. */
  actionMean: z.array(exact).optional(),
  /** Where a policy acted: standard deviation of what it would have drawn from in training. */
  actionStd: z.array(exact).optional(),
  /** Where noise was added: what was executed, clipped to what the environment takes. */
  actionSample: z.array(exact).optional(),
  /** Actual pose of the tool centre point, and the commanded one where the control mode commands a pose. */
  tool: exactPose.optional(),
  commandedTool: exactPose.optional(),
  reward: exact,
  rewardTerms: z.record(z.string(), exact),
  /** In an episode's first frame, where there are cameras: how all of it looks to them. */
  look: lookSchema.optional(),
  /** The critic's value of the observation; null where there is no critic. */
  value: exact.nullable(),
  success: z.boolean(),
  /** Whether the task ended here, so that no value follows. */
  terminated: z.boolean().optional(),
  contacts: z.array(z.object({ position: exactVector, force: exactVector })),
  /** What a hand did in this step, where one did. */
  hand: perturbationSchema.optional(),
  /** Of recordings made from pictures that cannot be drawn again: what each camera saw, a PNG or JPEG file in base64, by its name. */
  pictures: z.record(z.string(), z.string()).optional(),
  /** What a policy with memory remembers after this frame's observation. */
  memory: z.array(exact).optional(),
});

/** What is known of an episode before its first frame. */
export type RecordingHeader = z.infer<typeof recordingHeaderSchema>;

/** One control step of a recorded episode. */
export type RecordedFrame = z.infer<typeof recordedFrameSchema>;

/** A recorded episode, or several one after another; each begins with the state after reset, a frame without an action. */
export interface EpisodeRecording {
  /** What holds for the whole episode. */
  readonly header: RecordingHeader;
  /** The start, then one per control step. */
  readonly frames: readonly RecordedFrame[];
  /** Of a file that breaks off: why; `frames` are those before. */
  readonly cutShort?: string;
}

/** What a list of episodes shows. */
export type EpisodeSummary = z.infer<typeof episodeSummarySchema>;

/** Sum an episode up. */
export function summarizeRecording({ header, frames }: EpisodeRecording): EpisodeSummary {
  const total = frames.reduce((sum, { reward }) => sum + reward, 0);
  const solved = frames.find(({ success }) => success);
  return {
    seed: header.seed,
    return: total,
    length: frames.length - 1,
    success: frames.at(-1)?.success ?? false,
    ...(solved ? { successTime: solved.time - frames[0]!.time } : {}),
    ...(header.imported ? { imported: true } : {}),
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
  const episodes = recordings.length === 1 ? {} : { episodes: recordings.map(summarizeRecording) };
  return {
    header: { ...header, ...drawn, ...episodes, seed: from === to ? from : `${from}..${to}` },
    frames,
  };
}

/** Return whether an episode begins with `frame`, the one at `index`: it has no action, as those of other programs have none. */
export function isEpisodeStart(
  { imported }: RecordingHeader,
  { action }: RecordedFrame,
  index: number,
): boolean {
  return index === 0 || (action.length === 0 && !imported);
}

/** Take apart what `joinEpisodes` put together; times stay as they are. */
export function splitEpisodes({ header, frames }: EpisodeRecording): (readonly RecordedFrame[])[] {
  const starts = frames.flatMap((frame, index) => (isEpisodeStart(header, frame, index) ? [index] : []));
  return starts.map((start, episode) => frames.slice(start, starts[episode + 1]));
}

/** Return one of several episodes as a recording of its own, from time 0 on; undefined where there is no such one. */
export function episodeOf(recording: EpisodeRecording, episode: number): EpisodeRecording | undefined {
  const frames = splitEpisodes(recording)[episode];
  if (!frames) return undefined;
  const { episodes = [], ...header } = recording.header;
  const { seed } = episodes[episode] ?? header;
  const start = frames[0]!.time;
  return {
    header: { ...header, seed },
    frames: frames.map((frame) => ({ ...frame, time: frame.time - start })),
  };
}

/** Name one of several episodes in a file: "demos.mcap:3". */
export function nameEpisode(file: string, episode: number): string {
  return `${file}:${episode}`;
}

/** Take apart what `nameEpisode` made; of any other name it is the file, and there is no episode. */
export function parseEpisodeName(name: string): { readonly file: string; readonly episode?: number } {
  const parts = /^(.+\.mcap):(\d+)$/.exec(name);
  return parts ? { file: parts[1]!, episode: Number(parts[2]) } : { file: name };
}

// An episode of a data set that another program made, as a recording: observations, actions, rewards and pictures, no scene.
import { numbersOf, stateFeatures } from "../recording/lerobot-demonstrations.js";
import type { LeRobotDataset, LeRobotRow } from "../recording/lerobot-read.js";
import { type EpisodeRecording, RECORDING_VERSION, type RecordedFrame } from "../recording/recording.js";

/** Feature of what was done in a step. */
export const ACTION = "action";
/** Feature of what the step brought. */
export const REWARD = "next.reward";
/** Feature that says whether the task was solved then. */
export const SUCCESS = "next.success";

const CAMERA = /^observation\.images?\./;
/** Pictures of an episode that a page is given, bytes. */
const LARGEST_PICTURES = 2 ** 27;
/** First bytes of a PNG and of a JPEG file. */
const SIGNATURES = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
];

/** Names of the features that hold pictures in the tables themselves. */
export function storedCameras({ features }: LeRobotDataset): readonly string[] {
  return Object.keys(features).filter((name) => features[name]!.dtype === "image");
}

/** Say in a sentence for each camera whose pictures are video, why they are not shown. */
export function unseenCameras({ features }: LeRobotDataset): readonly string[] {
  return Object.entries(features).flatMap(([name, { dtype, codec }]) =>
    dtype === "video"
      ? `What camera ${cameraName(name)} saw is video${codec === undefined ? "" : ` (${codec})`}, for which armgym has no decoder, and is not shown. Record pictures instead: LeRobot's setting dataset.video=false.`
      : [],
  );
}

/** Return the episode with these rows, all its columns among them. */
export function plainRecording(
  dataset: LeRobotDataset,
  rows: readonly LeRobotRow[],
  { episode, seed }: { readonly episode: number; readonly seed: string },
): EpisodeRecording {
  const { folder, features, fps, robot, origin, episodes } = dataset;
  const states = stateFeatures(dataset);
  const observation = (k: number) => states.flatMap((name) => numbersOf(dataset, rows[k]!, name, k));
  const { pictures, notices } = picturesOf(dataset, rows);
  const action = (k: number) => (features[ACTION] ? [...numbersOf(dataset, rows[k]!, ACTION, k)] : []);
  // a row holds an action and what was observed before it: after the last one nothing was
  const frames = Array.from({ length: rows.length + 1 }, (_, k): RecordedFrame => {
    const [step, seen] = [rows[k - 1], Math.min(k, rows.length - 1)];
    return {
      time: k / fps,
      poses: [],
      jointPositions: [],
      observation: observation(seen),
      action: step ? action(k - 1) : [],
      reward: Number(step?.[REWARD] ?? 0),
      rewardTerms: {},
      value: null,
      success: step?.[SUCCESS] === true,
      contacts: [],
      ...(pictures[seen] ? { pictures: pictures[seen] } : {}),
    };
  });
  return {
    header: {
      version: RECORDING_VERSION,
      env: origin?.env ?? episodes[episode]!.tasks[0] ?? folder.name,
      agent: origin?.agent ?? "LeRobot",
      seed,
      policySteps: 0,
      ...(robot === undefined ? {} : { robot }),
      controlRate: fps,
      observationNames: states.flatMap((name) => [...entryNames(dataset, name)]),
      actionNames: features[ACTION] ? [...entryNames(dataset, ACTION)] : [],
      jointNames: [],
      imported: { notices: [...unseenCameras(dataset), ...notices] },
      scene: { entities: [] },
    },
    frames,
  };
}

/** The pictures of each row by their cameras' names, in base64; what is left out is said. */
function picturesOf(
  dataset: LeRobotDataset,
  rows: readonly LeRobotRow[],
): { readonly pictures: readonly Record<string, string>[]; readonly notices: readonly string[] } {
  const cameras = storedCameras(dataset);
  if (cameras.length === 0) return { pictures: [], notices: [] };
  const files = rows.map((row) => cameras.map((name) => pictureIn(row[name])));
  const total = files.flat().reduce((sum, file) => sum + (file?.length ?? 0), 0);
  if (total > LARGEST_PICTURES) {
    const megabytes = Math.round(total / 2 ** 20);
    return {
      pictures: [],
      notices: [`The episode's pictures have ${megabytes} MB, too much for a page, and are not shown.`],
    };
  }
  const lost = cameras.filter((_, camera) => files.some((row) => !row[camera]));
  return {
    pictures: files.map((row) =>
      Object.fromEntries(
        row.flatMap((file, k) =>
          file ? [[cameraName(cameras[k]!), Buffer.from(file).toString("base64")]] : [],
        ),
      ),
    ),
    notices: lost.map(
      (name) => `Pictures of camera ${cameraName(name)} are missing in the table, or neither PNG nor JPEG.`,
    ),
  };
}

/** The file in a cell, which Hugging Face's `datasets` makes of bytes and a path; undefined where it is no picture. */
function pictureIn(cell: unknown): Uint8Array | undefined {
  const bytes = (cell as { readonly bytes?: unknown } | null | undefined)?.bytes;
  if (!(bytes instanceof Uint8Array)) return undefined;
  return SIGNATURES.some((signature) => signature.every((byte, k) => bytes[k] === byte)) ? bytes : undefined;
}

function cameraName(feature: string): string {
  return feature.replace(CAMERA, "");
}

function entryNames({ features }: LeRobotDataset, name: string): readonly string[] {
  const { names, shape } = features[name]!;
  return names ?? Array.from({ length: shape[0] ?? 1 }, (_, k) => `${name}_${k}`);
}

// A recording that another program made of a robot, as one that the viewer shows: joint states move what the robot description draws.
import { UsageError } from "../math/usage-error.js";
import { type ForeignRecording, type JointSample, readForeignRecording } from "../recording/foreign-mcap.js";
import {
  type EpisodeRecording,
  RECORDING_VERSION,
  type RecordedFrame,
  type RecordingHeader,
} from "../recording/recording.js";
import type { ReadFile } from "../robots/import/geometry/triangle-mesh.js";
import { drawUrdf, type RobotDrawing } from "../robots/import/urdf-drawing.js";
import { openSimplifier } from "../robots/import/visuals/simplify-mesh.js";
import { loadDecompressors } from "./mcap-decompress.js";
import { hashOfMeshFile } from "./mesh-files.js";

/** Frames per second at most. */
const MOST_RATE = 60;
/** Frames at most; of a longer recording fewer a second are shown. */
const MOST_FRAMES = 10_000;
/** Numbers of poses at most, so that a robot of very many links has fewer frames. */
const MOST_NUMBERS = 20_000_000;
/** Whoever stamps messages days apart has two clocks, s. */
const LONGEST = 86_400;
/** Names and topics that a sentence lists. */
const MOST_LISTED = 8;

/**
 * Return what another program recorded as a recording to be viewed; undefined where the file is one of ours, or no MCAP.
 *
 * Meshes that the description names are drawn where `readFile` finds them; `meshFile` holds them then. It needs joint positions (sensor_msgs/JointState) and a robot description (a URDF in std_msgs/String). Frames are even in time,
 * at the rate of the joint states (at most 60 Hz), each with the positions known by then. Throws a UsageError that names `file` and says what is missing or wrong.
 */
export async function openForeignRecording(
  bytes: Uint8Array,
  file: string,
  readFile?: ReadFile,
): Promise<(EpisodeRecording & { readonly meshFile?: Uint8Array }) | undefined> {
  const found = readForeignRecording(bytes, file, await loadDecompressors());
  if (!found) return undefined;
  requireBoth(found, file);
  const { description, topic } = chooseRobot(found, file);
  const meshes = readFile && { readFile, simplify: await openSimplifier(), hash: hashOfMeshFile };
  const drawing = drawUrdf(found.descriptions.get(description)!, `${file}, ${description}`, meshes);
  const samples = found.samples
    .get(topic)!
    .toSorted((a, b) => Number(a.time > b.time) - Number(a.time < b.time));
  const series = resample(samples, file, drawing.entities.length);
  const recorded = drawing.joints.filter(({ name }) => series.seen.has(name));
  const frames = series.frames.map(
    ({ time, positions }): RecordedFrame => ({
      time,
      poses: drawing.posesAt(positions),
      jointPositions: recorded.map(({ name }) => positions.get(name) ?? 0),
      observation: [],
      action: [],
      reward: 0,
      rewardTerms: {},
      value: null,
      success: false,
      contacts: [],
    }),
  );
  const header: RecordingHeader = {
    version: RECORDING_VERSION,
    env: drawing.name,
    agent: found.library || "another program",
    seed: "",
    policySteps: 0,
    robot: drawing.name,
    controlRate: series.rate,
    observationNames: [],
    actionNames: [],
    jointNames: recorded.map(({ name }) => name),
    jointLimits: recorded.map(({ limits }) => (limits ? [...limits] : [null, null])),
    imported: { notices: [...drawing.notes, ...notesOn(found, topic, drawing, series)] },
    scene: { entities: structuredClone(drawing.entities) as RecordingHeader["scene"]["entities"] },
  };
  return { header, frames, ...(drawing.meshFile ? { meshFile: drawing.meshFile } : {}) };
}

/** Throw where the robot or its movement is missing. */
function requireBoth({ descriptions, samples, topics, cutShort }: ForeignRecording, file: string): void {
  const missing = [
    ...(samples.size === 0 ? ["no joint positions (sensor_msgs/JointState in cdr, ros1 or json)"] : []),
    ...(descriptions.size === 0 ? ["no robot description (a URDF in std_msgs/String)"] : []),
  ];
  if (missing.length === 0) return;
  const damage = cutShort === undefined ? "" : ` It breaks off (${cutShort}).`;
  const has = listed(
    topics.map(({ topic, schema, encoding }) => `${topic} (${schema || "no type"}, ${encoding})`),
  );
  throw new UsageError(
    `${file} is no recording of armgym's, and to draw a robot it has ${missing.join(" and ")}.${damage} It has: ${has}. ` +
      "Record both, for example: ros2 bag record -s mcap /joint_states /robot_description",
  );
}

/** Take the description and the topic that have most joints in common. */
function chooseRobot(found: ForeignRecording, file: string): { description: string; topic: string } {
  const pairs = preferred(found.descriptions.keys(), "/robot_description").flatMap((description) => {
    const drawing = drawUrdf(found.descriptions.get(description)!, `${file}, ${description}`);
    return preferred(found.samples.keys(), "/joint_states").map((topic) => {
      const names = namesIn(found.samples.get(topic)!);
      return {
        description,
        drawing,
        topic,
        names,
        known: names.filter((name) => drawing.jointNames.has(name)).length,
      };
    });
  });
  const best = pairs.reduce((a, b) => (b.known > a.known ? b : a));
  if (best.known > 0) return best;
  throw new UsageError(
    `${file}: no joint of ${best.topic} is in the robot description. The one names ${listed(best.names)}, the other ${listed([...best.drawing.jointNames])}.`,
  );
}

function preferred(topics: Iterable<string>, first: string): string[] {
  return [...topics].sort((a, b) => Number(b === first) - Number(a === first));
}

function namesIn(samples: readonly JointSample[]): string[] {
  return [...new Set(samples.flatMap(({ names }) => names))];
}

/** Joint positions at even times. */
interface Series {
  /** Hz */
  readonly rate: number;
  readonly frames: readonly { readonly time: number; readonly positions: ReadonlyMap<string, number> }[];
  /** Names of joints that had a position at any time. */
  readonly seen: ReadonlySet<string>;
  /** How often a joint's position was not finite. */
  readonly broken: ReadonlyMap<string, number>;
}

function resample(samples: readonly JointSample[], file: string, numEntities: number): Series {
  const first = samples[0]!.time;
  const seconds = (time: bigint) => Number(time - first) / 1e9;
  const length = seconds(samples.at(-1)!.time);
  if (length > LONGEST) {
    throw new UsageError(
      `${file}: its joint states span ${(length / LONGEST).toFixed(1)} days, expected one at most. Their clocks differ; cut one part out: "mcap filter".`,
    );
  }
  const most = Math.max(2, Math.min(MOST_FRAMES, Math.floor(MOST_NUMBERS / (7 * numEntities))));
  const rate = length === 0 ? 1 : Math.min(MOST_RATE, (Math.min(samples.length, most) - 1) / length);
  const count = 1 + Math.floor(length * rate + 1e-6);
  const positions = new Map<string, number>();
  const broken = new Map<string, number>();
  let next = 0;
  const frames = Array.from({ length: count }, (_, frame) => {
    const time = frame / rate;
    for (; next < samples.length && seconds(samples[next]!.time) <= time + 1e-6; next++)
      take(samples[next]!, positions, broken);
    return { time, positions: new Map(positions) };
  });
  return { rate, frames, seen: new Set(positions.keys()), broken };
}

/** A position that is not finite is none: the joint stays where it was. */
function take(
  { names, positions }: JointSample,
  now: Map<string, number>,
  broken: Map<string, number>,
): void {
  for (const [k, name] of names.entries()) {
    const value = positions[k]!;
    if (Number.isFinite(value)) now.set(name, value);
    else broken.set(name, (broken.get(name) ?? 0) + 1);
  }
}

function notesOn(
  { samples, cutShort }: ForeignRecording,
  topic: string,
  { joints, jointNames }: RobotDrawing,
  { seen, broken }: Series,
): string[] {
  const unknown = [...seen].filter((name) => !jointNames.has(name));
  const still = joints.flatMap(({ name }) => (seen.has(name) ? [] : [name]));
  const others = [...samples.keys()].filter((name) => name !== topic);
  const bad = [...broken].map(([name, count]) => `${name} (${count})`);
  return [
    ...(cutShort === undefined
      ? []
      : [`This recording breaks off (${cutShort}). Shown is what comes before.`]),
    ...(others.length > 0 ? [`Drawn is ${topic}; there are joint states in ${listed(others)}, too.`] : []),
    ...(unknown.length > 0 ? [`Not in the robot description, and so not drawn: ${listed(unknown)}.`] : []),
    ...(still.length > 0 ? [`Without a recorded position, and so drawn at 0: ${listed(still)}.`] : []),
    ...(bad.length > 0 ? [`Positions that are no finite numbers were left out: ${listed(bad)}.`] : []),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  if (names.length === 0) return "nothing";
  return `${names.slice(0, MOST_LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

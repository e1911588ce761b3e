// A recording as the bytes of an MCAP file: chunks, indexes and statistics, as other programs' readers expect them.
import { type IWritable, McapWriter } from "@mcap/core";
import { episodeNumbers } from "./episode-numbers.js";
import { exactJson } from "./exact-json.js";
import { cameraCalibration, cameraTransform, compressedImage } from "./foxglove-camera.js";
import { logMessages } from "./foxglove-log.js";
import { frameName, frameTransforms, sceneUpdate } from "./foxglove-scene.js";
import {
  encodeCameraCalibration,
  encodeCompressedImage,
  encodeFrameTransforms,
  encodeLog,
  encodeSceneUpdate,
  foxgloveDescriptors,
} from "./foxglove-schemas.js";
import type { CameraPictures } from "./pictures.js";
import {
  type EpisodeRecording,
  FRAME_TOPIC,
  isEpisodeStart,
  METADATA_NAME,
  type RecordingHeader,
  summarizeRecording,
} from "./recording.js";
import { encodeJointState, encodeString, JOINT_STATE_DEFINITION, STRING_DEFINITION } from "./ros-messages.js";
import { sceneUrdfs } from "./scene-urdf.js";

/** Of a file that breaks off a chunk at most is lost: some eight frames, bytes. */
const CHUNK_SIZE = 32 * 1024;

const JOINT_STATE = "sensor_msgs/msg/JointState";

/** How the schema of messages in an encoding is written. */
const SCHEMA_ENCODINGS = { protobuf: "protobuf", cdr: "ros2msg", json: "jsonschema" } as const;

/** The pictures of an episode, counted from 0; undefined where there are none. */
type PicturesOf = (episode: number) => CameraPictures | undefined;

/**
 * Return the file; equal recordings give equal bytes, as all times are simulated ones.
 *
 * `picturesOf` gives pictures that are to be in the file for other programs, PNG each. Default: none, as the viewer draws them again.
 */
export async function writeRecording(
  recording: EpisodeRecording,
  picturesOf?: PicturesOf,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await writeRecordingTo(recording, (part) => void parts.push(part.slice()), picturesOf);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Give the file to `write` part by part, each to be used before it returns: a long recording is never whole in memory. */
export async function writeRecordingTo(
  recording: EpisodeRecording,
  write: (part: Uint8Array) => void,
  picturesOf: PicturesOf = () => undefined,
): Promise<void> {
  const { header, frames } = recording;
  const writer = new McapWriter({ writable: counting(write), chunkSize: CHUNK_SIZE });
  await writer.start({ profile: "", library: "armgym" });
  // first, so that a list of episodes needs the beginning of a file only
  await writer.addMetadata({
    name: METADATA_NAME,
    metadata: new Map([
      ["header", JSON.stringify(header, namedNumber)],
      ["summary", JSON.stringify(summarizeRecording(recording), namedNumber)],
    ]),
  });
  const channels = await openChannels(writer);
  const cameras = await cameraChannels(writer, picturesOf(0));
  const text = new TextEncoder();
  const transformsOf = frameTransforms(header.scene);
  const numbers = episodeNumbers(recording);
  const messages = logMessages(recording);
  let [episode, start, total] = [-1, 0, 0];
  let pictures: CameraPictures | undefined;
  for (const [sequence, frame] of frames.entries()) {
    const nanoseconds = BigInt(Math.round(frame.time * 1e9));
    const add = (channelId: number, data: Uint8Array) =>
      writer.addMessage({ channelId, sequence, logTime: nanoseconds, publishTime: nanoseconds, data });
    if (sequence === 0)
      for (const [channel, data] of await sceneMessages(writer, channels, header, frame.time))
        await add(channel, data);
    for (const message of messages.get(sequence) ?? []) await add(channels.log, encodeLog(message));
    const placed = transformsOf(frame);
    if (isEpisodeStart(header, frame, sequence)) {
      [episode, start, total] = [episode + 1, sequence, 0];
      pictures = picturesOf(episode);
      for (const camera of pictures?.cameras ?? [])
        placed.transforms.push(cameraTransform(camera, frame.time));
    }
    total += frame.reward;
    await add(channels.transforms, encodeFrameTransforms(placed));
    for (const [channel, data] of pictures
      ? pictureMessages(pictures, cameras, sequence - start, frame.time)
      : [])
      await add(channel, data);
    await add(channels.joints, encodeJointState(frame.time, header.jointNames, frame.jointPositions));
    await add(channels.numbers, encodeJointState(frame.time, numbers.names, numbers.valuesOf(frame, total)));
    await add(channels.own, text.encode(exactJson(frame)));
  }
  await writer.end();
}

/** What a recording begins with: descriptions of its robot and of what stands beside it, and the scene. */
async function sceneMessages(
  writer: McapWriter,
  channels: Awaited<ReturnType<typeof openChannels>>,
  header: RecordingHeader,
  time: number,
): Promise<(readonly [channel: number, data: Uint8Array])[]> {
  const { robot, things } = sceneUrdfs(namesOf(header), header.scene);
  // Rerun draws every description whose topic ends so
  const beside = things === undefined ? [] : [await openDescription(writer, "/scene/robot_description")];
  return [
    [channels.robot, encodeString(robot)],
    ...beside.map((channel) => [channel, encodeString(things!)] as const),
    [channels.scene, encodeSceneUpdate(sceneUpdate(header.scene, time))],
  ];
}

/** Open the channels that every recording has. */
async function openChannels(writer: McapWriter) {
  const text = new TextEncoder();
  const joints = text.encode(JOINT_STATE_DEFINITION);
  const ours = text.encode('{"type":"object"}');
  return {
    transforms: await openFoxglove(writer, "/tf", "foxglove.FrameTransforms"),
    scene: await openFoxglove(writer, "/scene", "foxglove.SceneUpdate"),
    log: await openFoxglove(writer, "/log", "foxglove.Log"),
    joints: await openChannel(writer, "/joint_states", [JOINT_STATE, "cdr", joints]),
    // of all types the one whose named numbers Rerun plots by itself
    numbers: await openChannel(writer, "/episode", [JOINT_STATE, "cdr", joints]),
    robot: await openDescription(writer, "/robot_description"),
    own: await openChannel(writer, FRAME_TOPIC, ["armgym.Frame", "json", ours]),
  };
}

function openDescription(writer: McapWriter, topic: string): Promise<number> {
  return openChannel(writer, topic, [
    "std_msgs/msg/String",
    "cdr",
    new TextEncoder().encode(STRING_DEFINITION),
  ]);
}

function openFoxglove(writer: McapWriter, topic: string, schema: string): Promise<number> {
  return openChannel(writer, topic, [schema, "protobuf", foxgloveDescriptors(schema)]);
}

async function openChannel(
  writer: McapWriter,
  topic: string,
  [name, messageEncoding, data]: readonly [string, keyof typeof SCHEMA_ENCODINGS, Uint8Array],
): Promise<number> {
  const schemaId = await writer.registerSchema({ name, encoding: SCHEMA_ENCODINGS[messageEncoding], data });
  return writer.registerChannel({ topic, schemaId, messageEncoding, metadata: new Map() });
}

/** Channels of one camera. */
interface CameraChannels {
  readonly calibration: number;
  readonly image: number;
}

/** Open two channels for each camera. */
async function cameraChannels(
  writer: McapWriter,
  pictures: CameraPictures | undefined,
): Promise<readonly CameraChannels[]> {
  const channels: CameraChannels[] = [];
  for (const { name } of pictures?.cameras ?? []) {
    const topic = `/camera/${frameName(name)}`;
    const calibration = await openFoxglove(writer, `${topic}/calibration`, "foxglove.CameraCalibration");
    const image = await openFoxglove(writer, `${topic}/image`, "foxglove.CompressedImage");
    channels.push({ calibration, image });
  }
  return channels;
}

/** Return each camera's picture of a frame of the episode, and at its beginning the calibrations, which hold for all of it. */
function* pictureMessages(
  { cameras, drawPng }: CameraPictures,
  channels: readonly CameraChannels[],
  frame: number,
  time: number,
): Generator<readonly [channel: number, data: Uint8Array]> {
  for (const [index, png] of drawPng(frame).entries()) {
    const { calibration, image } = channels[index]!;
    const camera = cameras[index]!;
    if (frame === 0) yield [calibration, encodeCameraCalibration(cameraCalibration(camera, time))];
    yield [image, encodeCompressedImage(compressedImage(camera, png, time))];
  }
}

/** What the two descriptions of a scene are called. */
function namesOf({ robot, env }: RecordingHeader): { readonly robot: string; readonly env: string } {
  return { robot: robot === undefined || robot === "none" ? env : robot, env };
}

/** Returns are sums of rewards that may not be finite, and a null in their place is no number; -0 may be 0 here. */
function namedNumber(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function counting(write: (part: Uint8Array) => void): IWritable {
  let size = 0n;
  return {
    async write(part) {
      write(part);
      size += BigInt(part.byteLength);
    },
    position: () => size,
  };
}

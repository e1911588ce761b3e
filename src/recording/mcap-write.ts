// A recording as the bytes of an MCAP file: chunks, indexes and statistics, as other programs' readers expect them.
import { type IWritable, McapWriter } from "@mcap/core";
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
import { type EpisodeRecording, FRAME_TOPIC, METADATA_NAME, summarizeRecording } from "./recording.js";
import { encodeJointState, encodeString, JOINT_STATE_DEFINITION, STRING_DEFINITION } from "./ros-messages.js";
import { sceneUrdf } from "./scene-urdf.js";

/** Of a file that breaks off a chunk at most is lost: some eight frames, bytes. */
const CHUNK_SIZE = 32 * 1024;

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
  const channel = async (
    topic: string,
    schema: string,
    encoding: keyof typeof SCHEMA_ENCODINGS,
    data: Uint8Array,
  ) => {
    const schemaId = await writer.registerSchema({
      name: schema,
      encoding: SCHEMA_ENCODINGS[encoding],
      data,
    });
    return writer.registerChannel({ topic, schemaId, messageEncoding: encoding, metadata: new Map() });
  };
  const text = new TextEncoder();
  const foxglove = (topic: string, schema: string) =>
    channel(topic, schema, "protobuf", foxgloveDescriptors(schema));
  const transforms = await foxglove("/tf", "foxglove.FrameTransforms");
  const scene = await foxglove("/scene", "foxglove.SceneUpdate");
  const log = await foxglove("/log", "foxglove.Log");
  const joints = await channel(
    "/joint_states",
    "sensor_msgs/msg/JointState",
    "cdr",
    text.encode(JOINT_STATE_DEFINITION),
  );
  const description = await channel(
    "/robot_description",
    "std_msgs/msg/String",
    "cdr",
    text.encode(STRING_DEFINITION),
  );
  const own = await channel(FRAME_TOPIC, "armgym.Frame", "json", text.encode('{"type":"object"}'));
  const cameras = await cameraChannels(picturesOf(0), foxglove);
  const messages = logMessages(recording);
  let [episode, start] = [-1, 0];
  let pictures: CameraPictures | undefined;
  for (const [sequence, frame] of frames.entries()) {
    const nanoseconds = BigInt(Math.round(frame.time * 1e9));
    const add = (channelId: number, data: Uint8Array) =>
      writer.addMessage({ channelId, sequence, logTime: nanoseconds, publishTime: nanoseconds, data });
    if (sequence === 0) {
      await add(description, encodeString(sceneUrdf(header.robot ?? header.env, header.scene)));
      await add(scene, encodeSceneUpdate(sceneUpdate(header.scene, frame.time)));
    }
    for (const message of messages.get(sequence) ?? []) await add(log, encodeLog(message));
    const placed = frameTransforms(header.scene, frame);
    if (frame.action.length === 0 || sequence === 0) {
      [episode, start] = [episode + 1, sequence];
      pictures = picturesOf(episode);
      for (const camera of pictures?.cameras ?? [])
        placed.transforms.push(cameraTransform(camera, frame.time));
    }
    await add(transforms, encodeFrameTransforms(placed));
    for (const [index, png] of (pictures?.drawPng(sequence - start) ?? []).entries()) {
      const { calibration, image } = cameras[index]!;
      const camera = pictures!.cameras[index]!;
      // it holds for the episode, as where the camera is
      if (sequence === start)
        await add(calibration, encodeCameraCalibration(cameraCalibration(camera, frame.time)));
      await add(image, encodeCompressedImage(compressedImage(camera, png, frame.time)));
    }
    await add(joints, encodeJointState(frame.time, header.jointNames, frame.jointPositions));
    await add(own, text.encode(exactJson(frame)));
  }
  await writer.end();
}

/** Open two channels for each camera. */
async function cameraChannels(
  pictures: CameraPictures | undefined,
  open: (topic: string, schema: string) => Promise<number>,
): Promise<readonly { readonly calibration: number; readonly image: number }[]> {
  const channels: { calibration: number; image: number }[] = [];
  for (const { name } of pictures?.cameras ?? []) {
    const topic = `/camera/${frameName(name)}`;
    const calibration = await open(`${topic}/calibration`, "foxglove.CameraCalibration");
    channels.push({ calibration, image: await open(`${topic}/image`, "foxglove.CompressedImage") });
  }
  return channels;
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

// A recording as the bytes of an MCAP file that Foxglove and Rerun open too.
import { McapWriter, TempBuffer } from "@mcap/core";
import { rotateVector } from "../math/quaternion.js";
import { encodeFoxglove, foxgloveDescriptors } from "./foxglove-schemas.js";
import {
  type EpisodeRecording,
  FRAME_TOPIC,
  METADATA_NAME,
  type RecordedFrame,
  summarizeRecording,
} from "./recording.js";
import { POSE_SIZE, type SceneDescription, type SceneShape } from "./scene.js";

/** Return the file; equal recordings give equal bytes, as all times are simulated ones. */
export async function writeRecording(recording: EpisodeRecording): Promise<Uint8Array> {
  const { header, frames } = recording;
  const buffer = new TempBuffer();
  const writer = new McapWriter({ writable: buffer, useChunks: false });
  await writer.start({ profile: "", library: "armgym" });
  await writer.addMetadata({
    name: METADATA_NAME,
    metadata: new Map([
      ["header", JSON.stringify(header, namedNumber)],
      ["summary", JSON.stringify(summarizeRecording(recording), namedNumber)],
    ]),
  });
  const descriptors = foxgloveDescriptors();
  const channel = async (topic: string, schema: string, encoding: string, data: Uint8Array) => {
    const schemaId = await writer.registerSchema({
      name: schema,
      encoding: encoding === "json" ? "jsonschema" : encoding,
      data,
    });
    return writer.registerChannel({ topic, schemaId, messageEncoding: encoding, metadata: new Map() });
  };
  const transforms = await channel("/tf", "foxglove.FrameTransforms", "protobuf", descriptors);
  const scene = await channel("/scene", "foxglove.SceneUpdate", "protobuf", descriptors);
  const own = await channel(
    FRAME_TOPIC,
    "armgym.Frame",
    "json",
    new TextEncoder().encode('{"type":"object"}'),
  );
  for (const [sequence, frame] of frames.entries()) {
    const nanoseconds = BigInt(Math.round(frame.time * 1e9));
    const add = (channelId: number, data: Uint8Array) =>
      writer.addMessage({ channelId, sequence, logTime: nanoseconds, publishTime: nanoseconds, data });
    if (sequence === 0) await add(scene, encodeFoxglove("foxglove.SceneUpdate", sceneUpdate(header.scene)));
    await add(transforms, encodeFoxglove("foxglove.FrameTransforms", frameTransforms(header.scene, frame)));
    await add(own, new TextEncoder().encode(JSON.stringify(frame, exactNumber)));
  }
  await writer.end();
  return buffer.get();
}

function timestamp(seconds: number) {
  const nanoseconds = Math.round(seconds * 1e9);
  return { seconds: Math.floor(nanoseconds / 1e9), nanos: nanoseconds % 1e9 };
}

/** JSON has no NaN, no infinity and no -0, and the NaN guard's dumps are about just these: write them as strings. */
function exactNumber(key: string, value: unknown): unknown {
  return Object.is(value, -0) ? "-0" : namedNumber(key, value);
}

/** The same where -0 may be 0: returns are sums of rewards that may not be finite, and a null in their place is no number. */
function namedNumber(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function frameTransforms({ entities }: SceneDescription, { time, poses }: RecordedFrame) {
  const transforms = entities.map(({ id }, index) => {
    const [x, y, z, qx, qy, qz, qw] = poses.slice(POSE_SIZE * index, POSE_SIZE * (index + 1));
    return {
      timestamp: timestamp(time),
      parent_frame_id: "world",
      child_frame_id: id,
      translation: { x, y, z },
      rotation: { x: qx, y: qy, z: qz, w: qw },
    };
  });
  return { transforms };
}

function sceneUpdate({ entities }: SceneDescription) {
  return {
    entities: entities.map(({ id, shapes }) => ({
      timestamp: timestamp(0),
      frame_id: id,
      id,
      frame_locked: true,
      cubes: shapes.flatMap((shape) =>
        shape.type === "box" ? [{ ...common(shape), size: size(...shape.size) }] : [],
      ),
      spheres: shapes.flatMap((shape) => {
        if (shape.type !== "sphere" && shape.type !== "capsule") return [];
        const ball = size(2 * shape.radius, 2 * shape.radius, 2 * shape.radius);
        if (shape.type === "sphere") return [{ ...common(shape), size: ball }];
        // Foxglove has no capsules: a cylinder with a ball at each end
        return [-0.5, 0.5].map((end) => {
          const offset = rotateVector(shape.quaternion, [0, 0, end * shape.length]);
          const position = shape.position.map((v, k) => v + offset[k]!) as [number, number, number];
          return { ...common({ ...shape, position }), size: ball };
        });
      }),
      cylinders: shapes.flatMap((shape) => {
        if (shape.type !== "capsule" && shape.type !== "cylinder") return [];
        const extent = size(2 * shape.radius, 2 * shape.radius, shape.length);
        return [{ ...common(shape), size: extent, bottom_scale: 1, top_scale: 1 }];
      }),
    })),
  };
}

function common({ position: [x, y, z], quaternion: [qx, qy, qz, qw], color: [r, g, b, a] }: SceneShape) {
  return {
    pose: { position: { x, y, z }, orientation: { x: qx, y: qy, z: qz, w: qw } },
    color: { r, g, b, a },
  };
}

function size(x: number, y: number, z: number) {
  return { x, y, z };
}

// Recordings as Foxglove itself reads them: protobuf by its own schemas, CDR by its own reader of ROS 2 messages.
import { parse } from "@foxglove/rosmsg";
import { MessageReader } from "@foxglove/rosmsg2-serialization";
import { foxgloveEnumSchemas, foxgloveMessageSchemas, generateProto } from "@foxglove/schemas/internal.js";
import protobuf from "protobufjs";
import { beforeAll, expect, test } from "vitest";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { recordExpert } from "../golden/record.js";
import { decoded, type FileMessage, messagesOf } from "./mcap-file.js";

let recording: EpisodeRecording;
let bytes: Uint8Array;

beforeAll(async () => {
  recording = recordExpert("Reach-v1", 1, true).episodes[0]!;
  bytes = await writeRecording(recording, () => recordedPictures(recording));
});

/** All messages that Foxglove defines, as protobuf. */
function officialTypes(): protobuf.Root {
  const root = new protobuf.Root();
  for (const wellKnown of ["timestamp", "duration"] as const) {
    const { nested } = protobuf.common.get(`google/protobuf/${wellKnown}.proto`)!;
    root.addJSON(nested!);
  }
  const enums = Object.values(foxgloveEnumSchemas);
  for (const schema of Object.values(foxgloveMessageSchemas)) {
    const own = enums.filter(({ parentSchemaName }) => parentSchemaName === schema.name);
    if (!schema.protoEquivalent) protobuf.parse(generateProto(schema, own), root);
  }
  root.resolveAll();
  return root;
}

test("every protobuf message is by Foxglove's own schema what it is by the one in the file", () => {
  const official = officialTypes();
  const topics = ["/tf", "/scene", "/log", "/camera/front/image", "/camera/wrist/calibration"];
  const names = topics.map((topic) => {
    const messages = messagesOf(bytes, topic);
    expect(messages.length, topic).toBeGreaterThan(0);
    for (const message of messages.slice(0, 3)) {
      const type = official.lookupType(message.schema.name);
      const how = { longs: Number, enums: String, defaults: true, arrays: true };
      const read = type.toObject(type.decode(message.data), how);
      // Foxglove's schemas have fields that we leave out: they are as if not set
      expect(read, topic).toMatchObject(decoded(message));
      // nothing is read as a field that it is not
      expect(type.encode(type.decode(message.data)).finish().length, topic).toBe(message.data.length);
    }
    return messages[0]!.schema.name;
  });
  expect(names).toEqual(
    ["FrameTransforms", "SceneUpdate", "Log", "CompressedImage", "CameraCalibration"].map(
      (name) => `foxglove.${name}`,
    ),
  );
});

/** Read a message by the definition in the file; all of its bytes must belong to it. */
function readRos(message: FileMessage): Record<string, unknown> {
  const definitions = parse(new TextDecoder().decode(message.schema.data), { ros2: true });
  const reader = new MessageReader<Record<string, unknown>>(definitions);
  const read = reader.readMessage(message.data);
  expect(reader.lastReadHadTrailingBytes()).toBe(false);
  return read;
}

test("joint states, the numbers of an episode and robot descriptions are read whole", () => {
  const { header, frames } = recording;
  const states = messagesOf(bytes, "/joint_states").map(readRos);
  expect(states).toHaveLength(frames.length);
  const last = frames.at(-1)!;
  const nanoseconds = Math.round(last.time * 1e9);
  expect(states.at(-1)).toEqual({
    header: { stamp: { sec: Math.floor(nanoseconds / 1e9), nanosec: nanoseconds % 1e9 }, frame_id: "" },
    name: header.jointNames,
    position: Float64Array.from(last.jointPositions),
    velocity: new Float64Array(0),
    effort: new Float64Array(0),
  });
  const { name, position } = readRos(messagesOf(bytes, "/episode").at(-1)!) as {
    name: string[];
    position: Float64Array;
  };
  expect(name.slice(0, 2)).toEqual(["reward", "return"]);
  expect(position[0]).toBe(last.reward);
  expect(position[1]).toBeCloseTo(
    frames.reduce((sum, { reward }) => sum + reward, 0),
    9,
  );
  const { data } = readRos(messagesOf(bytes, "/robot_description")[0]!);
  expect(data).toMatch(/^<\?xml version="1\.0"\?>\n<robot name="panda">\n.*<\/robot>\n$/s);
});

// The channels that other programs read, each by its own schema.
import { decode, encode } from "fast-png";
import { expect, test } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { type EpisodeRecording, joinEpisodes } from "../../src/recording/recording.js";
import { readJointState } from "../../src/recording/ros-read.js";
import { sceneUrdfs } from "../../src/recording/scene-urdf.js";
import { decoded, messagesOf } from "./mcap-file.js";

const placed = {
  position: [0, 0, 0] as [number, number, number],
  quaternion: [0, 0, 0, 1] as [number, number, number, number],
  color: [1, 0.5, 0.25, 1] as [number, number, number, number],
};

const recording: EpisodeRecording = {
  header: {
    version: 1,
    env: "Reach-v1",
    agent: "expert",
    seed: "7",
    policySteps: 0,
    controlRate: 20,
    observationNames: ["x"],
    actionNames: ["push"],
    jointNames: ["arm", "slide1"],
    scene: {
      entities: [{ id: "red ball", kind: "object", shapes: [{ type: "sphere", radius: 0.1, ...placed }] }],
    },
  },
  frames: [0, 1, 2].map((step) => ({
    time: 1.5 + step / 4,
    poses: [0, 0, step, 0, 0, 0, 1],
    jointPositions: [0.1 * step, -step],
    observation: [step],
    action: step === 0 ? [] : [0.5],
    reward: step,
    rewardTerms: {},
    value: null,
    success: step === 2,
    contacts: [],
  })),
};

test("joint positions are JointState messages of ROS 2 in CDR, one per frame", async () => {
  const messages = messagesOf(await writeRecording(recording), "/joint_states");
  expect(messages.map(({ time }) => time)).toEqual([1.5, 1.75, 2]);
  const [, { schema, encoding, data }] = messages as [unknown, (typeof messages)[number]];
  expect([encoding, schema.encoding, schema.name]).toEqual(["cdr", "ros2msg", "sensor_msgs/msg/JointState"]);
  expect(new TextDecoder().decode(schema.data).split("\n").slice(0, 5)).toEqual([
    "std_msgs/Header header",
    "string[] name",
    "float64[] position",
    "float64[] velocity",
    "float64[] effort",
  ]);
  const bytes = Buffer.from(data);
  expect([...bytes.subarray(0, 4)]).toEqual([0, 1, 0, 0]);
  // offsets are counted from behind these four bytes: uint32 at multiples of 4, float64 at multiples of 8
  const body = bytes.subarray(4);
  expect([body.readInt32LE(0), body.readUInt32LE(4)]).toEqual([1, 750_000_000]);
  expect(body.subarray(8, 13).toString("latin1")).toBe("\x01\0\0\0\0"); // frame_id ""
  expect(body.readUInt32LE(16)).toBe(2);
  expect(body.subarray(20, 28).toString("latin1")).toBe("\x04\0\0\0arm\0");
  expect(body.subarray(28, 39).toString("latin1")).toBe("\x07\0\0\0slide1\0");
  expect(body.readUInt32LE(40)).toBe(2);
  expect([body.readDoubleLE(48), body.readDoubleLE(56)]).toEqual([0.1, -1]);
  expect([body.readUInt32LE(64), body.readUInt32LE(68), body.length]).toEqual([0, 0, 72]);
});

test("a robot of many joints has all of them in one message", async () => {
  const jointNames = Array.from({ length: 40 }, (_, k) => `joint_${100 + k}`);
  const jointPositions = jointNames.map((_, k) => k / 8);
  const many = {
    header: { ...recording.header, jointNames },
    frames: [{ ...recording.frames[0]!, jointPositions }],
  };
  const { data } = messagesOf(await writeRecording(many), "/joint_states")[0]!;
  const body = Buffer.from(data).subarray(4);
  // each name is 4 bytes of length, 9 characters, a zero and, but for the last, 2 bytes of padding
  expect(body.subarray(20 + 16 * 39 + 4, 20 + 16 * 39 + 13).toString("latin1")).toBe("joint_139");
  const at = 20 + 16 * 40;
  expect(body.readUInt32LE(at)).toBe(40);
  const read = jointNames.map((_, k) => body.readDoubleLE(at + 4 + 8 * k));
  expect(read).toEqual(jointPositions);
});

test("the robot description is one URDF of the scene, whose links are the frames of /tf", async () => {
  const bytes = await writeRecording(recording);
  const messages = messagesOf(bytes, "/robot_description");
  expect(messages.map(({ time }) => time)).toEqual([1.5]);
  const [{ schema, encoding, data }] = messages as [(typeof messages)[number]];
  expect([encoding, schema.encoding, schema.name]).toEqual(["cdr", "ros2msg", "std_msgs/msg/String"]);
  expect(new TextDecoder().decode(schema.data)).toBe("string data\n");
  const urdf = sceneUrdfs({ robot: "Reach-v1", env: "Reach-v1" }, recording.header.scene).robot;
  expect(urdf).toContain('<joint name="world_to_red_ball" type="floating">');
  expect(Buffer.from(data).readUInt32LE(4)).toBe(urdf.length + 1);
  expect(Buffer.from(data).subarray(8).toString("utf8")).toBe(`${urdf}\0`);
  expect(Buffer.from(messagesOf(bytes, "/tf")[0]!.data).toString("latin1")).toContain("red_ball");
});

test("links of a robot are placed in those that they are joined to, and all else in the world", async () => {
  const joint = {
    name: "j",
    type: "fixed" as const,
    child: "base",
    position: placed.position,
    quaternion: placed.quaternion,
  };
  const entity = (id: string) => ({ id, kind: "link" as const, shapes: [] });
  const [header, first] = [recording.header, recording.frames[0]!];
  const half = Math.SQRT1_2;
  const jointed: EpisodeRecording = {
    header: {
      ...header,
      robot: "arm",
      scene: {
        entities: [entity("base"), entity("upper arm"), entity("cube")],
        joints: [
          { ...joint, parent: "world" },
          { ...joint, name: "turn", type: "revolute", parent: "base", child: "upper arm", axis: [0, 0, 1] },
        ],
      },
    },
    // the base is turned by a quarter about z, the arm by a quarter more and 2 m along the world's y
    frames: [{ ...first, poses: [1, 0, 0, 0, 0, half, half, 1, 2, 0, 0, 0, 1, 0, 5, 6, 7, 0, 0, 0, 1] }],
  };
  const bytes = await writeRecording(jointed);
  expect(readRecording(bytes, "jointed.mcap")).toEqual(jointed);
  const near = (value: number) => expect.closeTo(value, 12);
  expect(decoded(messagesOf(bytes, "/tf")[0]!)).toMatchObject({
    transforms: [
      { parentFrameId: "world", childFrameId: "base", translation: { x: 1, y: 0, z: 0 } },
      {
        parentFrameId: "base",
        childFrameId: "upper_arm",
        translation: { x: near(2), y: near(0), z: near(0) },
        rotation: { x: near(0), y: near(0), z: near(half), w: near(half) },
      },
      { parentFrameId: "world", childFrameId: "cube", translation: { x: 5, y: 6, z: 7 } },
    ],
  });
  const text = (topic: string) => Buffer.from(messagesOf(bytes, topic)[0]!.data).toString("latin1");
  expect(text("/robot_description")).toMatch(/<robot name="arm">.*name="turn" type="continuous"/s);
  expect(text("/scene/robot_description")).toMatch(
    /<robot name="Reach-v1">\n<link name="world"\/>\n<link name="cube">/,
  );
});

test("reward, return, success, value, reward terms and actions are named numbers of one message per frame", async () => {
  const [start, ...steps] = recording.frames;
  const frames = [
    { ...start!, value: 0.5 },
    { ...steps[0]!, reward: 2, rewardTerms: { near: 0.25, slow: -1 } },
    { ...steps[1]!, reward: -0.5, rewardTerms: { near: 0.75 }, action: [0.5] },
  ];
  const joined = joinEpisodes([{ ...recording, frames }, recording]);
  const bytes = await writeRecording(joined);
  const messages = messagesOf(bytes, "/episode");
  expect(messages.map(({ schema, encoding }) => [schema.name, encoding])[0]).toEqual([
    "sensor_msgs/msg/JointState",
    "cdr",
  ]);
  const read = messages.map(({ data }) => readJointState(data, "cdr"));
  const names = ["reward", "return", "success", "value", "reward/near", "reward/slow", "action/push"];
  for (const message of read) expect(message.names).toEqual(names);
  const none = Number.NaN;
  // the return begins anew with the second episode
  expect(read.map(({ positions }) => positions)).toEqual([
    [0, 0, 0, 0.5, none, none, none],
    [2, 2, 0, none, 0.25, -1, 0.5],
    [-0.5, 1.5, 1, none, 0.75, none, 0.5],
    [0, 0, 0, none, none, none, none],
    [1, 1, 0, none, none, none, 0.5],
    [2, 3, 1, none, none, none, 0.5],
  ]);
});

test("the scene comes with a deletion of all that was drawn before", async () => {
  const messages = messagesOf(await writeRecording(recording), "/scene");
  expect(
    messages.map(({ schema, encoding, time }) => [schema.name, schema.encoding, encoding, time]),
  ).toEqual([["foxglove.SceneUpdate", "protobuf", "protobuf", 1.5]]);
  const stamp = { seconds: 1, nanos: 500_000_000 };
  expect(decoded(messages[0]!)).toMatchObject({
    deletions: [{ timestamp: stamp, type: "ALL", id: "" }],
    entities: [
      {
        timestamp: stamp,
        id: "red ball",
        frameId: "red_ball",
        spheres: [{ size: { x: 0.2, y: 0.2, z: 0.2 }, color: { r: 1, g: 0.5, b: 0.25, a: 1 } }],
      },
    ],
  });
});

test("the log says where episodes begin, are solved and end", async () => {
  const joined = joinEpisodes([
    recording,
    { header: { ...recording.header, seed: "8" }, frames: recording.frames.slice(0, 2) },
  ]);
  const messages = messagesOf(await writeRecording(joined), "/log");
  expect([messages[0]!.schema.name, messages[0]!.encoding]).toEqual(["foxglove.Log", "protobuf"]);
  // episodes begin at 1.5 s, steps are 0.25 s
  const entries = messages.map((message) => decoded(message));
  expect(entries.map(({ level, message, name }) => [level, message, name])).toEqual([
    ["INFO", "Episode 0 of Reach-v1 begins: expert, seed 7", "armgym"],
    ["INFO", "Solved after 0.50 s", "armgym"],
    ["INFO", "Episode 0 ends after 0.50 s: solved, return 3.000", "armgym"],
    ["INFO", "Episode 1 of Reach-v1 begins: expert, seed 8", "armgym"],
    ["INFO", "Episode 1 ends after 0.25 s: not solved, return 1.000", "armgym"],
  ]);
  expect(entries[1]!.timestamp).toEqual({ seconds: 2, nanos: 0 });
});

test("the log of a dump says what was not finite", async () => {
  const dump = { ...recording, header: { ...recording.header, dump: "observation tcp_x" } };
  const messages = messagesOf(await writeRecording(dump), "/log").map(decoded);
  expect(messages.at(-1)).toMatchObject({
    level: "ERROR",
    message: "Dropped: observation tcp_x was not finite",
  });
});

test("pictures are PNG files with a pinhole's calibration and the camera's optical frame", async () => {
  const camera = {
    name: "front view",
    width: 4,
    height: 2,
    fovDeg: 90,
    link: "red ball",
    position: [1, 2, 3] as [number, number, number],
    // turned by a quarter about z
    quaternion: [0, 0, Math.SQRT1_2, Math.SQRT1_2] as [number, number, number, number],
    goalMarker: "solid" as const,
    goalFootprint: false,
  };
  const rgb = (frame: number) => Uint8Array.from({ length: 24 }, (_, k) => 10 * k + frame);
  const seen = {
    cameras: [camera],
    draw: (frame: number) => [rgb(frame)],
    drawPng: (frame: number) => [encode({ width: 4, height: 2, data: rgb(frame), channels: 3 })],
  };
  const bytes = await writeRecording(recording, () => seen);
  expect(readRecording(bytes, "seen.mcap")).toEqual(recording);

  const images = messagesOf(bytes, "/camera/front_view/image");
  expect(images.map(({ time, schema }) => [time, schema.name])).toEqual(
    [1.5, 1.75, 2].map((time) => [time, "foxglove.CompressedImage"]),
  );
  const { data, ...image } = decoded(images[1]!);
  const stamp = { seconds: 1, nanos: 750_000_000 };
  expect(image).toEqual({ timestamp: stamp, format: "png", frameId: "camera_front_view" });
  const { width, height, channels, data: pixels } = decode(data as Uint8Array);
  expect([width, height, channels, [...pixels]]).toEqual([4, 2, 3, [...rgb(1)]]);

  const calibrations = messagesOf(bytes, "/camera/front_view/calibration");
  expect(calibrations.map(({ time, schema }) => [time, schema.name])).toEqual([
    [1.5, "foxglove.CameraCalibration"],
  ]);
  // two rows over 90 degrees: the focal length is one pixel
  const f = expect.closeTo(1, 12);
  expect(decoded(calibrations[0]!)).toEqual({
    timestamp: { seconds: 1, nanos: 500_000_000 },
    frameId: "camera_front_view",
    width: 4,
    height: 2,
    distortionModel: "",
    D: [],
    K: [f, 0, 2, 0, f, 1, 0, 0, 1],
    R: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    P: [f, 0, 2, 0, 0, f, 1, 0, 0, 0, 1, 0],
  });

  const placed = messagesOf(bytes, "/tf").map((message) => decoded(message).transforms as object[]);
  expect(placed.map(({ length }) => length)).toEqual([2, 1, 1]);
  // half a turn about the camera's own x axis first: (z(90 deg))(x(180 deg)) = (h, h, 0, 0)
  const half = expect.closeTo(Math.SQRT1_2, 12);
  expect(placed[0]![1]).toMatchObject({
    parentFrameId: "red_ball",
    childFrameId: "camera_front_view",
    translation: { x: 1, y: 2, z: 3 },
    rotation: { x: half, y: half, z: 0, w: 0 },
  });
});

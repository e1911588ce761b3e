import { McapIndexedReader, McapStreamReader } from "@mcap/core";
import protobuf from "protobufjs";
import descriptorNamespace from "protobufjs/ext/descriptor.js";
import { expect, test } from "vitest";
import { sceneUpdate } from "../../src/recording/foxglove-scene.js";
import { encodeSceneUpdate } from "../../src/recording/foxglove-schemas.js";
import { readRecording, readSummaries } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import {
  type EpisodeRecording,
  episodeOf,
  joinEpisodes,
  nameEpisode,
  parseEpisodeName,
  summarizeRecording,
} from "../../src/recording/recording.js";

const descriptor = descriptorNamespace as unknown as Record<string, protobuf.Type>;
const turn: [number, number, number, number] = [0, 0, 0, 1];
const white: [number, number, number, number] = [1, 1, 1, 1];
const recording: EpisodeRecording = {
  header: {
    version: 1,
    env: "Reach-v1",
    agent: "ppo-mlp",
    seed: "7",
    policySteps: 1000,
    controlRate: 20,
    observationNames: ["x"],
    actionNames: ["push"],
    jointNames: ["joint1", "joint2"],
    scene: {
      entities: [
        {
          id: "table",
          kind: "table",
          shapes: [{ type: "box", size: [1, 2, 3], position: [0, 0, 0], quaternion: turn, color: white }],
        },
        {
          id: "ball",
          kind: "object",
          shapes: [{ type: "sphere", radius: 0.1, position: [0, 0, 0], quaternion: turn, color: white }],
        },
      ],
    },
  },
  frames: [0, 1, 2].map((step) => ({
    time: step / 20,
    poses: [0, 0, 0, 0, 0, 0, 1, 0.5, step, 0.25, 0, 0, 0, 1],
    jointPositions: [0.1 * step, -step],
    observation: [step],
    action: step === 0 ? [] : [0.5],
    reward: step === 0 ? 0 : 1.5,
    rewardTerms: step === 0 ? {} : { near: 0.75 },
    value: step === 2 ? null : 3.25,
    success: step === 2,
    contacts: step === 1 ? [{ position: [1, 2, 3], force: [0, 0, 9.81] }] : [],
  })),
};

test("a recording is read back as it was written, and equal recordings are equal bytes", async () => {
  const bytes = await writeRecording(recording);
  expect(readRecording(bytes, "a.mcap")).toEqual(recording);
  expect(await writeRecording(structuredClone(recording))).toEqual(bytes);
  expect(readSummaries(bytes.subarray(0, 4000))).toEqual([
    { seed: "7", return: 3, length: 2, success: true, successTime: 0.1 },
  ]);
});

test("an episode whose rewards are not finite keeps its seed, alone and among others", async () => {
  const broken = {
    header: { ...recording.header, seed: "31" },
    frames: recording.frames.map((frame, step) => ({
      ...frame,
      reward: step === 2 ? Number.NaN : 0,
      success: false,
    })),
  };
  const summary = { seed: "31", return: Number.NaN, length: 2, success: false };
  const alone = await writeRecording(broken);
  expect(readSummaries(alone)).toEqual([summary]);
  expect(readRecording(alone, "dump.mcap").frames[2]!.reward).toBeNaN();
  const several = await writeRecording(joinEpisodes([recording, broken]));
  expect(readSummaries(several)[1]).toEqual(summary);
  expect(readRecording(several, "demos.mcap").header.episodes![1]).toEqual(summary);
});

test("the summary says when the task was first solved, counted from the episode's own start", () => {
  const late = recording.frames.map((frame, step) => ({
    ...frame,
    time: 5 + step / 20,
    success: step === 1,
  }));
  expect(summarizeRecording({ ...recording, frames: late })).toMatchObject({
    success: false,
    successTime: expect.closeTo(0.05),
  });
});

test("several episodes in one file are listed one by one, and each comes back with its own seed and time", async () => {
  const other: EpisodeRecording = {
    header: { ...recording.header, seed: "9" },
    frames: recording.frames.slice(0, 2),
  };
  const bytes = await writeRecording(joinEpisodes([recording, other]));
  expect(readSummaries(bytes)).toEqual([
    { seed: "7", return: 3, length: 2, success: true, successTime: 0.1 },
    { seed: "9", return: 1.5, length: 1, success: false },
  ]);
  const joined = readRecording(bytes, "demos.mcap");
  expect(joined.frames.map(({ time }) => time)).toEqual(
    [0, 0.05, 0.1, 0.15, 0.2].map((t) => expect.closeTo(t)),
  );
  expect(episodeOf(joined, 0)).toEqual(recording);
  expect(episodeOf(joined, 1)).toEqual({
    ...other,
    frames: other.frames.map((frame) => ({ ...frame, time: expect.closeTo(frame.time) })),
  });
  expect(episodeOf(joined, 2)).toBe(undefined);
  expect(parseEpisodeName(nameEpisode("demos.mcap", 12))).toEqual({ file: "demos.mcap", episode: 12 });
  expect(parseEpisodeName("demos.mcap")).toEqual({ file: "demos.mcap" });
});

test("what newer recordings tell besides is kept: limits, units, weights, cameras, the tool and its command", async () => {
  const camera = {
    name: "wrist",
    width: 64,
    height: 48,
    fovDeg: 60,
    link: "ball",
    position: [0, 0, 0.1] as [number, number, number],
    quaternion: turn,
    goalMarker: "hidden" as const,
    goalFootprint: false,
  };
  const newer: EpisodeRecording = {
    header: {
      ...recording.header,
      observationUnits: ["m"],
      jointLimits: [
        [-2, 2],
        [null, 3],
      ],
      toolLinks: ["ball"],
      rewardWeights: { near: 2 },
      gamma: 0.95,
      gaeLambda: 0.9,
      cameras: [camera],
    },
    frames: recording.frames.map((frame) => ({
      ...frame,
      actionMean: [1.5],
      actionStd: [0.25],
      actionSample: [-0.5],
      tool: [0, 0, 1, 0, 0, 0, 1],
      commandedTool: [0, 0.5, 1, 0, 0, 0, 1],
      terminated: true,
    })),
  };
  expect(readRecording(await writeRecording(newer), "a.mcap")).toEqual(newer);
});

test("of a file that breaks off, the frames before are read where that is asked for", async () => {
  const bytes = await writeRecording(recording);
  const part = readRecording(bytes.subarray(0, bytes.length - 700), "a.mcap", { partial: true });
  expect(part.cutShort).toBe("it is cut short");
  expect(part.frames.length).toBeGreaterThan(0);
  expect(recording.frames.slice(0, part.frames.length)).toEqual(part.frames);
  expect(readRecording(bytes, "a.mcap", { partial: true })).toEqual(recording);
  expect(() => readRecording(bytes.subarray(0, 40), "a.mcap", { partial: true })).toThrow(
    "a.mcap is not a whole recording: it is cut short. Record the episode again.",
  );
});

test("a dump of the NaN guard keeps the numbers that JSON has not", async () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  const frames = recording.frames.map((frame) => ({ ...frame, observation: odd, jointPositions: odd }));
  const dump = { header: { ...recording.header, dump: "observation tcp_x" }, frames };
  const read = readRecording(await writeRecording(dump), "dump.mcap");
  expect(read).toEqual(dump);
  expect(Object.is(read.frames[0]!.observation[3], -0)).toBe(true);
});

test("the Foxglove channels are decoded by the schema inside the file", async () => {
  const reader = new McapStreamReader();
  reader.append(await writeRecording(recording));
  const schemas = new Map<number, { name: string; root: protobuf.Root }>();
  const channels = new Map<number, { topic: string; schemaId: number }>();
  const transforms: unknown[] = [];
  let schemaData: Uint8Array | undefined;
  for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
    if (record.type === "Schema" && record.encoding === "protobuf") {
      const { fromDescriptor } = protobuf.Root as unknown as {
        fromDescriptor(data: Uint8Array): protobuf.Root;
      };
      schemaData = record.data;
      schemas.set(record.id, { name: record.name, root: fromDescriptor(record.data) });
    } else if (record.type === "Channel") channels.set(record.id, record);
    else if (record.type === "Message" && channels.get(record.channelId)?.topic === "/tf") {
      const { name, root } = schemas.get(channels.get(record.channelId)!.schemaId)!;
      const type = root.lookupType(name);
      transforms.push(type.toObject(type.decode(record.data), { longs: Number, defaults: true }));
    }
  }
  expect([...channels.values()].map(({ topic }) => topic).sort()).toEqual([
    "/armgym/frame",
    "/episode",
    "/joint_states",
    "/log",
    "/robot_description",
    "/scene",
    "/tf",
  ]);
  const set = descriptor.FileDescriptorSet!.toObject(
    descriptor.FileDescriptorSet!.decode(schemaData!),
  ) as unknown as {
    file: {
      name: string;
      dependency?: string[];
      messageType: { field: { name: string; typeName?: string }[] }[];
    }[];
  };
  // what readers in other languages need: imports and full names; what Foxglove looks for: names with underscores
  expect(set.file.map(({ name, dependency = [] }) => [name, dependency])).toEqual([
    ["google_protobuf.proto", []],
    ["foxglove.proto", ["google_protobuf.proto"]],
  ]);
  const fields = set.file.flatMap(({ messageType }) => messageType.flatMap(({ field }) => field));
  expect(fields.filter(({ name }) => name !== name.toLowerCase())).toEqual([]);
  expect(fields.filter(({ typeName }) => typeName && !typeName.startsWith("."))).toEqual([]);
  expect(transforms).toHaveLength(3);
  expect(transforms[2]).toMatchObject({
    transforms: [
      { childFrameId: "table", parentFrameId: "world" },
      {
        childFrameId: "ball",
        timestamp: { seconds: 0, nanos: 100_000_000 },
        translation: { x: 0.5, y: 2, z: 0.25 },
      },
    ],
  });
});

test("damaged, cut and foreign files are refused by name", async () => {
  const bytes = await writeRecording(recording);
  expect(() => readRecording(new TextEncoder().encode("no recording at all"), "x.mcap")).toThrow(
    /^x\.mcap is not a whole recording: .* Record the episode again\.$/s,
  );
  expect(() => readRecording(bytes.subarray(0, bytes.length - 200), "cut.mcap")).toThrow(
    /^cut\.mcap is not a whole recording: /,
  );
  const other = { ...recording, header: { ...recording.header, version: 2 as 1 } };
  const newer = await writeRecording(other);
  expect(() => readRecording(newer, "new.mcap")).toThrow(
    "new.mcap is not an armgym recording: its version is 2, expected 1.",
  );
  const nameless = { ...recording, header: { ...recording.header, seed: 3 as unknown as string } };
  const damaged = await writeRecording(nameless);
  expect(() => readRecording(damaged, "seed.mcap")).toThrow(
    "seed.mcap is not an armgym recording: its header is damaged, seed: Invalid input: expected string, received number.",
  );
  const short = { ...recording, frames: [{ ...recording.frames[0]!, poses: [1] }] };
  const shortBytes = await writeRecording({
    ...short,
    frames: [recording.frames[0]!, short.frames[0]!],
  }).catch(() => undefined);
  if (shortBytes) {
    expect(() => readRecording(shortBytes, "short.mcap")).toThrow(
      "short.mcap: frame 1 has 1 pose numbers, its scene needs 14.",
    );
  }
});

test("other programs find chunks, indexes and statistics, and every message by time", async () => {
  const frames = Array.from({ length: 600 }, (_, step) => ({ ...recording.frames[1]!, time: step / 20 }));
  const bytes = await writeRecording({ ...recording, frames });
  const readable = {
    size: async () => BigInt(bytes.length),
    read: async (offset: bigint, size: bigint) => bytes.subarray(Number(offset), Number(offset + size)),
  };
  const reader = await McapIndexedReader.Initialize({ readable });
  expect(reader.chunkIndexes.length).toBeGreaterThan(1);
  expect(reader.chunkIndexes.every(({ messageIndexOffsets }) => messageIndexOffsets.size > 0)).toBe(true);
  expect(reader.statistics).toMatchObject({
    messageCount: 2404n,
    channelCount: 7,
    messageEndTime: 29_950_000_000n,
  });
  const times: number[] = [];
  for await (const message of reader.readMessages({
    topics: ["/armgym/frame"],
    startTime: 10_000_000_000n,
    endTime: 10_200_000_000n,
  }))
    times.push(Number(message.logTime) / 1e9);
  expect(times).toEqual([10, 10.05, 10.1, 10.15, 10.2]);
});

test("a convex shape is drawn as triangles that look outwards", async () => {
  const points: [number, number, number][] = [
    [0, 0, 0],
    [2, 0, 0],
    [0, 3, 0],
    [0, 0, 4],
  ];
  const shape = {
    type: "convex" as const,
    points,
    position: [1, 1, 1] as [number, number, number],
    quaternion: turn,
    color: white,
  };
  const scene = { entities: [{ id: "wedge", kind: "object" as const, shapes: [shape] }] };
  const [entity] = (sceneUpdate(scene, 0) as { entities: readonly Entity[] }).entities;
  const [{ points: corners, indices, pose }] = entity!.triangles as [Entity["triangles"][number]];
  expect(pose.position).toEqual({ x: 1, y: 1, z: 1 });
  expect(indices).toHaveLength(12);
  const centre = { x: 0.5, y: 0.75, z: 1 };
  let volume = 0;
  for (let k = 0; k < indices.length; k += 3) {
    const [a, b, c] = [0, 1, 2].map((j) => {
      const { x, y, z } = corners[indices[k + j]!]!;
      return [x - centre.x, y - centre.y, z - centre.z];
    }) as [number[], number[], number[]];
    const part =
      (a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) +
        a[1]! * (b[2]! * c[0]! - b[0]! * c[2]!) +
        a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)) /
      6;
    expect(part).toBeGreaterThan(0);
    volume += part;
  }
  expect(volume).toBeCloseTo(4, 12);
  const bytes = encodeSceneUpdate(sceneUpdate(scene, 0));
  expect(bytes.length).toBeGreaterThan(4 * 24);
});

interface Entity {
  readonly triangles: readonly {
    readonly points: readonly { readonly x: number; readonly y: number; readonly z: number }[];
    readonly indices: readonly number[];
    readonly pose: { readonly position: object };
  }[];
}

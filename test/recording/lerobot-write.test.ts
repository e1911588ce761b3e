import { decode } from "fast-png";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { writeLeRobot } from "../../src/recording/lerobot-write.js";
import { joinEpisodes } from "../../src/recording/recording.js";

const env = envs["PickPlace-v1"].create();
const actor = expertPolicy(experts["PickPlace-v1"], env.spec);
const episodes = [1, 2, 3].map((seed) =>
  recordDemonstration(env, actor, seed, { agent: "expert", noise: 0.2 }),
);
const files = writeLeRobot(joinEpisodes(episodes), "Grasp a cube");

const rows = (path: string) => {
  const bytes = files.get(path)!;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file });
};
const json = (path: string) => JSON.parse(new TextDecoder().decode(files.get(path)));

test("each row holds an observation, the action recorded there and what came of it", async () => {
  const table = await rows("data/chunk-000/file-000.parquet");
  expect(table).toHaveLength(150);
  const { frames } = episodes[1]!;
  for (const k of [0, 20, 49]) {
    const row = table[50 + k]!;
    expect(row["observation.state"]).toEqual(frames[k]!.observation);
    expect(row.action).toEqual(frames[k + 1]!.action.map(Math.fround));
    expect(row["next.reward"]).toBe(Math.fround(frames[k + 1]!.reward));
    expect(row["next.success"]).toBe(frames[k + 1]!.success);
    expect(row["next.done"]).toBe(k === 49);
    expect(row.timestamp).toBe(Math.fround(k / 20));
    expect([row.frame_index, row.episode_index, row.index, row.task_index]).toEqual([
      BigInt(k),
      1n,
      BigInt(50 + k),
      0n,
    ]);
  }
});

test("the metadata says version, rate, robot, and the name of every number", () => {
  const info = json("meta/info.json");
  expect(info).toMatchObject({
    codebase_version: "v3.0",
    robot_type: "panda",
    fps: 20,
    total_episodes: 3,
    total_frames: 150,
  });
  expect(info.features.action).toEqual({
    dtype: "float32",
    shape: [4],
    names: ["tcp_x", "tcp_y", "tcp_z", "gripper"],
  });
  expect(info.features["observation.state"].names).toHaveLength(20);
  expect(info.features["next.reward"]).toEqual({ dtype: "float32", shape: [1], names: null });
});

test("statistics are those of the numbers", async () => {
  const { action } = json("meta/stats.json");
  const table = await rows("data/chunk-000/file-000.parquet");
  const x = table.map((row) => (row.action as number[])[0]!);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  expect(action.count).toEqual([150]);
  expect(action.min[0]).toBeCloseTo(Math.min(...x), 6);
  expect(action.max[0]).toBeCloseTo(Math.max(...x), 6);
  expect(action.mean[0]).toBeCloseTo(mean, 6);
  expect(action.std[0]).toBeCloseTo(Math.sqrt(variance), 6);
});

test("episodes and the task in words are tables of their own", async () => {
  const table = await rows("meta/episodes/chunk-000/file-000.parquet");
  expect(table[1]).toMatchObject({
    episode_index: 1n,
    length: 50n,
    dataset_from_index: 50n,
    dataset_to_index: 100n,
    tasks: ["Grasp a cube"],
  });
  expect(await rows("meta/tasks.parquet")).toEqual([{ task_index: 0n, task: "Grasp a cube" }]);
});

test("quantiles stand in the statistics, and every episode has statistics of its own", async () => {
  const { action } = json("meta/stats.json");
  const x = (await rows("data/chunk-000/file-000.parquet")).map((row) => (row.action as number[])[0]!);
  const sorted = [...x].sort((a, b) => a - b);
  expect(action.q50[0]).toBeCloseTo((sorted[74]! + sorted[75]!) / 2, 6);
  const table = await rows("meta/episodes/chunk-000/file-000.parquet");
  const own = x.slice(50, 100);
  expect((table[1]!["stats/action/mean"] as number[])[0]).toBeCloseTo(
    own.reduce((sum, value) => sum + value, 0) / 50,
    6,
  );
  expect(table[1]!["stats/action/count"]).toEqual([50n]);
});

test("what each camera saw is a PNG per row, the same that the policy sees", async () => {
  const seeing = envs["PickPlace-v1"].create({
    observationMode: "camera",
    visualRandomization: "default",
    cameras: ["front", "wrist"],
  });
  const sighted = expertPolicy(experts["PickPlace-v1"], seeing.spec);
  const seen = [4, 5].map((seed) =>
    recordDemonstration(seeing, sighted, seed, { agent: "expert", noise: 0 }),
  );
  const made = writeLeRobot(joinEpisodes(seen), "Grasp a cube", (episode) =>
    recordedPictures(seen[episode]!),
  );
  const bytes = made.get("data/chunk-000/file-000.parquet")!;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const table = await parquetReadObjects({ file, utf8: false });
  const info = JSON.parse(new TextDecoder().decode(made.get("meta/info.json")));
  expect(info.features["observation.images.wrist"]).toEqual({
    dtype: "image",
    shape: [64, 64, 3],
    names: ["height", "width", "channels"],
  });
  const { observation } = seeing.reset({ seed: 5 });
  for (const [camera, name] of ["front", "wrist"].entries()) {
    const png = decode((table[50]![`observation.images.${name}`] as { bytes: Uint8Array }).bytes);
    const expected = Uint8Array.from({ length: 64 * 64 * 3 }, (_, k) => {
      return observation.image![Math.floor(k / 3) * 6 + 3 * camera + (k % 3)]!;
    });
    expect([png.width, png.height, png.channels]).toEqual([64, 64, 3]);
    expect(Uint8Array.from(png.data)).toEqual(expected);
  }
  const stats = JSON.parse(new TextDecoder().decode(made.get("meta/stats.json")));
  const { mean, count } = stats["observation.images.front"];
  expect(count).toEqual([100]);
  expect([mean.length, mean[0].length, mean[0][0].length]).toEqual([3, 1, 1]);
});

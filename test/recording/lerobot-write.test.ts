import { decode } from "fast-png";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { environmentEntries } from "../../src/episodes/environment-entries.js";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { writeLeRobot } from "../../src/recording/lerobot-write.js";
import { joinEpisodes } from "../../src/recording/recording.js";

const env = envs["PickPlace-v1"].create();
const actor = expertPolicy(experts["PickPlace-v1"], env.spec);
const episodes = [1, 2, 3].map((seed) =>
  recordDemonstration(env, actor, seed, { agent: "expert", noise: 0.2 }),
);
const files = writeLeRobot(joinEpisodes(episodes), { task: "Grasp a cube" });

const rows = (path: string, of = files) => {
  const bytes = of.get(path)!;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file });
};
const json = (path: string, of = files) => JSON.parse(new TextDecoder().decode(of.get(path)));

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
  const made = writeLeRobot(joinEpisodes(seen), {
    task: "Grasp a cube",
    picturesOf: (episode) => recordedPictures(seen[episode]!),
  });
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

test("what the robot does not know of itself is observation.environment_state, in the order of the observation", async () => {
  const names = environmentEntries(envs["PickPlace-v1"], env.spec);
  const made = writeLeRobot(joinEpisodes(episodes), { task: "Grasp", environmentEntries: names });
  const { features } = json("meta/info.json", made);
  const all = env.spec.observation.map(({ name }) => name);
  expect(all.slice(0, 11)).toEqual(features["observation.state"].names);
  expect(features["observation.state"].names.slice(9)).toEqual(["finger_opening", "finger_command"]);
  expect(features["observation.environment_state"]).toEqual({
    dtype: "float32",
    shape: [9],
    names: all.slice(11),
  });
  const row = (await rows("data/chunk-000/file-000.parquet", made))[70]!;
  const { observation } = episodes[1]!.frames[20]!;
  expect(row["observation.state"]).toEqual(observation.slice(0, 11));
  expect(row["observation.environment_state"]).toEqual(observation.slice(11));
  const stats = json("meta/stats.json", made);
  expect(stats["observation.environment_state"].mean).toHaveLength(9);
});

test("nothing is taken for the environment's where pictures show it", () => {
  const seeing = envs["PickPlace-v1"].create({ observationMode: "camera" });
  expect(environmentEntries(envs["PickPlace-v1"], seeing.spec)).toEqual([]);
});

test("a data set says by what its episodes are made again, and holds what was executed to the last bit", async () => {
  const { config, seeds, ...origin } = json("meta/armgym.json");
  expect(origin).toMatchObject({
    version: 1,
    env: "PickPlace-v1",
    agent: "expert",
    robot: "panda",
    controlMode: "ee-delta",
    controlRate: 20,
    noise: 0.2,
  });
  expect(seeds).toEqual(["1", "2", "3"]);
  expect(config).toEqual(JSON.parse(JSON.stringify(env.spec.config)));
  const row = (await rows("data/chunk-000/file-000.parquet"))[70]!;
  const { action, actionSample } = episodes[1]!.frames[21]!;
  expect(row.executed_action).toEqual(actionSample);
  expect(actionSample).not.toEqual(action);
});

test("a feature of one number is a plain column, as lerobot wants it", async () => {
  const single = episodes.map(({ header, frames }) => ({
    header: { ...header, actionNames: ["push"] },
    frames: frames.map((frame) => ({
      ...frame,
      action: frame.action.slice(0, 1),
      ...(frame.actionSample ? { actionSample: frame.actionSample.slice(0, 1) } : {}),
    })),
  }));
  const made = writeLeRobot(joinEpisodes(single), { task: "Push" });
  const row = (await rows("data/chunk-000/file-000.parquet", made))[0]!;
  expect(row.action).toBe(Math.fround(episodes[0]!.frames[1]!.action[0]!));
  expect(row.executed_action).toBe(episodes[0]!.frames[1]!.actionSample![0]);
});

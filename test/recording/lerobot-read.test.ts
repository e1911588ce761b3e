// Data sets that LeRobot 0.4.4 itself wrote: fixed-size lists, SNAPPY, an index of pandas, several tasks, no `next.` features.
import { resolve } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { lerobotSource, lerobotSteps } from "../../src/recording/lerobot-demonstrations.js";
import { openLeRobot, readEpisodeRows } from "../../src/recording/lerobot-read.js";
import { datasetFolder } from "../../src/runs/dataset-folder.js";

const open = (name: string) => openLeRobot(datasetFolder(resolve("test/recording/lerobot", name)));
const JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"].map(
  (joint) => `${joint}.pos`,
);

test("episodes, tasks, robot, rate and the names of all numbers are read", async () => {
  const { robot, fps, episodes, features, origin } = await open("image");
  expect([robot, fps, origin]).toEqual(["so101", 20, undefined]);
  const path = "data/chunk-000/file-000.parquet";
  expect(episodes).toEqual([
    { length: 15, tasks: ["task 0"], path, firstRow: 0 },
    { length: 15, tasks: ["task 1"], path, firstRow: 15 },
  ]);
  expect(features["observation.state"]).toEqual({ dtype: "float32", shape: [6], names: JOINTS });
  expect(features["observation.images.front"]).toEqual({ dtype: "image", shape: [48, 64, 3] });
  const video = await open("video");
  expect(video.features["observation.images.front"]).toEqual({
    dtype: "video",
    shape: [48, 64, 3],
    codec: "av1",
  });
});

test("the rows of an episode are its own, with pictures as PNG files", async () => {
  const dataset = await open("image");
  const rows = await readEpisodeRows(dataset, 1, ["action", "observation.images.front", "task_index"]);
  expect(rows).toHaveLength(15);
  expect(rows[0]).toMatchObject({ episode_index: 1n, frame_index: 0n, task_index: 1n });
  expect(rows[14]!.action).toEqual(
    [1.24610388, 0.1246036, 0.2645483, 0.30951112, 0.2504015, -2.37982249].map((value) =>
      expect.closeTo(value, 6),
    ),
  );
  const { bytes, path } = rows[0]!["observation.images.front"] as { bytes: Uint8Array; path: string };
  expect(path).toBe("frame-000000.png");
  const { width, height, channels } = decode(bytes);
  expect([width, height, channels]).toEqual([64, 48, 3]);
});

test("what it demonstrates is taken with the names that it has; environment and control mode are not known", async () => {
  const dataset = await open("video");
  expect(lerobotSource(dataset, [])).toMatchObject({
    robot: "so101",
    controlRate: 20,
    isForeign: true,
    observationNames: JOINTS,
    actionNames: JOINTS,
  });
  const order = ["gripper.pos", "elbow_flex.pos"];
  expect(lerobotSource(dataset, order).observationNames.slice(0, 3)).toEqual([...order, "shoulder_pan.pos"]);
  const [{ observations } = { observations: [] }] = await lerobotSteps(dataset, order);
  expect(observations).toHaveLength(15);
  expect(Array.from(observations[0]!, (value) => Math.round(1e4 * value))).toEqual([
    3616, 6404, 1257, -1321, 1049, -5357,
  ]);
});

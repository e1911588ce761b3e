// Data sets as the viewer is given them: their episodes as recordings.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decode } from "fast-png";
import { afterAll, expect, test } from "vitest";
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { datasetTarget } from "../../src/cli/view/dataset-target.js";
import { episodeFile, listTarget } from "../../src/cli/view/view-target.js";
import { writeDatasets } from "../../src/cli/write-datasets.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { summarizeRecording } from "../../src/recording/recording.js";

const FIXTURES = resolve("test/recording/lerobot");
const JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"].map(
  (joint) => `${joint}.pos`,
);
const folder = mkdtempSync(join(tmpdir(), "armgym-dataset-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function open(path: string) {
  const target = await datasetTarget(path, mkdtempSync(join(folder, "recordings-")));
  const [listing] = listTarget(target);
  const read = async (name: string) => {
    const file = await episodeFile(target, listing!.run, name);
    return file === undefined ? undefined : readRecording(readFileSync(file), name);
  };
  return { target, listing: listing!, read };
}

test("episodes that armgym wrote are played again: every state as it was recorded, with its scene", async () => {
  const env = envs["PickPlace-v1"].create({ randomization: "default", observationMode: "camera" });
  const actor = expertPolicy(experts["PickPlace-v1"], env.spec);
  const episodes = [21, 22].map((seed) =>
    recordDemonstration(env, actor, seed, { agent: "expert-pick-place", noise: 0.2 }),
  );
  const path = join(folder, "own");
  writeDatasets({ lerobot: path }, { factory: envs["PickPlace-v1"], env, episodes }, undefined);
  const { listing, read, target } = await open(path);
  expect(target.notices).toEqual([]);
  expect(listing).toMatchObject({ run: "own", config: null, evaluation: null });
  expect(listing.episodes.map(({ name, seed, length }) => [name, seed, length])).toEqual([
    ["episode-000000.mcap", "21", 50],
    ["episode-000001.mcap", "22", 50],
  ]);
  const outcome = summarizeRecording(episodes[1]!);
  expect(listing.episodes[1]).toMatchObject({ success: outcome.success, successTime: outcome.successTime });
  const { header, frames } = (await read("episode-000001.mcap"))!;
  expect(header).toEqual(JSON.parse(JSON.stringify(episodes[1]!.header)));
  for (const [k, frame] of frames.entries()) {
    const recorded = episodes[1]!.frames[k]!;
    // LeRobot holds the demonstrator's actions in single precision
    expect(frame).toEqual({ ...recorded, action: recorded.action.map(Math.fround) });
  }
  expect(await read("episode-000002.mcap")).toBeUndefined();
  expect(await read("../../secret.mcap")).toBeUndefined();
});

test("of a data set that the real library wrote, numbers and pictures are shown", async () => {
  const { listing, read, target } = await open(join(FIXTURES, "image"));
  expect(target.notices).toEqual([]);
  expect(listing.episodes).toEqual([
    { name: "episode-000000.mcap", seed: "0", length: 15, imported: true },
    { name: "episode-000001.mcap", seed: "1", length: 15, imported: true },
  ]);
  const recording = (await read("episode-000001.mcap"))!;
  expect(recording.header).toMatchObject({
    env: "task 1",
    robot: "so101",
    controlRate: 20,
    observationNames: JOINTS,
    actionNames: JOINTS,
    imported: { notices: [] },
  });
  expect(recording.frames).toHaveLength(16);
  const { data, width, height } = decode(
    Uint8Array.from(Buffer.from(recording.frames[0]!.pictures!.front!, "base64")),
  );
  expect([width, height, data.length]).toEqual([64, 48, 3 * 64 * 48]);
});

test("video is refused by name, and the numbers beside it are shown", async () => {
  const why =
    "What camera front saw is video (av1), for which armgym has no decoder, and is not shown. Record pictures instead: LeRobot's setting dataset.video=false.";
  const { read, target } = await open(join(FIXTURES, "video"));
  expect(target.notices).toEqual([why]);
  const { header, frames } = (await read("episode-000000.mcap"))!;
  expect(header.imported!.notices).toEqual([why]);
  expect(frames[0]!.pictures).toBeUndefined();
  expect(frames[1]!.action).toHaveLength(6);
});

// A recording is continued from any frame, and what comes is again a recording that can be continued.
import { expect, test } from "vitest";
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { LiveEpisode } from "../../src/episodes/live-episode.js";
import { replayRecording } from "../../src/episodes/replay-recording.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { type EpisodeRecording, joinEpisodes } from "../../src/recording/recording.js";

const ID = "PickPlace-v1";
const factory = envs[ID];

function demonstrate(seed: number, config = {}, noise = 0): EpisodeRecording {
  const env = factory.create(config);
  return recordDemonstration(env, expertPolicy(experts[ID], env.spec), seed, { agent: "expert", noise });
}

/** Frames without what only a recorder adds. */
function course({ frames }: EpisodeRecording) {
  return frames.map(({ poses, observation, action, reward, contacts }) => ({
    poses,
    observation,
    action,
    reward,
    contacts,
  }));
}

test.each([0, 21, 49])(
  "continued from frame %i with the recorded actions it is the recording, bit for bit",
  (start) => {
    const recording = demonstrate(4);
    const live = new LiveEpisode(factory, recording, start);
    expect(live.difference).toBe(0);
    for (const { action } of recording.frames.slice(start + 1)) live.step(action);
    const continued = live.recording("expert");
    expect(course(continued)).toEqual(course(recording));
    expect(continued.header.takenOver).toBe(start);
  },
);

test("a demonstration under noise is continued bit for bit from what was executed", async () => {
  const noisy = demonstrate(8, {}, 0.3);
  expect(noisy.frames.slice(1).some(({ action, actionSample }) => actionSample![0] !== action[0])).toBe(true);
  const recording = readRecording(await writeRecording(noisy), "noisy.mcap");
  expect(replayRecording(factory, recording, 49).difference).toBe(0);
  const live = new LiveEpisode(factory, recording, 20);
  for (const { actionSample } of recording.frames.slice(21)) live.step(actionSample!);
  const continued = live.recording("manual");
  const posesOf = ({ frames }: EpisodeRecording) => frames.map(({ poses }) => poses);
  expect(posesOf(continued)).toEqual(posesOf(recording));
  // what somebody did afterwards was executed as it stands, with no noise
  const saved = readRecording(await writeRecording(continued), "continued.mcap");
  expect(replayRecording(factory, saved, 49).difference).toBe(0);
});

test("a randomised episode with settings of its own is continued bit for bit", () => {
  const recording = demonstrate(5, { randomization: "default", solver: { iterations: 10 } });
  const live = new LiveEpisode(factory, recording, 30);
  expect(live.difference).toBe(0);
  for (const { action } of recording.frames.slice(31)) live.step(action);
  expect(course(live.recording("expert"))).toEqual(course(recording));
});

test("an episode with a hand in it is saved, read back, and continued bit for bit", async () => {
  const recording = demonstrate(6);
  const live = new LiveEpisode(factory, recording, 10);
  const [x, y, z] = recording.frames[10]!.poses.slice(7 * 14, 7 * 14 + 3) as [number, number, number];
  live.step([0, 0, 0.2, 1], { pull: { entity: "cube", point: [0.01, 0, 0.02], target: [x, y, z + 0.1] } });
  live.step([0, 0, 0.2, 1], { pull: { entity: "hand", point: [0, 0, 0.05], target: [0.4, 0.2, 0.4] } });
  live.step([0.1, 0, 0, -1], { goal: [0.5, 0.1, 0.12], mass: { cube: 3 }, friction: 0.4 });
  for (let step = 0; step < 12; step++) live.step([0.3, -0.2, -0.4, -1]);
  const saved = readRecording(await writeRecording(live.recording("manual")), "live.mcap");
  expect(saved.header).toMatchObject({ agent: "manual", takenOver: 10 });
  expect(saved.frames).toHaveLength(26);
  expect(saved.frames[13]!.hand).toEqual({ goal: [0.5, 0.1, 0.12], mass: { cube: 3 }, friction: 0.4 });
  const again = new LiveEpisode(factory, saved, 18);
  expect(again.difference).toBe(0);
  for (const { action, hand } of saved.frames.slice(19)) again.step(action, hand);
  expect(course(again.recording("manual"))).toEqual(course(saved));
});

test("a live episode goes on past the time limit, and that is repeated too", () => {
  const live = new LiveEpisode(factory, demonstrate(7), 50);
  for (let step = 0; step < 60; step++) live.step([0, 0.1, 0, 1]);
  const long = live.recording("manual");
  expect(long.frames).toHaveLength(111);
  expect(long.frames.at(-1)!.time).toBeCloseTo(5.5, 10);
  expect(replayRecording(factory, long, 110).difference).toBe(0);
});

test("the goal, masses and friction stay as a hand left them; the pull ends with its step", () => {
  const env = factory.create();
  env.reset({ seed: 1 });
  env.perturb({ goal: [0.45, 0.05, 0.2], mass: { cube: 2 }, friction: 0.5 });
  const before = env.snapshot();
  env.step([0, 0, 0, 1]);
  env.step([0, 0, 0, 1]);
  const poses = new Float64Array(7 * env.scene().entities.length);
  env.poses(poses);
  const goal = env.scene().entities.findIndex(({ kind }) => kind === "goal");
  expect([...poses.slice(7 * goal, 7 * goal + 3)]).toEqual([0.45, 0.05, 0.2]);
  const other = factory.create();
  other.restore(before);
  other.step([0, 0, 0, 1]);
  other.step([0, 0, 0, 1]);
  const same = new Float64Array(poses.length);
  other.poses(same);
  expect([...same]).toEqual([...poses]);
});

test("what a hand cannot take hold of is named with what it can", () => {
  const env = factory.create();
  env.reset({ seed: 1 });
  expect(() => env.perturb({ mass: { ball: 2 } })).toThrow(
    'There is no "ball" that a hand could move. There are: cube.',
  );
  expect(() => env.perturb({ pull: { entity: "table", point: [0, 0, 0], target: [0, 0, 1] } })).toThrow(
    /^There is no "table" that a hand could move\. There are: cube, .*hand.*\.$/,
  );
  const stack = envs["Stack-v1"].create();
  stack.reset({ seed: 1 });
  expect(() => stack.perturb({ goal: [0.5, 0, 0.1] })).toThrow(
    "The goal of this task follows from its objects and cannot be moved. Pull at them.",
  );
});

test("a recording that does not say enough, or says something else, is refused with the reason", () => {
  const recording = demonstrate(8);
  const { config: _config, ...old } = recording.header;
  const replay =
    (changed: EpisodeRecording, frame = 20) =>
    () =>
      replayRecording(factory, changed, frame);
  const refused = "This recording cannot be continued:";
  expect(replay({ ...recording, header: old })).toThrow(
    `${refused} it was made before settings were recorded. Record the episode again.`,
  );
  expect(replay(joinEpisodes([recording, demonstrate(9)]))).toThrow(
    `${refused} it holds several episodes. Record one of them alone.`,
  );
  const noisy = demonstrate(8, {}, 0.1);
  const frames = noisy.frames.map(({ actionSample: _executed, ...frame }) => frame);
  expect(replay({ ...noisy, frames })).toThrow(
    `${refused} noise was added to its actions, and only those without it are recorded. Record the episode again.`,
  );
  const config = { ...recording.header.config, physicsRate: 1e9 };
  expect(replay({ ...recording, header: { ...recording.header, config } })).toThrow(
    "physicsRate is 1000000000, expected a number from 1 to 20000, in Hz.",
  );
  expect(replay({ ...recording, header: { ...recording.header, dump: "reward" } })).toThrow(
    `${refused} it holds only the last states before the NaN guard stepped in.`,
  );
  expect(replay({ ...recording, header: { ...recording.header, seed: "9" } })).toThrow(
    /^This recording cannot be continued: its actions lead [\d.]+ mm away from where it went\. It was made by another version\. Record the episode again\.$/,
  );
});

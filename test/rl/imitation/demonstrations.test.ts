import { expect, test } from "vitest";
import { expertPolicy, experts } from "../../../agents/index.js";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import { envs } from "../../../envs/index.js";
import { recordDemonstration } from "../../../src/episodes/demonstrate.js";
import { readRecording } from "../../../src/recording/mcap-read.js";
import { writeRecording } from "../../../src/recording/mcap-write.js";
import { type EpisodeRecording, joinEpisodes, splitEpisodes } from "../../../src/recording/recording.js";
import { demonstrationsFrom, settingsFromDemonstrations } from "../../../src/rl/imitation/demonstrations.js";

const env = envs["PickPlace-v1"].create();
const actor = expertPolicy(experts["PickPlace-v1"], env.spec);
const record = (seed: number, noise = 0.2) =>
  recordDemonstration(env, actor, seed, { agent: "expert-pick-place", noise });

test("episodes joined into one file come back as they were, in a row in time", async () => {
  const episodes = [record(1), record(2), record(3)];
  const bytes = await writeRecording(joinEpisodes(episodes));
  const joined = readRecording(bytes, "demos.mcap");
  expect(joined.header.seed).toBe("1..3");
  const times = joined.frames.map(({ time }) => time);
  expect(times.every((time, k) => k === 0 || Math.abs(time - times[k - 1]! - 0.05) < 1e-9)).toBe(true);
  const parts = splitEpisodes(joined);
  expect(parts.map((frames) => frames.length)).toEqual([51, 51, 51]);
  for (const [index, frames] of parts.entries()) {
    for (const [k, frame] of frames.entries()) {
      expect({ ...frame, time: 0 }).toEqual({ ...episodes[index]!.frames[k], time: 0 });
    }
  }
});

test("pairs hold the expert's own action at what it saw, whatever noise was executed", () => {
  const recording = joinEpisodes([record(4), record(5)]);
  const { count, episodes, observations, actions, noise } = demonstrationsFrom(recording, "x", env.spec);
  expect([count, episodes, noise]).toEqual([100, 2, 0.2]);
  const size = env.spec.observation.length;
  for (let row = 0; row < count; row++) {
    const wanted = actor(observations.subarray(row * size, (row + 1) * size)).map(Math.fround);
    expect([...actions.subarray(4 * row, 4 * row + 4)]).toEqual(wanted);
  }
});

test("noise moves the arm but never the fingers' command", () => {
  const [calm, noisy] = [record(6, 0), record(6, 0.3)];
  const place = (recording: EpisodeRecording, name: string, step: number) =>
    recording.frames[step]!.observation[recording.header.observationNames.indexOf(name)]!;
  expect(place(noisy, "tcp_x", 5)).not.toBe(place(calm, "tcp_x", 5));
  for (let step = 1; step < 50; step++) {
    const wanted = noisy.frames[step]!.action[3]! > 0 ? 0.04 : -0.01;
    expect(place(noisy, "finger_command", step)).toBeCloseTo(wanted, 6);
  }
});

test("demonstrations of another task, robot, control mode, rate or observation are refused by name", () => {
  const recording = record(7);
  const take = (change: Partial<EpisodeRecording["header"]>) =>
    demonstrationsFrom({ ...recording, header: { ...recording.header, ...change } }, "demos.mcap", env.spec);
  expect(() => take({})).not.toThrow();
  const again = 'Record others: "armgym demo PickPlace-v1".';
  expect(() => take({ env: "Push-v1" })).toThrow(
    `demos.mcap has the environment "Push-v1"; training is set to "PickPlace-v1". ${again}`,
  );
  expect(() => take({ robot: "ur5e" })).toThrow(
    `demos.mcap has the robot "ur5e"; training is set to "panda". ${again}`,
  );
  expect(() => take({ controlMode: "joint-torque" })).toThrow(
    `demos.mcap has the control mode "joint-torque"; training is set to "ee-delta". ${again}`,
  );
  expect(() => take({ controlRate: 10 })).toThrow('control rate "10"');
  const { observationNames, actionNames } = recording.header;
  expect(() => take({ observationNames: observationNames.with(19, "held") })).toThrow(
    'demos.mcap has the observation 19 "held"; training is set to "grasped".',
  );
  expect(() => take({ actionNames: actionNames.slice(0, 3) })).toThrow(
    'demos.mcap has the action 3 "none"; training is set to "gripper".',
  );
});

test("a recording that does not say its robot, one without steps and one with short frames are refused", () => {
  const recording = record(8);
  const { robot: _, ...header } = recording.header;
  expect(() => demonstrationsFrom({ ...recording, header }, "old.mcap", env.spec)).toThrow(
    'old.mcap does not say its robot; training is set to "panda".',
  );
  const still = { ...recording, frames: recording.frames.slice(0, 1) };
  expect(() => demonstrationsFrom(still, "still.mcap", env.spec)).toThrow("still.mcap holds no step.");
  const frames = recording.frames.map((frame, k) => (k === 3 ? { ...frame, action: [1, 2] } : frame));
  expect(() => demonstrationsFrom({ ...recording, frames }, "short.mcap", env.spec)).toThrow(
    "short.mcap: a frame has 20 observation and 2 action entries, expected 20 and 4.",
  );
});

test("exploration starts with the demonstrations' own noise, within reason", () => {
  const spread = (noise?: number) => {
    const known = noise === undefined ? {} : { noise };
    return Math.exp(settingsFromDemonstrations(ppoMlp, "PickPlace-v1", known).initialLogStd!);
  };
  expect(spread(0.3)).toBeCloseTo(0.3, 12);
  expect(spread(0)).toBeCloseTo(0.1, 12);
  expect(spread(1)).toBeCloseTo(0.5, 12);
  expect(spread()).toBeCloseTo(Math.exp(ppoMlp.fromDemonstrations!.initialLogStd!), 12);
  // an environment's own tuning comes before the demonstrations' noise
  expect(settingsFromDemonstrations(ppoMlp, "Sort-v1", { noise: 0.2 }).initialLogStd).toBe(-2.5);
});

test("demonstrations with numbers that nothing can be learned from are refused by the entry's name", () => {
  const recording = record(9);
  const change = (step: number, part: Partial<EpisodeRecording["frames"][number]>) => () =>
    demonstrationsFrom(
      {
        ...recording,
        frames: recording.frames.map((frame, k) => (k === step ? { ...frame, ...part } : frame)),
      },
      "demos.mcap",
      env.spec,
    );
  const again = 'Record others: "armgym demo PickPlace-v1".';
  const { observation } = recording.frames[4]!;
  expect(change(4, { observation: observation.with(2, Number.NaN) })).toThrow(
    `demos.mcap: observation "tcp_z" is NaN, expected a finite number of single precision. ${again}`,
  );
  expect(change(4, { observation: observation.with(0, 1e39) })).toThrow(
    `demos.mcap: observation "tcp_x" is 1e+39, expected a finite number of single precision. ${again}`,
  );
  expect(change(5, { action: [0, 0, 0, 1e6] })).toThrow(
    `demos.mcap: action "gripper" is 1000000, expected -1 to 1. ${again}`,
  );
  expect(change(5, { action: [0, Number.NaN, 0, 1] })).toThrow(
    `demos.mcap: action "tcp_y" is NaN, expected -1 to 1. ${again}`,
  );
  expect(change(5, { action: [1, -1, 1, -1] })).not.toThrow();
});

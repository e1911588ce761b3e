// What is plotted of an episode.
import { expect, test } from "vitest";
import type { EpisodeRecording } from "../../../src/recording/recording.js";
import { episodeSections, stemOf } from "../../../viewer/plots/episode-series.js";

/** An episode of two frames that holds these observations, or these reward terms. */
function episode(names: readonly (readonly [name: string, unit: string])[], terms = 0): EpisodeRecording {
  const frames = [0, 1].map((step) => ({
    time: step / 20,
    poses: [],
    jointPositions: [],
    observation: names.map(() => step),
    action: [],
    reward: step,
    rewardTerms: Object.fromEntries(Array.from({ length: terms }, (_, k) => [`term${k}`, step])),
    value: null,
    success: false,
    contacts: [],
  }));
  const header = {
    actionNames: [],
    jointNames: [],
    observationNames: names.map(([name]) => name),
    observationUnits: names.map(([, unit]) => unit),
  };
  return { header, frames } as unknown as EpisodeRecording;
}

const titlesOf = (recording: EpisodeRecording, wanted: string) =>
  episodeSections(recording)
    .find(({ name }) => name === wanted)!
    .plots.map(({ title }) => title);

test("names lose their axis or number where others share the rest, and never a letter of a word", () => {
  expect(
    ["cube_x", "joint12", "joint_3", "sin_4_yaw", "cos_4_yaw", "w", "7", "box", "q.w"].map(stemOf),
  ).toEqual(["cube", "joint", "joint", "sin_4_yaw", "cos_4_yaw", "w", "7", "box", "q"]);
  const recording = episode([
    ["cube_x", "m"],
    ["cube_y", "m"],
    ["sin_4_yaw", "1"],
    ["tcp_z", "m"],
    ["tcp_w", "rad"],
  ]);
  expect(titlesOf(recording, "Observation")).toEqual(["cube, m", "sin_4_yaw", "tcp_z, m", "tcp_w, rad"]);
});

test("more reward terms than colours are spread over plots", () => {
  expect(titlesOf(episode([], 9), "Reward")).toEqual([
    "Reward",
    "Reward terms (1 of 2)",
    "Reward terms (2 of 2)",
  ]);
});

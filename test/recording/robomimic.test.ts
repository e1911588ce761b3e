import { expect, test } from "vitest";
import { type EpisodeRecording, joinEpisodes, type RecordedFrame } from "../../src/recording/recording.js";
import { robomimicLayout } from "../../src/recording/robomimic.js";

const frame = (observation: number[], action: number[], reward: number): RecordedFrame => ({
  time: 0,
  poses: [],
  jointPositions: [],
  observation,
  action,
  reward,
  rewardTerms: {},
  value: null,
  success: false,
  contacts: [],
});

const episode = (seed: string, frames: RecordedFrame[]): EpisodeRecording => ({
  header: {
    version: 1,
    env: "Reach-v1",
    agent: "expert-reach",
    seed,
    policySteps: 0,
    robot: "panda",
    controlMode: "ee-delta",
    controlRate: 20,
    observationNames: ["x", "a", "y"],
    actionNames: ["push", "pull"],
    jointNames: [],
    scene: { entities: [] },
  },
  frames,
});

const recording = joinEpisodes([
  episode("1", [
    frame([1, 2, 3], [], 0),
    frame([4, 5, 6], [0.5, -0.5], 0.25),
    frame([7, 8, 9], [1, 0], 0.75),
  ]),
  episode("2", [frame([10, 11, 12], [], 0), frame([13, 14, 15], [-1, 0.25], 0.5)]),
]);

test("each demonstration holds what was seen, done and reached, an observation group as a key", () => {
  const { data } = robomimicLayout(recording, ["tool", "gripper", "tool"]).groups;
  expect(data!.attributes.total).toBe(3);
  expect(JSON.parse(data!.attributes.env_args as string)).toEqual({
    env_name: "Reach-v1",
    type: 2,
    env_kwargs: { robot: "panda", controlMode: "ee-delta", controlRate: 20 },
  });
  expect(Object.keys(data!.groups)).toEqual(["demo_0", "demo_1"]);
  const table = (shape: number[], ...values: number[]) => ({ shape, values: Float32Array.from(values) });
  expect(data!.groups.demo_0).toEqual({
    attributes: { num_samples: 2 },
    groups: {
      obs: {
        attributes: {},
        groups: {},
        datasets: { tool: table([2, 2], 1, 3, 4, 6), gripper: table([2, 1], 2, 5) },
      },
      next_obs: {
        attributes: {},
        groups: {},
        datasets: { tool: table([2, 2], 4, 6, 7, 9), gripper: table([2, 1], 5, 8) },
      },
    },
    datasets: {
      actions: table([2, 2], 0.5, -0.5, 1, 0),
      rewards: { shape: [2], values: Float64Array.of(0.25, 0.75) },
      dones: { shape: [2], values: Int32Array.of(0, 1) },
    },
  });
  expect(data!.groups.demo_1!.datasets.actions).toEqual(table([1, 2], -1, 0.25));
});

test("what cameras saw stands beside the observations, before and after each action", () => {
  const colour = (episode: number, frame: number) => 10 * episode + frame;
  const picturesOf = (number: number) => ({
    cameras: [{ name: "front", width: 2, height: 1 }],
    draw: (index: number) => [new Uint8Array(6).fill(colour(number, index))],
  });
  const { data } = robomimicLayout(recording, ["tool", "gripper", "tool"], picturesOf).groups;
  const { obs, next_obs } = data!.groups.demo_0!.groups;
  const pictures = (...colours: number[]) => ({
    shape: [2, 1, 2, 3],
    values: Uint8Array.from(colours.flatMap((value) => Array<number>(6).fill(value))),
  });
  expect(obs!.datasets.front_image).toEqual(pictures(0, 1));
  expect(next_obs!.datasets.front_image).toEqual(pictures(1, 2));
  expect(data!.groups.demo_1!.groups.obs!.datasets.front_image!.values[0]).toBe(10);
});

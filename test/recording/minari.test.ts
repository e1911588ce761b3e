import { expect, test } from "vitest";
import { minariLayout } from "../../src/recording/minari.js";
import { type EpisodeRecording, joinEpisodes, type RecordedFrame } from "../../src/recording/recording.js";

const frame = (
  observation: number[],
  action: number[],
  more: Partial<RecordedFrame> = {},
): RecordedFrame => ({
  time: 0,
  poses: [],
  jointPositions: [],
  observation,
  action,
  reward: 0,
  rewardTerms: {},
  value: null,
  success: false,
  contacts: [],
  ...more,
});

const episode = (seed: string, frames: RecordedFrame[]): EpisodeRecording => ({
  header: {
    version: 1,
    env: "Reach-v1",
    agent: "expert-reach",
    seed,
    policySteps: 0,
    controlRate: 20,
    observationNames: ["x", "y", "z"],
    actionNames: ["push", "pull"],
    jointNames: [],
    scene: { entities: [] },
  },
  frames,
});

const recording = joinEpisodes([
  episode("7", [
    frame([1, 2, 3], []),
    frame([4, 5, 6], [0.5, -0.5], { actionSample: [0.75, -1], reward: 0.25 }),
    frame([7, 8, 9], [1, 0], { actionSample: [0.5, 0.125], reward: 0.75, success: true }),
  ]),
  episode("door", [
    frame([10, 11, 12], []),
    frame([13, 14, 15], [-1, 0.25], { reward: -1, terminated: true }),
  ]),
]);

const box = (shape: number[], dtype: "float32" | "uint8" = "float32") => {
  const size = shape.reduce((product, each) => product * each, 1);
  const most = dtype === "uint8" ? 255 : Number.POSITIVE_INFINITY;
  return {
    dtype,
    shape,
    low: Array<number>(size).fill(dtype === "uint8" ? 0 : -most),
    high: Array<number>(size).fill(most),
  };
};
const options = {
  id: "reach-expert-v0",
  description: "Reach.",
  spaces: { observation: box([3]), action: { ...box([2]), low: [-1, -1], high: [1, 1] } },
};
const rows = (shape: number[], ...values: number[]) => ({ shape, values: Float32Array.from(values) });
const flags = (...values: number[]) => ({ shape: [values.length], values: Uint8Array.from(values) });

test("an episode holds one more observation than steps, executed actions, and its end of either kind", () => {
  const { episode_0, episode_1, ...others } = minariLayout(recording, options).data.groups;
  expect(others).toEqual({});
  expect(episode_0).toEqual({
    attributes: { id: 0, total_steps: 2, seed: 7 },
    datasets: {
      observations: rows([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9),
      actions: rows([2, 2], 0.75, -1, 0.5, 0.125),
      rewards: { shape: [2], values: Float64Array.of(0.25, 0.75) },
      terminations: flags(0, 0),
      truncations: flags(0, 1),
    },
    groups: {
      infos: {
        attributes: {},
        groups: {},
        datasets: {
          is_success: flags(0, 0, 1),
          expert_action: rows([3, 2], Number.NaN, Number.NaN, 0.5, -0.5, 1, 0),
        },
      },
    },
  });
  // a seed that is no number has no place in Minari
  expect(episode_1!.attributes).toEqual({ id: 1, total_steps: 1 });
  expect(episode_1!.datasets.terminations).toEqual(flags(1));
  expect(episode_1!.datasets.truncations).toEqual(flags(0));
  expect(episode_1!.datasets.actions).toEqual(rows([1, 2], -1, 0.25));
});

test("the metadata holds spaces and environment as Gymnasium writes them, and says which Minari reads it", () => {
  const { metadata } = minariLayout(recording, { ...options, keywords: { robot: "ur5e", controlRate: 10 } });
  const { observation_space, action_space, env_spec, ...others } = metadata as Record<string, string>;
  // Python's JSON knows infinity
  expect(observation_space).toBe(
    '{"type": "Box", "dtype": "float32", "shape": [3], "low": [-Infinity, -Infinity, -Infinity], "high": [Infinity, Infinity, Infinity]}',
  );
  expect(JSON.parse(action_space!)).toEqual({
    type: "Box",
    dtype: "float32",
    shape: [2],
    low: [-1, -1],
    high: [1, 1],
  });
  expect(JSON.parse(env_spec!)).toEqual({
    id: "armgym/Reach-v1",
    entry_point: "armgym_gym:Env",
    reward_threshold: null,
    nondeterministic: false,
    max_episode_steps: null,
    order_enforce: true,
    disable_env_checker: false,
    kwargs: { env: "Reach-v1", robot: "ur5e", controlRate: 10 },
    additional_wrappers: [],
    vector_entry_point: "armgym_gym:VectorEnv",
  });
  expect(others).toEqual({
    total_episodes: 2,
    total_steps: 3,
    data_format: "hdf5",
    dataset_id: "reach-expert-v0",
    description: "Reach.",
    algorithm_name: "expert-reach",
    minari_version: "0.5.0",
    jpeg_encoding: false,
    observation_names: ["x", "y", "z"],
    action_names: ["push", "pull"],
  });
});

test("pictures make the observation a dict, each state with those of all cameras stacked", () => {
  const picturesOf = (number: number) => ({
    cameras: [
      { name: "front", width: 2, height: 1 },
      { name: "wrist", width: 2, height: 1 },
    ],
    // two pixels of three colours, told apart by episode, state, camera and place
    draw: (index: number) =>
      [0, 1].map((camera) =>
        Uint8Array.from({ length: 6 }, (_, k) => 100 * number + 30 * index + 10 * camera + k),
      ),
  });
  const spaces = { ...options.spaces, image: box([1, 2, 6], "uint8") };
  const { data, metadata } = minariLayout(recording, { ...options, spaces, picturesOf });
  const { datasets, groups } = data.groups.episode_1!;
  expect(datasets.observations).toBeUndefined();
  expect(groups.observations!.datasets.observation).toEqual(rows([2, 3], 10, 11, 12, 13, 14, 15));
  expect(groups.observations!.datasets.image).toEqual({
    shape: [2, 1, 2, 6],
    values: Uint8Array.of(
      ...[100, 101, 102, 110, 111, 112, 103, 104, 105, 113, 114, 115],
      ...[130, 131, 132, 140, 141, 142, 133, 134, 135, 143, 144, 145],
    ),
  });
  const { type, subspaces } = JSON.parse(
    String(metadata.observation_space).replaceAll("-Infinity", "-1").replaceAll("Infinity", "1"),
  );
  expect(type).toBe("Dict");
  expect(subspaces.image).toEqual({
    type: "Box",
    dtype: "uint8",
    shape: [1, 2, 6],
    low: [
      [
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
      ],
    ],
    high: [
      [
        [255, 255, 255, 255, 255, 255],
        [255, 255, 255, 255, 255, 255],
      ],
    ],
  });
  expect(subspaces.observation.shape).toEqual([3]);
});

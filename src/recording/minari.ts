// Episodes as a data set of Minari: what is observed before and after each step, and both kinds of an episode's end apart.
import type { EpisodePictures } from "./pictures.js";
import { type EpisodeRecording, type RecordedFrame, splitEpisodes } from "./recording.js";
import type { Hdf5Dataset, Hdf5Group } from "./robomimic.js";

/** A Gymnasium Box: bounds of each number, flattened; of bytes the first holds for all. */
export interface MinariBox {
  readonly dtype: "float32" | "uint8";
  readonly shape: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** What a data set says besides its episodes. */
export interface MinariOptions {
  /** "pickplace-expert-v0" */
  readonly id: string;
  /** One line. */
  readonly description: string;
  readonly spaces: {
    readonly observation: MinariBox;
    /** Of the pictures of all cameras, stacked on channels; where there are some. */
    readonly image?: MinariBox;
    readonly action: MinariBox;
  };
  /** Keywords of `armgym_gym.Env` that make the environment again; left out where none do. */
  readonly keywords?: Readonly<Record<string, unknown>>;
  /** Pictures of an episode (counted from 0), where there is a space for them. */
  readonly picturesOf?: (episode: number) => EpisodePictures | undefined;
}

/** A data set as its two files: `data/main_data.hdf5` and `data/metadata.json`. */
export interface MinariLayout {
  readonly data: Hdf5Group;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The first version of Minari with this layout: it takes a data set for one of the versions that it knows. */
const VERSION = "0.5.0";

/**
 * Return the data set as Minari 0.5 reads it: `episode_N` with `observations` and `infos` of T + 1 states, and `actions`,
 * `rewards`, `terminations` and `truncations` of T steps.
 *
 * Actions are those that were executed, with the noise of demonstrations, as they led to the observations; those of the
 * demonstrator are `infos/expert_action`, NaN at the start. Observations are an array, with pictures a dict of `observation` and
 * `image`, as `armgym_gym` has them.
 */
export function minariLayout(recording: EpisodeRecording, options: MinariOptions): MinariLayout {
  const { header } = recording;
  const { spaces, picturesOf = () => undefined } = options;
  const episodes = splitEpisodes(recording).map((frames, episode): Hdf5Group => {
    const seed = Number(header.episodes?.[episode]?.seed ?? header.seed);
    return {
      attributes: {
        id: episode,
        total_steps: frames.length - 1,
        ...(Number.isSafeInteger(seed) ? { seed } : {}),
      },
      ...steps(
        frames,
        header.actionNames.length,
        spaces.image && stacked(picturesOf(episode), frames.length),
      ),
    };
  });
  const total = episodes.reduce((sum, { attributes }) => sum + Number(attributes.total_steps), 0);
  return {
    data: {
      attributes: {},
      groups: Object.fromEntries(episodes.map((group, episode) => [`episode_${episode}`, group])),
      datasets: {},
    },
    metadata: {
      total_episodes: episodes.length,
      total_steps: total,
      data_format: "hdf5",
      observation_space: observationSpace(spaces),
      action_space: box(spaces.action),
      ...(options.keywords ? { env_spec: environmentSpec(header.env, options.keywords) } : {}),
      dataset_id: options.id,
      description: options.description,
      algorithm_name: header.agent,
      minari_version: VERSION,
      // bytes as they are, which Minari would take for JPEG files otherwise
      jpeg_encoding: false,
      observation_names: header.observationNames,
      action_names: header.actionNames,
    },
  };
}

function steps(
  frames: readonly RecordedFrame[],
  actionSize: number,
  image: Hdf5Dataset | undefined,
): Omit<Hdf5Group, "attributes"> {
  const taken = frames.slice(1);
  const count = taken.length;
  const rows = (values: readonly (readonly number[])[]): Hdf5Dataset => ({
    shape: [values.length, values[0]?.length ?? 0],
    values: Float32Array.from(values.flat()),
  });
  const flags = (values: readonly boolean[]): Hdf5Dataset => ({
    shape: [values.length],
    values: Uint8Array.from(values, Number),
  });
  const observations = rows(frames.map(({ observation }) => observation));
  const isTerminated = taken.map(({ terminated = false }) => terminated);
  const nothing = Array<number>(actionSize).fill(Number.NaN);
  return {
    datasets: {
      ...(image ? {} : { observations }),
      actions: rows(taken.map(({ action, actionSample = action }) => actionSample)),
      rewards: { shape: [count], values: Float64Array.from(taken, ({ reward }) => reward) },
      terminations: flags(isTerminated),
      truncations: flags(isTerminated.map((terminated, step) => step === count - 1 && !terminated)),
    },
    groups: {
      ...(image
        ? { observations: { attributes: {}, groups: {}, datasets: { image, observation: observations } } }
        : {}),
      infos: {
        attributes: {},
        groups: {},
        datasets: {
          is_success: flags(frames.map(({ success }) => success)),
          expert_action: rows([nothing, ...taken.map(({ action }) => action)]),
        },
      },
    },
  };
}

/** The pictures of all cameras stacked on channels, as a policy is given them: [states, height, width, 3 per camera]. */
function stacked(pictures: EpisodePictures | undefined, count: number): Hdf5Dataset | undefined {
  if (!pictures) return undefined;
  const { width, height } = pictures.cameras[0]!;
  const channels = 3 * pictures.cameras.length;
  const size = height * width * channels;
  const values = new Uint8Array(count * size);
  for (let frame = 0; frame < count; frame++) {
    for (const [camera, picture] of pictures.draw(frame).entries()) {
      let to = frame * size + 3 * camera;
      for (let from = 0; from < picture.length; from += 3, to += channels)
        values.set(picture.subarray(from, from + 3), to);
    }
  }
  return { shape: [count, height, width, channels], values };
}

/** A Gymnasium EnvSpec as its `to_json` writes it. */
function environmentSpec(env: string, keywords: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    id: `armgym/${env}`,
    entry_point: "armgym_gym:Env",
    reward_threshold: null,
    nondeterministic: false,
    max_episode_steps: null,
    order_enforce: true,
    disable_env_checker: false,
    kwargs: { env, ...keywords },
    additional_wrappers: [],
    vector_entry_point: "armgym_gym:VectorEnv",
  });
}

/** Spaces as Minari's `serialize_space` writes them. */
function observationSpace({ observation, image }: MinariOptions["spaces"]): string {
  if (!image) return box(observation);
  return `{"type": "Dict", "subspaces": {"image": ${box(image)}, "observation": ${box(observation)}}}`;
}

function box({ dtype, shape, low, high }: MinariBox): string {
  const nested = (bounds: readonly number[]) => nest(bounds, shape);
  return `{"type": "Box", "dtype": "${dtype}", "shape": ${JSON.stringify(shape)}, "low": ${nested(low)}, "high": ${nested(high)}}`;
}

/** Numbers as nested lists of a shape, as Python's JSON has them: with "Infinity". */
function nest(values: readonly number[], [length, ...inner]: readonly number[], offset = 0): string {
  if (length === undefined) return String(values[values.length === 1 ? 0 : offset]);
  const size = inner.reduce((product, each) => product * each, 1);
  const items = Array.from({ length }, (_, k) => nest(values, inner, offset + k * size));
  return `[${items.join(", ")}]`;
}

// Demonstrations in robomimic's layout: groups, data sets and attributes, ready to be written as HDF5.
import { originOf } from "./dataset-origin.js";
import type { EpisodePictures } from "./pictures.js";
import { type EpisodeRecording, splitEpisodes } from "./recording.js";

/** Numbers of a data set, row after row. */
export interface Hdf5Dataset {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** A group of an HDF5 file. */
export interface Hdf5Group {
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly groups: Readonly<Record<string, Hdf5Group>>;
  readonly datasets: Readonly<Record<string, Hdf5Dataset>>;
}

/** Attribute of "data" that only armgym reads: a `DatasetOrigin` as JSON. */
export const ORIGIN_ATTRIBUTE = "armgym";

/** robomimic's number for environments with Gym's interface. */
const GYM_TYPE = 2;

/**
 * Return the file's root as robomimic 0.2 to 0.5 reads it: `data/demo_N` with `actions`, `rewards`, `dones`, `obs` and `next_obs`.
 *
 * `observationGroups` names the group of each observation entry; each group becomes a key of `obs`. An episode is done at
 * its last step. `picturesOf` gives the pictures of an episode (counted from 0): each camera becomes a key `NAME_image` of
 * bytes [N, height, width, 3]. Default: there are none.
 */
export function robomimicLayout(
  recording: EpisodeRecording,
  observationGroups: readonly string[],
  picturesOf: (episode: number) => EpisodePictures | undefined = () => undefined,
): Hdf5Group {
  const { env, robot, controlMode, controlRate, actionNames } = recording.header;
  const names = [...new Set(observationGroups)];
  const places = names.map((name) =>
    observationGroups.flatMap((group, index) => (group === name ? [index] : [])),
  );
  const demos = splitEpisodes(recording).map((frames, episode): Hdf5Group => {
    const taken = frames.slice(1);
    const count = taken.length;
    const table = (rows: readonly (readonly number[])[], width: number): Hdf5Dataset => ({
      shape: [count, width],
      values: Float32Array.from(rows.flat()),
    });
    const seen = drawAll(picturesOf(episode), frames.length);
    const observations = (of: typeof frames, firstFrame: number): Hdf5Group => ({
      attributes: {},
      groups: {},
      datasets: Object.fromEntries([
        ...names.map((name, group) => {
          const own = places[group]!;
          const rows = of.map(({ observation }) => own.map((index) => observation[index]!));
          return [name, table(rows, own.length)] as const;
        }),
        ...seen.map(({ name, shape, size, values }) => {
          const part = values.subarray(firstFrame * size, (firstFrame + count) * size);
          return [`${name}_image`, { shape: [count, ...shape], values: part }] as const;
        }),
      ]),
    });
    return {
      attributes: { num_samples: count },
      groups: { obs: observations(frames.slice(0, -1), 0), next_obs: observations(taken, 1) },
      datasets: {
        actions: table(
          taken.map(({ action }) => action),
          actionNames.length,
        ),
        rewards: { shape: [count], values: Float64Array.from(taken, ({ reward }) => reward) },
        dones: { shape: [count], values: Int32Array.from(taken, (_, k) => (k === count - 1 ? 1 : 0)) },
      },
    };
  });
  const arguments_ = { env_name: env, type: GYM_TYPE, env_kwargs: { robot, controlMode, controlRate } };
  const total = demos.reduce((sum, { attributes }) => sum + Number(attributes.num_samples), 0);
  const data: Hdf5Group = {
    attributes: {
      total,
      env_args: JSON.stringify(arguments_),
      [ORIGIN_ATTRIBUTE]: JSON.stringify(originOf(recording)),
    },
    groups: Object.fromEntries(demos.map((demo, index) => [`demo_${index}`, demo])),
    datasets: {},
  };
  return { attributes: {}, groups: { data }, datasets: {} };
}

/** The pictures of each camera in an episode of `count` frames, one after another. */
function drawAll(pictures: EpisodePictures | undefined, count: number) {
  if (!pictures) return [];
  const cameras = pictures.cameras.map(({ name, width, height }) => {
    const size = height * width * 3;
    return { name, size, shape: [height, width, 3], values: new Uint8Array(count * size) };
  });
  for (let frame = 0; frame < count; frame++) {
    for (const [index, picture] of pictures.draw(frame).entries()) {
      const { values, size } = cameras[index]!;
      values.set(picture, frame * size);
    }
  }
  return cameras;
}

// Recordings as a LeRobot v3.0 data set: parquet tables and JSON, as Hugging Face's `lerobot` loads them.
import { encode } from "fast-png";
import { originOf } from "./dataset-origin.js";
import { type FeatureStatistics, PictureLevels, statisticsOf } from "./lerobot-statistics.js";
import { type Column, lists, numbers, type PngCell, pictures, table, text, words } from "./lerobot-tables.js";
import type { EpisodePictures, PictureFormat } from "./pictures.js";
import { type EpisodeRecording, splitEpisodes } from "./recording.js";

/** What is written besides the recording. */
export interface LeRobotOptions {
  /** Says in words what is done. */
  readonly task: string;
  /**
   * Names of the observation's entries that the robot does not know of itself, as where things are: they become
   * `observation.environment_state`, which ACT and Diffusion want where there are no pictures. Default: none.
   */
  readonly environmentEntries?: readonly string[];
  /** Pictures of an episode (counted from 0); default: there are none. */
  readonly picturesOf?: (episode: number) => EpisodePictures | undefined;
}

/** File of a data set that only armgym reads: a `DatasetOrigin` as JSON. */
export const ORIGIN_PATH = "meta/armgym.json";
/** Features that policies observe as numbers. */
export const STATE_FEATURES = ["observation.state", "observation.environment_state"] as const;
/** What was executed, with the noise that `action` is without, in double precision: it makes the episode again. */
export const EXECUTED_ACTION = "executed_action";

/** Numbers of one feature, row after row. */
interface Feature {
  readonly dtype: keyof typeof PARQUET_TYPES;
  /** Names of its numbers; a single one is stored as a plain column, several as a list. */
  readonly names: readonly string[] | null;
  readonly size: number;
  readonly values: number[];
}

/** Pictures of one camera, row after row. */
interface Camera {
  readonly format: PictureFormat;
  readonly cells: PngCell[];
  /** Of each episode. */
  readonly levels: PictureLevels[];
}

/** Rows of an episode. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
const PARQUET_TYPES = { float32: "FLOAT", float64: "DOUBLE", int64: "INT64", bool: "BOOLEAN" } as const;

/**
 * Return the files of the data set by their paths. A row holds what was observed and the action recorded there; reward
 * and end of the step after it stand in `next.`. Each camera becomes a feature `observation.images.NAME` of PNG files.
 *
 * `meta/armgym.json`, which other programs pass over, says of what the episodes are.
 */
export function writeLeRobot(
  recording: EpisodeRecording,
  { task, environmentEntries = [], picturesOf = () => undefined }: LeRobotOptions,
): Map<string, Uint8Array> {
  const { header } = recording;
  const states = statePlaces(header.observationNames, environmentEntries);
  const observed = mapValues(states, (places) =>
    featureOf(
      "float32",
      places.map((place) => header.observationNames[place]!),
    ),
  );
  const features = {
    ...observed,
    action: featureOf("float32", header.actionNames),
    [EXECUTED_ACTION]: featureOf("float64", header.actionNames),
    "next.reward": featureOf("float32", null),
    "next.success": featureOf("bool", null),
    "next.done": featureOf("bool", null),
    timestamp: featureOf("float32", null),
    frame_index: featureOf("int64", null),
    episode_index: featureOf("int64", null),
    index: featureOf("int64", null),
    task_index: featureOf("int64", null),
  };
  const cameras: Record<string, Camera> = {};
  const episodes: Span[] = [];
  let row = 0;
  for (const [episode, frames] of splitEpisodes(recording).entries()) {
    const from = row;
    for (const [frame, { observation }] of frames.slice(0, -1).entries()) {
      const { action, actionSample = action, reward, success } = frames[frame + 1]!;
      for (const [name, places] of Object.entries(states))
        observed[name]!.values.push(...places.map((place) => observation[place]!));
      features.action.values.push(...action);
      features[EXECUTED_ACTION].values.push(...actionSample);
      features["next.reward"].values.push(reward);
      features["next.success"].values.push(success ? 1 : 0);
      features["next.done"].values.push(frame === frames.length - 2 ? 1 : 0);
      features.timestamp.values.push(frame / header.controlRate);
      features.frame_index.values.push(frame);
      features.episode_index.values.push(episode);
      features.index.values.push(row++);
      features.task_index.values.push(0);
    }
    episodes.push({ from, to: row });
    addPictures(cameras, picturesOf(episode), frames.length - 1);
  }
  const statistics = episodes.map((span, episode) => statisticsOfEpisode(features, cameras, span, episode));
  return new Map([
    ["meta/info.json", json(describe(header, features, cameras, episodes))],
    ["meta/stats.json", json(statisticsOfAll(features, cameras))],
    ["meta/tasks.parquet", tasksTable(task)],
    ["meta/episodes/chunk-000/file-000.parquet", episodesTable(episodes, task, statistics)],
    ["data/chunk-000/file-000.parquet", dataTable(features, cameras)],
    [ORIGIN_PATH, json(originOf(recording))],
  ]);
}

/** Places in the observation of what each state feature holds; a feature that would be empty is left out. */
function statePlaces(
  names: readonly string[],
  environmentEntries: readonly string[],
): Readonly<Record<string, readonly number[]>> {
  const all = names.map((_, place) => place);
  const environment = all.filter((place) => environmentEntries.includes(names[place]!));
  // LeRobot's policies want a state of the robot
  if (environment.length === 0 || environment.length === all.length) return { [STATE_FEATURES[0]]: all };
  return {
    [STATE_FEATURES[0]]: all.filter((place) => !environment.includes(place)),
    [STATE_FEATURES[1]]: environment,
  };
}

function featureOf(dtype: Feature["dtype"], names: readonly string[] | null): Feature {
  return { dtype, names, size: names?.length ?? 1, values: [] };
}

/** What `meta/info.json` says. */
function describe(
  { robot, controlRate }: EpisodeRecording["header"],
  features: Readonly<Record<string, Feature>>,
  cameras: Readonly<Record<string, Camera>>,
  episodes: readonly Span[],
): object {
  return {
    codebase_version: "v3.0",
    robot_type: robot ?? "unknown",
    total_episodes: episodes.length,
    total_frames: episodes.at(-1)?.to ?? 0,
    total_tasks: 1,
    chunks_size: 1000,
    data_files_size_in_mb: 100,
    video_files_size_in_mb: 200,
    fps: controlRate,
    splits: { train: `0:${episodes.length}` },
    data_path: DATA_PATH,
    video_path: null,
    features: {
      ...mapValues(features, ({ dtype, names, size }) => ({ dtype, shape: [size], names })),
      ...mapValues(cameras, ({ format: { height, width } }) => ({
        dtype: "image",
        shape: [height, width, 3],
        names: ["height", "width", "channels"],
      })),
    },
  };
}

function addPictures(
  cameras: Record<string, Camera>,
  pictures: EpisodePictures | undefined,
  count: number,
): void {
  if (!pictures) return;
  const own = pictures.cameras.map((format) => {
    const levels = new PictureLevels();
    const name = `observation.images.${format.name}`;
    cameras[name] ??= { format, cells: [], levels: [] };
    cameras[name].levels.push(levels);
    return { cells: cameras[name].cells, format, levels };
  });
  for (let frame = 0; frame < count; frame++) {
    for (const [index, data] of pictures.draw(frame).entries()) {
      const { cells, levels, format } = own[index]!;
      const { width, height } = format;
      const bytes = encode({ width, height, data, channels: 3, depth: 8 });
      cells.push({ bytes, path: `frame-${String(frame).padStart(6, "0")}.png` });
      levels.add(data);
    }
  }
}

/** The statistics of pictures are of the shape [3, 1, 1]. */
type Statistics = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function statisticsOfEpisode(
  features: Readonly<Record<string, Feature>>,
  cameras: Readonly<Record<string, Camera>>,
  { from, to }: Span,
  episode: number,
): Statistics {
  return {
    ...mapValues(features, ({ values, size }) => ({
      ...statisticsOf(values.slice(size * from, size * to), size),
    })),
    ...mapValues(cameras, ({ levels }) => perColour(levels[episode]!.statistics())),
  };
}

function statisticsOfAll(
  features: Readonly<Record<string, Feature>>,
  cameras: Readonly<Record<string, Camera>>,
): Statistics {
  return {
    ...mapValues(features, ({ values, size }) => ({ ...statisticsOf(values, size) })),
    ...mapValues(cameras, ({ levels }) => {
      const all = new PictureLevels();
      for (const each of levels) all.merge(each);
      return perColour(all.statistics());
    }),
  };
}

function perColour({ count, ...statistics }: FeatureStatistics): Readonly<Record<string, unknown>> {
  return { ...mapValues(statistics, (values) => values.map((value) => [[value]])), count };
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

function dataTable(
  features: Readonly<Record<string, Feature>>,
  cameras: Readonly<Record<string, Camera>>,
): Uint8Array {
  return table([
    ...Object.entries(features).map(([name, { dtype, size, values }]): Column => {
      const type = PARQUET_TYPES[dtype];
      if (size === 1) return numbers(name, type, values);
      const rows = Array.from({ length: values.length / size }, (_, row) =>
        values.slice(size * row, size * (row + 1)),
      );
      return lists(name, type, rows);
    }),
    ...Object.entries(cameras).map(([name, { cells }]) => pictures(name, cells)),
  ]);
}

function episodesTable(
  episodes: readonly Span[],
  task: string,
  statistics: readonly Statistics[],
): Uint8Array {
  const zeros = episodes.map(() => 0);
  const columns: Readonly<Record<string, readonly number[]>> = {
    episode_index: episodes.map((_, index) => index),
    length: episodes.map(({ from, to }) => to - from),
    "data/chunk_index": zeros,
    "data/file_index": zeros,
    dataset_from_index: episodes.map(({ from }) => from),
    dataset_to_index: episodes.map(({ to }) => to),
    "meta/episodes/chunk_index": zeros,
    "meta/episodes/file_index": zeros,
  };
  const ofFeatures = Object.entries(statistics[0] ?? {}).flatMap(([name, each]) =>
    Object.entries(each).map(([kind, sample]) => {
      const cells = statistics.map((ofEpisode) => ofEpisode[name]![kind]);
      const depth = Array.isArray((sample as readonly unknown[])[0]) ? 3 : 1;
      return lists(`stats/${name}/${kind}`, kind === "count" ? "INT64" : "DOUBLE", cells, depth);
    }),
  );
  return table([
    ...Object.entries(columns).map(([name, values]) => numbers(name, "INT64", values)),
    words(
      "tasks",
      episodes.map(() => [task]),
    ),
    ...ofFeatures,
  ]);
}

/** `lerobot` reads this one by pandas and wants the tasks' words as its index. */
function tasksTable(task: string): Uint8Array {
  const column = (name: string, pandas: string, numpy: string) => ({
    name,
    field_name: name,
    pandas_type: pandas,
    numpy_type: numpy,
    metadata: null,
  });
  const pandas = {
    index_columns: ["task"],
    column_indexes: [],
    columns: [column("task_index", "int64", "int64"), column("task", "unicode", "object")],
    pandas_version: "2.2.0",
  };
  const columns = [numbers("task_index", "INT64", [0]), text("task", [task])];
  return table(columns, [{ key: "pandas", value: JSON.stringify(pandas) }]);
}

// LeRobot v3.0 data sets, whoever wrote them: what is in one, and the rows of its tables. Nothing in a file is trusted.
import { z } from "zod";
import { UsageError } from "../math/usage-error.js";
import { type DatasetOrigin, datasetOriginSchema } from "./dataset-origin.js";
import { ORIGIN_PATH } from "./lerobot-write.js";
import { type ParquetFile, readParquet } from "./parquet-read.js";

/** The files of a data set; paths are relative to its folder and lead nowhere else. */
export interface DatasetFolder {
  /** What errors call it. */
  readonly name: string;
  /** Names in a folder; none where there is no such folder. */
  list(path: string): readonly string[];
  /** The whole of a small file; undefined where there is none. */
  read(path: string): string | undefined;
  /** Open a table; throws a UsageError where there is none. */
  open(path: string): Promise<ParquetFile>;
}

/** One feature, as `meta/info.json` names it. */
export interface LeRobotFeature {
  /** "float32", "image", "video", ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Names of its numbers, where it has as many as numbers. */
  readonly names?: readonly string[];
  /** Of videos, where that is known: "av1". */
  readonly codec?: string;
}

/** One episode. */
export interface LeRobotEpisode {
  readonly length: number;
  /** What is done, in words. */
  readonly tasks: readonly string[];
  /** Table with its rows, relative to the folder, and the first of them in it. */
  readonly path: string;
  readonly firstRow: number;
}

/** What a data set holds, and where. */
export interface LeRobotDataset {
  readonly folder: DatasetFolder;
  readonly robot: string | undefined;
  /** Rows per second. */
  readonly fps: number;
  readonly features: Readonly<Record<string, LeRobotFeature>>;
  readonly episodes: readonly LeRobotEpisode[];
  /** What armgym wrote into it, where it did. */
  readonly origin: DatasetOrigin | undefined;
}

/** A row of a table by column. */
export type LeRobotRow = Readonly<Record<string, unknown>>;

const INFO = "meta/info.json";
const EPISODES = "meta/episodes";
const VERSION = "v3.0";
/** Columns by which rows are known to be those of an episode, in their order. */
const INDICES = ["episode_index", "frame_index"];
/** A day at 1000 Hz: more is no data set that fits into memory. */
const MOST_FRAMES = 86_400_000;

const count = z.number().int().nonnegative();
const infoSchema = z.object({
  codebase_version: z.string(),
  robot_type: z.string().nullish(),
  fps: z.number().positive(),
  total_episodes: count,
  total_frames: count.max(MOST_FRAMES),
  data_path: z.string(),
  features: z.record(
    z.string(),
    z.object({
      dtype: z.string(),
      shape: z.array(count),
      names: z.unknown(),
      info: z.object({ "video.codec": z.string().optional() }).nullish().catch(undefined),
    }),
  ),
});

type Info = z.infer<typeof infoSchema>;

/** An integer column is read as bigint. */
const index = z.union([z.bigint(), z.number()]).transform(Number).pipe(count);
const episodeSchema = z.object({
  length: index,
  dataset_from_index: index,
  "data/chunk_index": index,
  "data/file_index": index,
  tasks: z.array(z.string()).nullish().catch(undefined),
});

/** Tell whether a folder is meant to be a LeRobot data set. */
export function isLeRobotFolder(folder: DatasetFolder): boolean {
  return folder.list("meta").includes("info.json");
}

/** Read what a data set holds; throws a UsageError that names the folder where it is none, cut short, or of another version. */
export async function openLeRobot(folder: DatasetFolder): Promise<LeRobotDataset> {
  const info = readInfo(folder);
  const episodes = await readEpisodes(folder, info);
  const frames = episodes.reduce((sum, { length }) => sum + length, 0);
  const told = (what: string, expected: number, got: number) => {
    if (expected === got) return;
    throw cutShort(folder, `${INFO} says ${expected} ${what}, ${EPISODES} lists ${got}`);
  };
  told("episodes", info.total_episodes, episodes.length);
  told("frames", info.total_frames, frames);
  return {
    folder,
    robot: info.robot_type ?? undefined,
    fps: info.fps,
    features: Object.fromEntries(
      Object.entries(info.features).map(([name, feature]) => [name, featureOf(feature)]),
    ),
    episodes,
    origin: readOrigin(folder, episodes.length),
  };
}

/** Read these columns of one episode; rows are in the order of their time. */
export async function readEpisodeRows(
  { folder, episodes }: LeRobotDataset,
  episode: number,
  columns: readonly string[],
): Promise<readonly LeRobotRow[]> {
  const { path, firstRow, length } = episodes[episode]!;
  const rows = await readRows(folder, path, [...INDICES, ...columns], [firstRow, firstRow + length]);
  return requireEpisode(folder, path, episode, rows, length);
}

/** Read these columns of all episodes, table by table; a table is given up when the next one is read. */
export async function* readAllRows(
  { folder, episodes }: LeRobotDataset,
  columns: readonly string[],
): AsyncGenerator<readonly LeRobotRow[]> {
  let table: readonly LeRobotRow[] = [];
  let opened: string | undefined;
  for (const [episode, { path, firstRow, length }] of episodes.entries()) {
    if (opened !== path) table = await readRows(folder, path, [...INDICES, ...columns]);
    opened = path;
    yield requireEpisode(folder, path, episode, table.slice(firstRow, firstRow + length), length);
  }
}

function readInfo(folder: DatasetFolder): Info {
  const value = readJson(folder, INFO);
  if (value === undefined)
    throw new UsageError(
      `${folder.name} is no LeRobot data set: it has no ${INFO}. Name the folder above "meta".`,
    );
  const version = (value as { codebase_version?: unknown } | null)?.codebase_version;
  if (version !== VERSION)
    throw new UsageError(
      `${folder.name} is a LeRobot data set of version ${String(version)}, expected ${VERSION}. Convert it by LeRobot's own convert_dataset_v21_to_v30.`,
    );
  return checked(infoSchema, value, `${folder.name}/${INFO}`);
}

/** What armgym wrote of the data set; undefined where it wrote nothing, or episodes were added or taken since. */
function readOrigin(folder: DatasetFolder, episodes: number): DatasetOrigin | undefined {
  const value = readJson(folder, ORIGIN_PATH);
  if (value === undefined) return undefined;
  const origin = checked(datasetOriginSchema, value, `${folder.name}/${ORIGIN_PATH}`);
  return origin.seeds.length === episodes ? origin : undefined;
}

function readJson(folder: DatasetFolder, path: string): unknown {
  const text = folder.read(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${folder.name}/${path} is no JSON. Copy the data set again.`);
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.infer<Schema> {
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const { path, message } = error.issues[0]!;
  throw new UsageError(`${file} cannot be read: ${[...path, message].join(": ")}.`);
}

/** The names of a feature's numbers: a list, or lists by a name for each kind of motor. */
function featureOf({ dtype, shape, names, info }: Info["features"][string]): LeRobotFeature {
  const lists = Array.isArray(names) ? [names] : Object.values((names ?? {}) as Record<string, unknown>);
  const flat = lists.flat().map(String);
  const codec = info?.["video.codec"];
  return {
    dtype,
    shape,
    ...(shape.length === 1 && flat.length === shape[0] ? { names: flat } : {}),
    ...(codec === undefined ? {} : { codec }),
  };
}

async function readEpisodes(folder: DatasetFolder, info: Info): Promise<readonly LeRobotEpisode[]> {
  const paths = folder
    .list(EPISODES)
    .filter((name) => /^chunk-\d+$/.test(name))
    .sort()
    .flatMap((chunk) =>
      folder
        .list(`${EPISODES}/${chunk}`)
        .filter((name) => /^file-\d+\.parquet$/.test(name))
        .sort()
        .map((name) => `${EPISODES}/${chunk}/${name}`),
    );
  if (paths.length === 0) throw cutShort(folder, `it has no table in ${EPISODES}`);
  const columns = Object.keys(episodeSchema.shape);
  const episodes: LeRobotEpisode[] = [];
  // rows are counted through the whole data set there, and from 0 in each table here
  const starts = new Map<string, number>();
  for (const path of paths) {
    for (const row of await readRows(folder, path, columns)) {
      const found = checked(episodeSchema, row, `${folder.name}/${path}: episode ${episodes.length}`);
      const data = dataPath(info.data_path, found["data/chunk_index"], found["data/file_index"]);
      const start = starts.get(data) ?? found.dataset_from_index;
      starts.set(data, start);
      episodes.push({
        length: found.length,
        tasks: found.tasks ?? [],
        path: data,
        firstRow: Math.max(0, found.dataset_from_index - start),
      });
    }
  }
  return episodes;
}

/** Fill in a path as `data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet`. */
function dataPath(template: string, chunk: number, file: number): string {
  return template.replace(/\{(chunk_index|file_index)(?::0(\d)d)?\}/g, (_, name: string, width?: string) =>
    String(name === "chunk_index" ? chunk : file).padStart(Number(width ?? 0), "0"),
  );
}

async function readRows(
  folder: DatasetFolder,
  path: string,
  columns: readonly string[],
  range?: readonly [first: number, end: number],
): Promise<readonly LeRobotRow[]> {
  return readParquet(await folder.open(path), `${folder.name}/${path}`, columns, range);
}

/** Throw a UsageError where these are not the rows of the episode, all of them and in their order. */
function requireEpisode(
  folder: DatasetFolder,
  path: string,
  episode: number,
  rows: readonly LeRobotRow[],
  length: number,
): readonly LeRobotRow[] {
  const found = rows.filter(
    ({ episode_index, frame_index }, frame) =>
      (episode_index === undefined || Number(episode_index) === episode) &&
      (frame_index === undefined || Number(frame_index) === frame),
  );
  if (found.length !== length)
    throw cutShort(
      folder,
      `episode ${episode} has ${length} frames, ${path} holds ${found.length} of them in their place`,
    );
  return found;
}

function cutShort({ name }: DatasetFolder, why: string): UsageError {
  return new UsageError(`${name} is not a whole data set: ${why}. Copy or record it again.`);
}

// Recordings as a LeRobot v3.0 data set: parquet tables and JSON, as Hugging Face's `lerobot` loads them.
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { RunningStatistics } from "../math/running-statistics.js";
import { type EpisodeRecording, splitEpisodes } from "./recording.js";

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]["schema"]>;

/** Numbers of one feature, row after row. */
interface Feature {
  readonly dtype: "float32" | "int64" | "bool";
  /** Names of its numbers; a single one is stored as a plain column, several as a list. */
  readonly names: readonly string[] | null;
  readonly size: number;
  readonly values: number[];
}

const DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";

/**
 * Return the files of the data set by their paths. A row holds what was observed and the action recorded there; reward
 * and end of the step after it stand in `next.`. `task` says in words what is done.
 */
export function writeLeRobot(recording: EpisodeRecording, task: string): Map<string, Uint8Array> {
  const { header } = recording;
  const feature = (dtype: Feature["dtype"], names: readonly string[] | null): Feature => ({
    dtype,
    names,
    size: names?.length ?? 1,
    values: [],
  });
  const features = {
    "observation.state": feature("float32", header.observationNames),
    action: feature("float32", header.actionNames),
    "next.reward": feature("float32", null),
    "next.success": feature("bool", null),
    "next.done": feature("bool", null),
    timestamp: feature("float32", null),
    frame_index: feature("int64", null),
    episode_index: feature("int64", null),
    index: feature("int64", null),
    task_index: feature("int64", null),
  };
  const episodes: { readonly from: number; readonly to: number }[] = [];
  let row = 0;
  for (const [episode, frames] of splitEpisodes(recording).entries()) {
    const from = row;
    for (const [frame, { observation }] of frames.slice(0, -1).entries()) {
      const { action, reward, success } = frames[frame + 1]!;
      features["observation.state"].values.push(...observation);
      features.action.values.push(...action);
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
  }
  const text = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  const info = {
    codebase_version: "v3.0",
    robot_type: header.robot ?? "unknown",
    total_episodes: episodes.length,
    total_frames: row,
    total_tasks: 1,
    chunks_size: 1000,
    data_files_size_in_mb: 100,
    video_files_size_in_mb: 200,
    fps: header.controlRate,
    splits: { train: `0:${episodes.length}` },
    data_path: DATA_PATH,
    video_path: null,
    features: mapValues(features, ({ dtype, names, size }) => ({ dtype, shape: [size], names })),
  };
  return new Map([
    ["meta/info.json", text(info)],
    ["meta/stats.json", text(mapValues(features, (each) => statisticsOf(each, row)))],
    ["meta/tasks.parquet", tasksTable(task)],
    ["meta/episodes/chunk-000/file-000.parquet", episodesTable(episodes, task)],
    ["data/chunk-000/file-000.parquet", dataTable(features)],
  ]);
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function statisticsOf({ values, size }: Feature, rows: number) {
  const statistics = new RunningStatistics(size);
  statistics.count = 0;
  statistics.update(Float32Array.from(values), rows);
  const min = Array<number>(size).fill(Number.POSITIVE_INFINITY);
  const max = Array<number>(size).fill(Number.NEGATIVE_INFINITY);
  for (const [k, value] of values.entries()) {
    min[k % size] = Math.min(min[k % size]!, value);
    max[k % size] = Math.max(max[k % size]!, value);
  }
  const std = [...statistics.variance].map(Math.sqrt);
  return { min, max, mean: [...statistics.mean], std, count: [rows] };
}

function dataTable(features: Readonly<Record<string, Feature>>): Uint8Array {
  const columns = Object.entries(features).map(([name, feature]) => ({ name, data: cellsOf(feature) }));
  const schema: Schema = [
    { name: "schema", num_children: columns.length },
    ...Object.entries(features).flatMap(([name, { dtype, names }]) =>
      names === null ? [plain(name, dtype)] : list(name, { type: "FLOAT" }),
    ),
  ];
  return table(columns, schema);
}

function cellsOf({ dtype, names, size, values }: Feature): unknown[] {
  if (names !== null) {
    return Array.from({ length: values.length / size }, (_, row) =>
      values.slice(size * row, size * (row + 1)),
    );
  }
  if (dtype === "int64") return values.map(BigInt);
  return dtype === "bool" ? values.map(Boolean) : values;
}

function episodesTable(episodes: readonly { readonly from: number; readonly to: number }[], task: string) {
  const numbers: Record<string, number[]> = {
    episode_index: episodes.map((_, index) => index),
    length: episodes.map(({ from, to }) => to - from),
    "data/chunk_index": episodes.map(() => 0),
    "data/file_index": episodes.map(() => 0),
    dataset_from_index: episodes.map(({ from }) => from),
    dataset_to_index: episodes.map(({ to }) => to),
    "meta/episodes/chunk_index": episodes.map(() => 0),
    "meta/episodes/file_index": episodes.map(() => 0),
  };
  const columns = Object.entries(numbers).map(([name, values]) => ({ name, data: values.map(BigInt) }));
  const schema: Schema = [
    { name: "schema", num_children: columns.length + 1 },
    ...Object.keys(numbers).map((name) => plain(name, "int64")),
    ...list("tasks", { type: "BYTE_ARRAY", converted_type: "UTF8" }),
  ];
  return table([...columns, { name: "tasks", data: episodes.map(() => [task]) }], schema);
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
  const schema: Schema = [
    { name: "schema", num_children: 2 },
    plain("task_index", "int64"),
    { name: "task", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  ];
  const columns = [
    { name: "task_index", data: [0n] },
    { name: "task", data: [task] },
  ];
  return table(columns, schema, [{ key: "pandas", value: JSON.stringify(pandas) }]);
}

function plain(name: string, dtype: Feature["dtype"]): Schema[number] {
  const type = dtype === "float32" ? "FLOAT" : dtype === "int64" ? "INT64" : "BOOLEAN";
  return { name, type, repetition_type: "OPTIONAL" };
}

function list(name: string, element: Partial<Schema[number]>): Schema {
  return [
    { name, converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...element },
  ];
}

function table(
  columnData: ColumnSource[],
  schema: Schema,
  kvMetadata: { key: string; value: string }[] = [],
): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, kvMetadata, createdBy: "armgym" }));
}

// Recordings and parquet files as data sets.
import { encode } from "fast-png";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { type Dataset, emptyRows } from "../../../src/data/dataset.js";
import { loadSource } from "../../../src/data/load-source.js";
import { ownData } from "../../../src/data/own-data.js";
import { writeRecording } from "../../../src/recording/mcap-write.js";
import { type EpisodeRecording, joinEpisodes } from "../../../src/recording/recording.js";
import { memoryFiles } from "../memory-files.js";

type Contents = Parameters<typeof memoryFiles>[0];

async function load(contents: Contents, settings: Readonly<Record<string, unknown>> = {}) {
  const names = Object.keys(contents);
  const files = memoryFiles(contents);
  const source = await ownData(files, names.length === 1 ? names[0] : undefined);
  return loadSource(source, files, settings, "0");
}

async function refused(contents: Contents, settings: Readonly<Record<string, unknown>> = {}) {
  return load(contents, settings).then(
    () => "loaded",
    (error: Error) => error.message,
  );
}

function all(dataset: Dataset) {
  const into = emptyRows(dataset.fields, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    into,
  );
  return into;
}

interface EpisodeParts {
  readonly actionNames?: readonly string[];
  /** Pixels of an edge of a camera's pictures; absent: there are none. */
  readonly picture?: number;
}

/** An episode of `steps` steps: it observes 10 times its number and the step, acts by the step, and succeeds if its number is even. */
function episode(
  number: number,
  steps: number,
  { actionNames = ["push"], picture }: EpisodeParts = {},
): EpisodeRecording {
  return {
    header: {
      version: 1,
      env: "Line-v1",
      agent: "expert",
      seed: String(number),
      policySteps: 0,
      controlRate: 20,
      observationNames: ["episode", "tcp_command_lead_x"],
      observationUnits: ["", "m"],
      actionNames: [...actionNames],
      jointNames: ["joint"],
      scene: { entities: [] },
    },
    frames: Array.from({ length: steps + 1 }, (_, step) => ({
      time: step / 20,
      poses: [],
      jointPositions: [step / 4],
      observation: [10 * number, step],
      action: step === 0 ? [] : actionNames.map(() => step),
      reward: step === 0 ? 0 : step / 2,
      rewardTerms: {},
      value: null,
      success: step === steps && number % 2 === 0,
      contacts: [],
      ...(picture === undefined ? {} : { pictures: { wrist: picturePng(picture, number) } }),
    })),
  };
}

function picturePng(size: number, value: number): string {
  const data = new Uint8Array(size * size).fill(value);
  return Buffer.from(encode({ width: size, height: size, channels: 1, data })).toString("base64");
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);
/** Episodes of 3 to 6 steps. */
const record = (from: number, to: number, parts?: EpisodeParts) =>
  writeRecording(joinEpisodes(numbers(from, to).map((number) => episode(number, 3 + (number % 4), parts))));

describe("recordings", () => {
  test("have a row for each step: what was observed, what was done then, and what it gave", async () => {
    const {
      train,
      validation,
      test: held,
    } = await load({
      "a.mcap": await record(0, 6),
      "more/b.mcap": await record(6, 12),
    });
    expect(train.fields).toEqual({
      observation: {
        shape: [2],
        entries: [
          { name: "episode", unit: "1" },
          { name: "tcp_tracking_error_x", unit: "m" },
        ],
      },
      action: { shape: [1], entries: [{ name: "push", unit: "1" }] },
      reward: { shape: [] },
      success: { shape: [], dtype: "int32", classes: ["failed", "succeeded"] },
      joints: { shape: [1], entries: [{ name: "joint", unit: "1" }] },
    });
    const parts = [train, validation, await held()];
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(54);
    const episodes = parts.map((part) => new Set(part.groups));
    expect(episodes.reduce((sum, set) => sum + set.size, 0)).toBe(12);
    for (const part of parts) {
      const { observation, action, reward, success, joints } = all(part);
      for (const [row, group] of part.groups!.entries()) {
        const step = observation![2 * row + 1]!;
        expect([observation![2 * row], success![row]]).toEqual([10 * group, group % 2 === 0 ? 1 : 0]);
        expect([action![row], reward![row], joints![row]]).toEqual([step + 1, (step + 1) / 2, step / 4]);
      }
    }
    expect(Object.keys(train.provenance.files!)).toEqual(["a.mcap", "more/b.mcap"]);
  });

  test("have windows that stay in their episode, with its outcome once", async () => {
    const { train } = await load({ "a.mcap": await record(0, 12) }, { window: 3 });
    expect([train.fields.observation!.shape, train.fields.success!.shape]).toEqual([[3, 2], []]);
    const { observation } = all(train);
    for (let row = 0; row < train.size; row++) {
      const window = [...observation!.subarray(6 * row, 6 * row + 6)];
      const [first, step] = window as [number, number];
      expect(window).toEqual([first, step, first, step + 1, first, step + 2]);
    }
  });

  test("have pictures where a camera recorded them", async () => {
    const { train } = await load({ "a.mcap": await record(0, 8, { picture: 2 }) });
    expect(train.fields.image).toEqual({ shape: [2, 2, 1], dtype: "uint8" });
    const { image } = all(train);
    for (const [row, group] of train.groups!.entries())
      expect([...image!.subarray(4 * row, 4 * row + 4)]).toEqual(Array(4).fill(group));
    const mixed = {
      "a.mcap": await record(0, 4, { picture: 2 }),
      "b.mcap": await record(4, 8, { picture: 3 }),
    };
    expect(await refused(mixed)).toBe(
      'memory: the picture of "wrist" 0.00 s into episode 4 has 3 x 3 x 1 numbers, expected 2 x 2 x 1.',
    );
  });

  test("that are damaged, or of another environment, are refused by name", async () => {
    const bytes = await record(0, 4);
    expect(await refused({ "a.mcap": bytes.slice(0, 2000) })).toBe(
      "memory/a.mcap is not a whole recording: it is cut short. Record the episode again.",
    );
    const other = await record(4, 8, { actionNames: ["push", "lift"] });
    expect(await refused({ "a.mcap": bytes, "b.mcap": other })).toBe(
      "memory/b.mcap has other action entries than the recordings before it: push, lift; expected: push. Take recordings of one environment.",
    );
  });
});

describe("a parquet file", () => {
  const COUNT = 20;
  const rows = numbers(0, COUNT);
  const FILE = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "force", data: rows.map((k) => k / 2), type: "DOUBLE" },
        { name: "cycle", data: rows.map(BigInt), type: "INT64" },
        { name: "wrench", data: rows.map((k) => [k, 100 - k]), type: "JSON" },
        { name: "state", data: rows.map((k) => (k % 2 ? "on" : "off")), type: "STRING" },
      ],
    }),
  );

  test("is a table whose lists are a column for each entry", async () => {
    const { train } = await load({ "a.parquet": FILE }, { label: "state" });
    expect(train.fields.values!.entries!.map(({ name }) => name)).toEqual([
      "force",
      "cycle",
      "wrench_0",
      "wrench_1",
    ]);
    expect(train.fields.label!.classes).toEqual(["off", "on"]);
    const { values, label } = all(train);
    for (let row = 0; row < train.size; row++) {
      const k = values![4 * row + 1]!;
      expect([...values!.subarray(4 * row, 4 * row + 4), label![row]]).toEqual([k / 2, k, k, 100 - k, k % 2]);
    }
  });

  test("that is damaged is refused by name", async () => {
    expect(await refused({ "a.parquet": FILE.slice(0, 300) })).toMatch(
      /^memory\/a\.parquet is no whole parquet file: .+\. Copy the data set again\.$/,
    );
    expect(await refused({ "a.parquet": FILE })).toBe(
      'memory/a.parquet, row 1: "state" is "off", expected a number. Say what the column is by "label", "target" or "group", or leave it out by "skip".',
    );
  });
});

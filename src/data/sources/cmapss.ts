// C-MAPSS FD001: turbofan engines run to failure, as windows of their sensors with the cycles that remain.
// Source: A. Saxena et al., "Damage propagation modeling for aircraft engine run-to-failure simulation", PHM 2008.
import { createRandom } from "../../math/random.js";
import { UsageError } from "../../math/usage-error.js";
import type { DataSource } from "../data-source.js";
import { type DataProvenance, type Dataset, subset, tableDataset } from "../dataset.js";
import { hashedFiles } from "../hashed-files.js";
import { numberTable } from "../readers/number-table.js";
import { decodeText } from "../readers/text.js";
import { smoothedSeries } from "../smoothing.js";
import { numberSetting, wholeSetting } from "../source-settings.js";
import { splitRows } from "../split-rows.js";
import { windowDataset } from "../windows.js";

const ADDRESS =
  "https://phm-datasets.s3.amazonaws.com/NASA/6.+Turbofan+Engine+Degradation+Simulation+Data+Set.zip";
const LICENCE = "public domain (work of the US government)";
const [TRAIN, TEST, AFTER] = [
  "cmapss/train_FD001.txt",
  "cmapss/test_FD001.txt",
  "cmapss/RUL_FD001.txt",
] as const;
/** Engine, cycle, three operating settings, 21 sensors. */
const COLUMNS = 26;
/** Sensors that vary in FD001, by their numbers from 1 on, as Saxena et al. name them, with the units given there. */
const SENSORS = [
  [2, "T24", "degR"],
  [3, "T30", "degR"],
  [4, "T50", "degR"],
  [7, "P30", "psi"],
  [8, "Nf", "rpm"],
  [9, "Nc", "rpm"],
  [11, "Ps30", "psi"],
  [12, "phi", "pps/psi"],
  [13, "NRf", "rpm"],
  [14, "NRc", "rpm"],
  [15, "BPR", "1"],
  [17, "htBleed", "1"],
  [20, "W31", "lb/s"],
  [21, "W32", "lb/s"],
] as const;
/** Validation windows end in the last cycles of their engines, as those of the test do. */
const LAST_CYCLES = 150;

/**
 * Windows of 14 sensors, smoothed and raw, with the cycles that remain, at most `cap`; engines are groups.
 *
 * Fields: `sensors` [T, 28] float32, first the smoothed, then the raw readings (only the raw, [T, 14], where `smoothing` is 1);
 * `remaining` [] and `remaining_steps` [T] float32, cycles after the window's last and after each. Training windows end at every
 * cycle; engines of the share `validation` are held back, with `cuts` windows of each that end at random in its last 150 cycles; the test is
 * the official one: the last window of each of 100 other engines.
 */
export const cmapssFd001: DataSource = {
  id: "cmapss-fd001",
  description: "NASA's turbofan engines, 100 run to failure: sensors, and the cycles that remain",
  licence: LICENCE,
  files: [
    file(TRAIN, 3_515_356, "963b5e22825b34d8b21c69e1aeb4af3e647050eb672ee8834ba4b5d91d2de0f8"),
    file(TEST, 2_228_855, "3cda7109ce17bafb5443f2ac926cfcf88154b941b8c4cf95eb55d1ddd6f52851"),
    file(AFTER, 429, "a19c8ec94931949d0485bdc35118206e9c81c4547b422efb9cf86f4ceddbceca"),
  ],
  standIn: "degradation",
  settings: { window: 30, cap: 125, smoothing: 0.1, validation: 0.2, cuts: 12 },
  async load(files, settings, seed) {
    const options = {
      window: wholeSetting(settings, "window", 1, 300),
      cap: numberSetting(settings, "cap", 1, 1000),
      smoothing: numberSetting(settings, "smoothing", 0.001, 1),
    };
    const from = async (...names: readonly string[]) => {
      const hashed = hashedFiles(files);
      const texts: string[] = [];
      for (const name of names) texts.push(decodeText(await hashed.read(name, 2 ** 26), name));
      const provenance = {
        name: "cmapss-fd001",
        source: ADDRESS,
        licence: LICENCE,
        files: hashed.hashes,
        settings: { ...settings, seed },
      };
      return { texts, provenance };
    };
    const learned = await from(TRAIN);
    const engines = cycles(numberTable(learned.texts[0]!, TRAIN, COLUMNS), TRAIN, {
      ...options,
      provenance: learned.provenance,
    });
    const held = numberSetting(settings, "validation", 0.01, 0.9);
    const rows = splitRows(engines, { shares: { train: 1 - held, validation: held }, seed });
    const windows = (chosen: Int32Array) => windowed(subset(engines, chosen), options.window, "all");
    return {
      train: windows(rows.train),
      validation: cutAtRandom(windows(rows.validation), wholeSetting(settings, "cuts", 1, 1000), seed),
      async test() {
        const { texts, provenance } = await from(TEST, AFTER);
        const after = Array.from(numberTable(texts[1]!, AFTER, 1));
        const table = numberTable(texts[0]!, TEST, COLUMNS);
        return windowed(cycles(table, TEST, { ...options, provenance, after }), options.window, "last");
      },
    };
  },
};

function file(path: string, bytes: number, sha256: string) {
  return { path, url: ADDRESS, bytes, sha256 };
}

interface CycleOptions {
  readonly cap: number;
  readonly smoothing: number;
  readonly provenance: DataProvenance;
  /** Cycles that each engine runs after its last row; absent: none, it failed. */
  readonly after?: readonly number[];
}

/** A row for each cycle of each engine; throws a UsageError where engines and cycles are not counted from 1 on. */
function cycles(
  table: Float64Array,
  path: string,
  { cap, smoothing, provenance, after }: CycleOptions,
): Dataset {
  const size = table.length / COLUMNS;
  const groups = Int32Array.from({ length: size }, (_, row) => table[row * COLUMNS]!);
  const last = lastCycles(table, groups, path);
  if (after && after.length !== last.length)
    throw new UsageError(
      `${AFTER} has ${after.length} numbers, expected one for each of the ${last.length} engines of ${path}.`,
    );
  const remaining = Float32Array.from(groups, (engine, row) =>
    Math.min(cap, last[engine - 1]! - table[row * COLUMNS + 1]! + (after?.[engine - 1] ?? 0)),
  );
  const raw = new Float32Array(size * SENSORS.length);
  for (let row = 0; row < size; row++)
    for (const [k, [sensor]] of SENSORS.entries())
      raw[row * SENSORS.length + k] = table[row * COLUMNS + 4 + sensor]!;
  const entries = SENSORS.map(([, name, unit]) => ({ name, unit }));
  const smooth = smoothing < 1 ? smoothedSeries(raw, groups, SENSORS.length, smoothing) : undefined;
  const width = SENSORS.length * (smooth ? 2 : 1);
  const sensors = smooth ? sideBySide(smooth, raw, SENSORS.length) : raw;
  const names = [
    ...(smooth ? entries.map(({ name, unit }) => ({ name: `${name}_smooth`, unit })) : []),
    ...entries,
  ];
  return tableDataset(
    { sensors: { shape: [width], entries: names }, remaining: { shape: [], unit: "cycles" } },
    { sensors, remaining },
    provenance,
    groups,
  );
}

/** The last cycle of each engine. */
function lastCycles(table: Float64Array, groups: Int32Array, path: string): readonly number[] {
  const last: number[] = [];
  for (const [row, engine] of groups.entries()) {
    const cycle = table[row * COLUMNS + 1]!;
    const expected = engine === last.length ? last[engine - 1]! + 1 : 1;
    if (!(engine === last.length || engine === last.length + 1) || cycle !== expected)
      throw new UsageError(
        `${path}: row ${row + 1} is cycle ${cycle} of engine ${engine}, expected cycle ${last.length > 0 ? last.at(-1)! + 1 : 1} of engine ${Math.max(1, last.length)} or cycle 1 of the next.`,
      );
    last[engine - 1] = cycle;
  }
  return last;
}

function sideBySide(left: Float32Array, right: Float32Array, width: number): Float32Array {
  const both = new Float32Array(2 * left.length);
  for (let from = 0; from < left.length; from += width) {
    both.set(left.subarray(from, from + width), 2 * from);
    both.set(right.subarray(from, from + width), 2 * from + width);
  }
  return both;
}

function windowed(engines: Dataset, length: number, windows: "all" | "last"): Dataset {
  return windowDataset(engines, {
    length,
    windows,
    // an engine that has run for less than a window is forecast as well
    padding: windows === "last" ? "causal" : "none",
    fields: {
      sensors: "every",
      remaining: "last",
      remaining_steps: { field: "remaining", at: "every" },
    },
  });
}

/** `cuts` of the windows of each engine, of those that end in its last cycles. */
function cutAtRandom(windows: Dataset, cuts: number, seed: string): Dataset {
  const random = createRandom(`${seed}/cuts`);
  const ends = new Map<number, number[]>();
  for (const [window, engine] of windows.groups!.entries())
    ends.set(engine, [...(ends.get(engine) ?? []), window]);
  const chosen = [...ends.values()].flatMap((all) => {
    const late = Int32Array.from(all.slice(-LAST_CYCLES));
    random.shuffle(late);
    return [...late.subarray(0, cuts).sort()];
  });
  return subset(windows, Int32Array.from(chosen));
}

// Machines that wear out, generated: sensors that drift ever faster in noise until the machine fails.
import { createRandom, type Random } from "../../math/random.js";
import type { DataSource } from "../data-source.js";
import { type Dataset, tableDataset } from "../dataset.js";
import { numberSetting, wholeSetting } from "../source-settings.js";
import { windowDataset } from "../windows.js";

/** How far each sensor goes until failure, and its noise: one in five says little. */
const SENSORS = [
  { name: "temperature", unit: "K", base: 350, drift: 18, noise: 4 },
  { name: "vibration", unit: "m/s^2", base: 2, drift: 3, noise: 0.5 },
  { name: "current", unit: "A", base: 12, drift: 2.5, noise: 0.6 },
  { name: "pressure", unit: "kPa", base: 600, drift: -40, noise: 12 },
  { name: "humidity", unit: "1", base: 0.4, drift: 0, noise: 0.05 },
] as const;

/**
 * Windows over series of generated machines, with the cycles that remain, at most `cap`; machines are groups. Nothing is downloaded.
 *
 * Fields as those of "cmapss-fd001": `sensors` [T, 5] float32; `remaining` [] and `remaining_steps` [T] float32, cycles after the
 * window's last and after each. `machines` run to failure to learn from, a quarter as many to choose by; as many to test are cut somewhere, and
 * their last window is asked for.
 */
export const degradation: DataSource = {
  id: "degradation",
  description: "generated machines that wear out: five sensors, and the cycles that remain",
  licence: "CC0-1.0",
  files: [],
  settings: { window: 30, cap: 125, machines: 40 },
  async load(_files, settings, seed) {
    const cap = numberSetting(settings, "cap", 1, 1000);
    const length = wholeSetting(settings, "window", 1, 100);
    const machines = wholeSetting(settings, "machines", 4, 10_000);
    const make = (name: string, count: number, windows: "all" | "last") =>
      windowDataset(
        run(count, createRandom(`${seed}/degradation/${name}`), {
          cap,
          isCut: windows === "last",
          settings: { ...settings, seed },
        }),
        {
          length,
          windows,
          fields: {
            sensors: "every",
            remaining: "last",
            remaining_steps: { field: "remaining", at: "every" },
          },
        },
      );
    return {
      train: make("train", machines, "all"),
      validation: make("validation", Math.ceil(machines / 4), "all"),
      test: async () => make("test", machines, "last"),
    };
  },
};

interface RunOptions {
  readonly cap: number;
  /** Whether series end some time before failure. */
  readonly isCut: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A row for each cycle of each machine. Wear grows as exp(rate t), and the machine fails at 1. */
function run(machines: number, random: Random, { cap, isCut, settings }: RunOptions): Dataset {
  const sensors: number[] = [];
  const remaining: number[] = [];
  const groups: number[] = [];
  for (let machine = 0; machine < machines; machine++) {
    const life = 130 + random.integer(170);
    const length = isCut ? life - 5 - random.integer(25 + Math.min(cap, life - 130)) : life;
    const rate = random.uniform(3, 5) / life;
    const bases = SENSORS.map(({ base, noise }) => base + 0.5 * noise * random.normal());
    for (let cycle = 1; cycle <= length; cycle++) {
      const wear = Math.exp(rate * (cycle - life));
      for (const [k, { drift, noise }] of SENSORS.entries())
        sensors.push(bases[k]! + drift * wear + noise * random.normal());
      remaining.push(Math.min(cap, life - cycle));
      groups.push(machine + 1);
    }
  }
  return tableDataset(
    {
      sensors: { shape: [SENSORS.length], entries: SENSORS.map(({ name, unit }) => ({ name, unit })) },
      remaining: { shape: [], unit: "cycles" },
    },
    { sensors: Float32Array.from(sensors), remaining: Float32Array.from(remaining) },
    { name: "degradation", source: "generated", licence: "CC0-1.0", settings },
    Int32Array.from(groups),
  );
}

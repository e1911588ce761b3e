// Forces and torques at a robot's wrist, generated: free motion, a collision from the front or the side, and an obstruction.
import { createRandom, type Random } from "../../math/random.js";
import type { DataSource } from "../data-source.js";
import { type Dataset, tableDataset } from "../dataset.js";
import { wholeSetting } from "../source-settings.js";

const STEPS = 15;
/** In the order of the entries of "robot-failures". */
const ENTRIES = [
  ...["Fx", "Fy", "Fz"].map((name) => ({ name, unit: "N" })),
  ...["Tx", "Ty", "Tz"].map((name) => ({ name, unit: "N m" })),
];
const CLASSES = ["collision", "front collision", "normal", "obstruction"] as const;
/** Weight of the hand (N) and how far its tip is from the wrist (m). */
const [WEIGHT, REACH] = [9, 0.15];

/**
 * `rows` traces to learn from, a quarter as many to choose by and as many to test; nothing is downloaded.
 *
 * Fields as those of "robot-failures": `wrench` [15, 6] float32, forces (N) and torques (N m); `label` int32.
 */
export const contacts: DataSource = {
  id: "contacts",
  description: "generated force and torque traces of a robot's contacts, 15 x 6, 4 classes",
  licence: "CC0-1.0",
  files: [],
  settings: { rows: 400 },
  async load(_files, settings, seed) {
    const rows = wholeSetting(settings, "rows", 40, 100_000);
    const make = (name: string, count: number) =>
      traces(count, createRandom(`${seed}/contacts/${name}`), { ...settings, seed });
    return {
      train: make("train", rows),
      validation: make("validation", Math.ceil(rows / 4)),
      test: async () => make("test", rows),
    };
  },
};

function traces(count: number, random: Random, settings: Readonly<Record<string, unknown>>): Dataset {
  const label = Int32Array.from({ length: count }, (_, row) => row % CLASSES.length);
  const wrench = new Float32Array(count * STEPS * ENTRIES.length);
  for (let row = 0; row < count; row++)
    wrench.set(trace(CLASSES[label[row]!]!, random), row * STEPS * ENTRIES.length);
  return tableDataset(
    {
      wrench: { shape: [STEPS, ENTRIES.length], entries: ENTRIES },
      label: { shape: [], dtype: "int32", classes: CLASSES },
    },
    { wrench, label },
    { name: "contacts", source: "generated", licence: "CC0-1.0", settings },
  );
}

/** One trace: the hand's weight in noise, and from some step on a force at its tip, a pulse or one that stays and grows. */
function trace(kind: (typeof CLASSES)[number], random: Random): Float32Array {
  const values = new Float32Array(STEPS * ENTRIES.length);
  const begin = random.integer(8);
  const strength = random.uniform(4, 30);
  const side = random.uniform(0, 2 * Math.PI);
  const damping = random.uniform(0.4, 0.8);
  for (let t = 0; t < STEPS; t++) {
    const after = t - begin;
    const pulse = after < 0 ? 0 : strength * damping ** after * Math.cos(1.2 * after);
    const push = after < 0 ? 0 : strength * (1 - 0.5 ** (after + 1));
    let [fx, fy, fz] = [0, 0, WEIGHT];
    if (kind === "collision") [fx, fy] = [pulse * Math.cos(side), pulse * Math.sin(side)];
    if (kind === "front collision") fz -= pulse;
    if (kind === "obstruction") fz -= push;
    // a force at the tip, REACH below the wrist, turns the hand about the axes across
    const exact = [fx, fy, fz, -REACH * fy, REACH * fx, 0];
    for (const [k, value] of exact.entries())
      values[t * ENTRIES.length + k] = value + (k < 3 ? 1.2 : 0.15) * random.normal();
  }
  return values;
}

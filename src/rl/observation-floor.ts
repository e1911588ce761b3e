// How little an entry of the observation may vary before its normalised form is mostly noise.
import type { EnvInfo } from "../env/env.js";
import type { ObservationEntry } from "../env/observation.js";
import { type RunningStatisticsState, seenDeviation } from "../math/running-statistics.js";
import type { Policy } from "./policy.js";

/**
 * Least spread to normalise by, per unit. An entry that training held still would else be divided by next to nothing, and
 * a millimetre of noise become ten standard deviations of it. Chosen on validation episodes of policies that had a bias of
 * 1 and 3 mm put on what they observe; entries that matter vary by more.
 */
const FLOORS: Readonly<Record<string, number>> = {
  m: 0.01,
  cm: 1,
  mm: 10,
  "m/s": 0.01,
  "mm/s": 10,
  rad: 0.01,
  deg: 0.5,
  degrees: 0.5,
  "rad/s": 0.05,
  "deg/s": 3,
  "m or rad": 0.01,
  "m/s or rad/s": 0.01,
  N: 0.1,
  "N m": 0.02,
  kg: 0.005,
  s: 0.01,
  "1": 0.01,
};

/** Entries that varied by less than this share of their floor were as good as constant. */
const UNVARIED = 0.1;
/** What float32 rounds off, as a share of a number. */
const ROUNDING = 2 ** -22;

/** Return the least spread that each entry is normalised by, in its unit; for units that are not known 1e-4. */
export function observationFloors(entries: readonly Pick<ObservationEntry, "unit">[]): number[] {
  return entries.map(({ unit }) => (Object.hasOwn(FLOORS, unit) ? FLOORS[unit]! : 1e-4));
}

/** List what a policy's normaliser normalises: the observation, and behind it what only the critic reads. */
export function observedEntries(
  { observation, privileged = [] }: Pick<EnvInfo, "observation" | "privileged">,
  { privilegedSize = 0 }: Pick<Policy, "privilegedSize">,
): readonly ObservationEntry[] {
  return privilegedSize > 0 ? [...observation, ...privileged] : observation;
}

/** An entry of the observation that training never saw vary, so that a policy cannot know what other values mean. */
export interface UnvariedEntry {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
}

/** List the entries of which `statistics` saw next to no variation: less than a tenth of their floor, 1 mm for lengths. */
export function unvariedEntries(
  entries: readonly Pick<ObservationEntry, "name" | "unit">[],
  statistics: RunningStatisticsState,
): UnvariedEntry[] {
  const floors = observationFloors(entries);
  return entries.flatMap(({ name, unit }, k) => {
    const mean = statistics.mean[k]!;
    const seen = seenDeviation(statistics, k);
    const deviation = seen < ROUNDING * Math.max(Math.abs(mean), floors[k]!) ? 0 : seen;
    return deviation === 0 || deviation < UNVARIED * floors[k]! ? [{ name, unit, mean, deviation }] : [];
  });
}

/** Say which entries never varied, in one line. */
export function describeUnvaried(unvaried: readonly UnvariedEntry[]): string {
  const named = unvaried.map(({ name, unit, mean, deviation }) => {
    const unitShown = unit === "1" ? "" : ` ${unit}`;
    return `${name} (${Number(mean.toPrecision(3))} ± ${Number(deviation.toPrecision(2))}${unitShown})`;
  });
  return `Never varied while training, so the policy has not learned what other values mean: ${named.join(", ")}.`;
}

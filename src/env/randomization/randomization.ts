// What may be randomised from episode to episode, and by how much: names, units, limits, the preset, and the check of settings.
import { z } from "zod";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";

/** What a name stands for. */
interface Quantity {
  /** "×" multiplies what the environment was built with. */
  readonly unit: string;
  /** The value without randomisation, which ranges shrink to at difficulty 0. */
  readonly nominal: 0 | 1;
  /** Values outside make no sense. */
  readonly least: number;
  readonly most: number;
  readonly meaning: string;
}

/** All that can be randomised: drawn uniformly from its range at the start of an episode, it holds until its end. */
export const QUANTITIES = {
  objectMass: {
    unit: "×",
    nominal: 1,
    least: 0.1,
    most: 10,
    meaning: "mass of each free body; it does not follow from the size",
  },
  objectSize: { unit: "×", nominal: 1, least: 0.5, most: 1.5, meaning: "size of each free body" },
  friction: {
    unit: "×",
    nominal: 1,
    least: 0.05,
    most: 10,
    meaning: "friction of everything in the cell alike",
  },
  objectPosition: {
    unit: "m",
    nominal: 0,
    least: -0.1,
    most: 0.1,
    meaning: "moves where each free body starts, along x and y",
  },
  objectYaw: {
    unit: "rad",
    nominal: 0,
    least: -Math.PI,
    most: Math.PI,
    meaning: "turns where each free body starts, about the vertical",
  },
  toolStart: {
    unit: "m",
    nominal: 0,
    least: -0.1,
    most: 0.1,
    meaning: "moves where the tool starts, along each axis, within the workspace",
  },
  gripperForce: { unit: "×", nominal: 1, least: 0.05, most: 10, meaning: "greatest force of the fingers" },
  jointDamping: { unit: "×", nominal: 1, least: 0, most: 100, meaning: "viscous friction of each arm joint" },
  actuatorGain: {
    unit: "×",
    nominal: 1,
    least: 0.05,
    most: 10,
    meaning: "position and velocity gain of each arm joint's servo",
  },
  controlLatency: {
    unit: "s",
    nominal: 0,
    least: 0,
    most: Number.POSITIVE_INFINITY,
    meaning: "an action reaches the arm so much later, in whole physics steps",
  },
  observationDelay: {
    unit: "s",
    nominal: 0,
    least: 0,
    most: Number.POSITIVE_INFINITY,
    meaning: "an observation is so old, in whole control steps",
  },
  positionBias: {
    unit: "m",
    nominal: 0,
    least: -0.1,
    most: 0.1,
    meaning: "added to each observation entry in m, as by a badly measured camera pose",
  },
  positionNoise: {
    unit: "m or rad",
    nominal: 0,
    least: 0,
    most: 0.1,
    meaning: "standard deviation of noise at every step on observation entries in m and rad",
  },
  velocityNoise: {
    unit: "m/s or rad/s",
    nominal: 0,
    least: 0,
    most: 10,
    meaning: "standard deviation of noise at every step on observation entries in m/s and rad/s",
  },
  actionNoise: {
    unit: "1",
    nominal: 0,
    least: 0,
    most: 1,
    meaning: "standard deviation of noise at every step on action entries",
  },
  pushRate: {
    unit: "1/s",
    nominal: 0,
    least: 0,
    most: 100,
    meaning: "how often each free body is pushed on average, at random control steps",
  },
  pushImpulse: {
    unit: "N s",
    nominal: 0,
    least: 0,
    most: 10,
    meaning: "how hard, in a random direction along the table",
  },
} as const satisfies Readonly<Record<string, Quantity>>;

/** A name that a range may be given for. */
export type RandomizationName = keyof typeof QUANTITIES;

/** All of them. */
export const RANDOMIZATION_NAMES = Object.keys(QUANTITIES) as RandomizationName[];

/** Values are drawn uniformly from `low` to `high`. */
export interface ValueRange {
  /** Least value. */
  readonly low: number;
  /** Greatest value. */
  readonly high: number;
}

/** Ranges by name; what is not named stays as the environment was built. */
export type Randomization = Readonly<Partial<Record<RandomizationName, ValueRange>>>;

/** What a config may say: nothing, the preset, or ranges, a single number standing for a range without width. */
export type RandomizationSetting =
  | "none"
  | "default"
  | Readonly<Partial<Record<RandomizationName, ValueRange | readonly [number, number] | number>>>;

/**
 * The ranges that "default" stands for.
 *
 * Masses, sizes, friction, joint damping, gains, action noise and position noise and bias are those of OpenAI, "Learning
 * Dexterous In-Hand Manipulation" (2018), appendix B (sizes 0.95 to 1.05, masses 0.5 to 1.5, friction 0.7 to 1.3, damping 0.3
 * to 3, gains 0.75 to 1.5, noise of 5 % of the action and 1 to 2 mm, correlated 1 to 5 mm; all drawn uniformly here).
 * Observations are as old as pictures of a camera with 30 Hz, at 20 Hz of control a step late in a quarter of the episodes;
 * the control latency covers a network and a robot's own loop; the rest is ours. Poses of objects are left out: the tasks
 * draw them from all of their area anyway.
 */
export const DEFAULT_RANDOMIZATION: Randomization = {
  objectMass: { low: 0.5, high: 1.5 },
  objectSize: { low: 0.95, high: 1.05 },
  friction: { low: 0.7, high: 1.3 },
  toolStart: { low: -0.02, high: 0.02 },
  gripperForce: { low: 0.75, high: 1.25 },
  jointDamping: { low: 0.3, high: 3 },
  actuatorGain: { low: 0.75, high: 1.5 },
  controlLatency: { low: 0, high: 0.04 },
  observationDelay: { low: 0, high: 0.033 },
  positionBias: { low: -0.003, high: 0.003 },
  positionNoise: { low: 0, high: 0.002 },
  velocityNoise: { low: 0, high: 0.02 },
  actionNoise: { low: 0, high: 0.05 },
  pushRate: { low: 0, high: 0.5 },
  pushImpulse: { low: 0, high: 0.03 },
};

/** A range as a config gives it: low and high by name, as a pair, or one number for both. */
export const rangeSchema = z.union([
  z.strictObject({ low: z.number(), high: z.number() }),
  z.tuple([z.number(), z.number()]).transform(([low, high]) => ({ low, high })),
  z.number().transform((value) => ({ low: value, high: value })),
]);

/**
 * Return the ranges that `setting` stands for, undefined where it is "none".
 *
 * Throws a UsageError for unknown names and impossible ranges of the environment `id`; delays must be shorter than an
 * episode of `episodeSeconds`.
 */
export function parseRandomization(
  setting: unknown,
  { id, episodeSeconds }: { readonly id: string; readonly episodeSeconds: number },
): Randomization | undefined {
  if (setting === undefined || setting === "none") return undefined;
  if (setting === "default") return DEFAULT_RANDOMIZATION;
  if (typeof setting !== "object" || setting === null || Array.isArray(setting)) {
    const near = typeof setting === "string" ? didYouMean(setting, ["none", "default"]) : "";
    throw new UsageError(
      `Setting "randomization" of ${id} is ${JSON.stringify(setting)}. ${near}` +
        'Expected "none", "default", or ranges by name, for example {"friction": [0.7, 1.3]}.',
    );
  }
  const ranges: Partial<Record<RandomizationName, ValueRange>> = {};
  for (const [name, value] of Object.entries(setting)) {
    if (!isName(name)) {
      throw new UsageError(
        `Unknown setting "randomization.${name}" of ${id}. ${didYouMean(name, RANDOMIZATION_NAMES)}` +
          `It has: ${RANDOMIZATION_NAMES.join(", ")}.`,
      );
    }
    ranges[name] = parseRange(name, value, id);
  }
  for (const name of ["controlLatency", "observationDelay"] as const) {
    const longest = ranges[name]?.high ?? 0;
    if (longest < episodeSeconds) continue;
    throw new UsageError(
      `Setting "randomization.${name}" of ${id} goes up to ${longest} s, but an episode lasts ${episodeSeconds} s. Choose a shorter one.`,
    );
  }
  for (const [name, other] of [
    ["pushRate", "pushImpulse"],
    ["pushImpulse", "pushRate"],
  ] as const) {
    if (!ranges[name] || ranges[other]) continue;
    const { low, high } = DEFAULT_RANDOMIZATION[other]!;
    throw new UsageError(
      `Setting "randomization.${name}" of ${id} does nothing without "randomization.${other}". Give both, for example ${other} [${low}, ${high}] ${QUANTITIES[other].unit}.`,
    );
  }
  return Object.keys(ranges).length > 0 ? ranges : undefined;
}

/** Shrink a range towards the value without randomisation: all of it at difficulty 1, nothing at 0. */
export function scaleRange(
  name: RandomizationName,
  { low, high }: ValueRange,
  difficulty: number,
): ValueRange {
  if (difficulty === 1) return { low, high };
  const { nominal } = QUANTITIES[name];
  return { low: nominal + difficulty * (low - nominal), high: nominal + difficulty * (high - nominal) };
}

function parseRange(name: RandomizationName, value: unknown, id: string): ValueRange {
  const { unit, least, most } = QUANTITIES[name];
  const path = `Setting "randomization.${name}" of ${id}`;
  const parsed = rangeSchema.safeParse(value);
  if (!parsed.success) {
    const { low, high } = DEFAULT_RANDOMIZATION[name] ?? { low: -0.01, high: 0.01 };
    throw new UsageError(
      `${path} is ${JSON.stringify(value)}, expected a range like [${low}, ${high}] or one number (unit: ${unit}).`,
    );
  }
  const { low, high } = parsed.data;
  if (low > high) throw new UsageError(`${path} runs from ${low} to ${high}: the first must not be greater.`);
  for (const end of [low, high]) {
    if (end >= least && end <= most) continue;
    const expected = Number.isFinite(most) ? `${round(least)} to ${round(most)}` : `at least ${least}`;
    throw new UsageError(`${path} holds ${end}, expected values of ${expected} (unit: ${unit}).`);
  }
  return parsed.data;
}

function isName(name: string): name is RandomizationName {
  return Object.hasOwn(QUANTITIES, name);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

// What values the settings of an agent may have, each on its own and together.
import {
  type NumberRange,
  rangeUnit,
  requireInRange,
  type SettingRanges,
} from "../env/settings/setting-range.js";
import { UsageError } from "../math/usage-error.js";
import { ENCODER_NAMES } from "../nn/image-encoder.js";
import type { DistillationSettings } from "./imitation/dagger-settings.js";
import type {
  AlgorithmSettings,
  NetworkSettings,
  PpoSettings,
  ValidationSettings,
} from "./ppo/ppo-settings.js";
import { sequenceStarts } from "./rollout/sequence-starts.js";

const STEPS: NumberRange = { least: 1, most: 1e12, whole: true, unit: "steps" };
const SHARE: NumberRange = { least: 0, most: 1 };
/** Logarithm of a standard deviation, within what Stable-Baselines3 keeps it in. */
const LOG_STD: NumberRange = { least: -20, most: 2 };
const RATE: NumberRange = { above: 0, most: 1 };

type Ranges<Settings> = Readonly<
  Record<
    {
      [Name in keyof Settings]-?: NonNullable<Settings[Name]> extends number | string ? Name : never;
    }[keyof Settings],
    NumberRange | readonly string[]
  >
>;

const NETWORK_RANGES: Ranges<NetworkSettings> = {
  hiddenSize: { least: 1, most: 4096, whole: true },
  initialLogStd: LOG_STD,
  minLogStd: LOG_STD,
  memory: ["lstm", "gru", "none"],
  chronoSpan: { least: 0, most: 1e6, whole: true, unit: "steps" },
  encoder: ENCODER_NAMES,
};

const ALGORITHM_RANGES: Ranges<AlgorithmSettings> = {
  totalSteps: STEPS,
  numEnvs: { least: 1, most: 4096, whole: true },
  envsPerGroup: { least: 1, most: 4096, whole: true },
  numSteps: { least: 1, most: 65_536, whole: true, unit: "steps" },
  numEpochs: { least: 1, most: 1000, whole: true },
  numMinibatches: { least: 1, most: 65_536, whole: true },
  gamma: SHARE,
  gaeLambda: SHARE,
  clipCoef: { above: 0, most: 10 },
  entropyCoef: { least: 0, most: 100 },
  valueCoef: { least: 0, most: 1000 },
  maxGradNorm: { above: 0, most: 1e6 },
  learningRate: RATE,
  learningRateSchedule: ["kl", "linear", "constant"],
  targetKl: { above: 0, most: 100 },
  rewardScale: { above: 0, most: 1e6 },
  criticWarmupIterations: { least: 0, most: 1e6, whole: true, unit: "iterations" },
  sequenceLength: { least: 1, most: 65_536, whole: true, unit: "steps" },
  burnIn: { least: 0, most: 65_536, whole: true, unit: "steps" },
  auxiliaryCoef: { least: 0, most: 1000 },
  bcEpochs: { least: 0, most: 100_000, whole: true },
};

const VALIDATION_RANGES: Ranges<ValidationSettings> = {
  evalInterval: STEPS,
  validationEpisodes: { least: 1, most: 100_000, whole: true, unit: "episodes" },
  stopAtSuccess: { least: 0, most: 10 },
  settledSuccess: { least: 0, most: 10 },
};

const PPO_RANGES: Ranges<PpoSettings> = { ...NETWORK_RANGES, ...ALGORITHM_RANGES, ...VALIDATION_RANGES };

const DISTILLATION_RANGES: Ranges<DistillationSettings> = {
  numUpdates: { least: 1, most: 1e6, whole: true },
  batchSize: { least: 1, most: 1_048_576, whole: true, unit: "steps" },
  bufferSize: { least: 1, most: 4_194_304, whole: true, unit: "steps" },
  finalLearningRate: RATE,
  noise: { least: 0, most: 2 },
  teacherIterations: { least: 1, most: 1e6, whole: true, unit: "iterations" },
};

/** Steps of all environments that a rollout may hold: they are kept in memory. */
const LARGEST_ROLLOUT = 4_194_304;

/** Throw a UsageError where a setting is out of its range, or settings do not fit together. */
export function validateSettings(settings: PpoSettings): void {
  const { numEnvs, envsPerGroup, numSteps, numMinibatches } = settings;
  requireRanges(settings);
  if (numEnvs % envsPerGroup !== 0) {
    throw new UsageError(
      `Setting "numEnvs" is ${numEnvs}, expected a multiple of envsPerGroup (${envsPerGroup}).`,
    );
  }
  validateSequences(settings);
  if (settings.sequenceLength === undefined && (numEnvs * numSteps) % numMinibatches !== 0) {
    throw new UsageError(
      `Setting "numMinibatches" is ${numMinibatches}, expected a divisor of numEnvs * numSteps (${numEnvs * numSteps}).`,
    );
  }
}

/** Throw a UsageError where a setting is out of its own range; what is not set is not looked at. */
export function requireSettingRanges(settings: Partial<PpoSettings>): void {
  const nameOf = (path: string) => `Setting "${path}"`;
  requireInRange(settings, PPO_RANGES, nameOf);
  if (settings.distillation)
    requireInRange(settings.distillation, DISTILLATION_RANGES, (path) => nameOf(`distillation.${path}`));
}

/** Name the unit of an agent's setting, by its path; undefined for a number without one, and for words. */
export function settingUnit(path: string): string | undefined {
  const [name, inner] = path.split(".") as [string, string | undefined];
  const ranges: SettingRanges = inner === undefined ? PPO_RANGES : DISTILLATION_RANGES;
  if (inner !== undefined && name !== "distillation") return undefined;
  return rangeUnit(ranges, inner ?? name);
}

/** The groups of an agent's settings, in the order that they are listed in. */
export const SETTING_GROUPS = ["network", "algorithm", "validation"] as const;

/** Say which group an agent's setting belongs to, by its path. */
export function settingGroup(path: string): (typeof SETTING_GROUPS)[number] {
  const name = path.split(".")[0]!;
  if (Object.hasOwn(NETWORK_RANGES, name)) return "network";
  return Object.hasOwn(VALIDATION_RANGES, name) ? "validation" : "algorithm";
}

function requireRanges(settings: PpoSettings): void {
  requireSettingRanges(settings);
  const { numEnvs, numSteps } = settings;
  if (numEnvs * numSteps <= LARGEST_ROLLOUT) return;
  throw new UsageError(
    `Setting "numSteps" is ${numSteps}, which with numEnvs ${numEnvs} makes a rollout of ${numEnvs * numSteps} steps, ` +
      `expected at most ${LARGEST_ROLLOUT}. Choose fewer of either.`,
  );
}

function validateSequences(settings: PpoSettings): void {
  const { numEnvs, numSteps, numMinibatches, sequenceLength, burnIn = 0 } = settings;
  if (sequenceLength === undefined) return;
  if (!(Number.isInteger(sequenceLength) && sequenceLength >= 1 && sequenceLength <= numSteps)) {
    throw new UsageError(
      `Setting "sequenceLength" is ${sequenceLength}, expected a whole number from 1 to numSteps (${numSteps}).`,
    );
  }
  if (!(Number.isInteger(burnIn) && burnIn >= 0 && burnIn < sequenceLength)) {
    throw new UsageError(
      `Setting "burnIn" is ${burnIn}, expected a whole number from 0 to ${sequenceLength - 1}, below sequenceLength.`,
    );
  }
  const stride = sequenceLength - burnIn;
  if ((numSteps - sequenceLength) % stride !== 0) {
    throw new UsageError(
      `Setting "numSteps" is ${numSteps}, expected sequenceLength (${sequenceLength}) and a multiple of ` +
        `sequenceLength - burnIn (${stride}) more: sequences must cover a rollout exactly.`,
    );
  }
  const numSequences = numEnvs * sequenceStarts(settings).length;
  if (numSequences % numMinibatches !== 0) {
    throw new UsageError(
      `Setting "numMinibatches" is ${numMinibatches}, expected a divisor of the number of sequences (${numSequences}).`,
    );
  }
}

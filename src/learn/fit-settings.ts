// What values the settings of a fit may have.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { FitSettings } from "./predictor.js";

interface Range {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
  /** Whether `least` itself is refused. */
  readonly isAbove?: boolean;
}

const SCHEDULES = ["constant", "linear", "cosine"] as const;

const RANGES: Readonly<Record<Exclude<keyof FitSettings, "schedule">, Range>> = {
  epochs: { least: 1, most: 1e6, isWhole: true },
  batchSize: { least: 1, most: 65_536, isWhole: true },
  learningRate: { least: 0, most: 10, isAbove: true },
  finalRate: { least: 0, most: 1 },
  warmup: { least: 0, most: 1 },
  weightDecay: { least: 0, most: 10 },
  maxGradNorm: { least: 0, most: 1e6 },
  patience: { least: 0, most: 1e6, isWhole: true },
};

/**
 * Throw a UsageError that names the first setting that is missing or out of its range; settings of a predictor's own pass.
 *
 * @throws UsageError.
 */
export function requireFitSettings(settings: FitSettings): void {
  for (const [name, { least, most, isWhole, isAbove }] of Object.entries(RANGES)) {
    const value: unknown = settings[name as keyof typeof RANGES];
    const isNumber = typeof value === "number" && (isAbove ? value > least : value >= least) && value <= most;
    if (isNumber && (!isWhole || Number.isInteger(value))) continue;
    throw new UsageError(
      `The setting ${name} is ${JSON.stringify(value)}, expected a ${isWhole ? "whole " : ""}number ${isAbove ? `above ${least} and at most` : `from ${least} to`} ${most}.`,
    );
  }
  if (SCHEDULES.includes(settings.schedule)) return;
  throw new UsageError(
    `The setting schedule is ${JSON.stringify(settings.schedule)}. ${didYouMean(String(settings.schedule), SCHEDULES)}Expected one of: ${SCHEDULES.join(", ")}.`,
  );
}

/**
 * Throw a UsageError where a fit that began with `before` cannot go on with `settings` to the same bits: all must be as they were, but
 * how long a constant rate goes on.
 */
export function requireSameSettings(before: FitSettings, settings: FitSettings): void {
  const mayChange = [
    "patience",
    ...(before.schedule === "constant" && before.warmup === 0 ? ["epochs"] : []),
  ];
  for (const name of [...Object.keys(RANGES), "schedule"] as (keyof FitSettings)[]) {
    if (mayChange.includes(name) || before[name] === settings[name]) continue;
    throw new UsageError(
      `The setting ${name} is ${settings[name]}, but the fit began with ${before[name]} and cannot go on with another. Start a new one.`,
    );
  }
}

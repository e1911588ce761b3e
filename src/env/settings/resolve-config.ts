// The config of an environment: its defaults with what is overridden, each within its range.
import { UsageError } from "../../math/usage-error.js";
import type { EnvConfig, EnvDefinition } from "../env-definition.js";
import type { Simulation } from "../simulation.js";
import { mergeConfig } from "./merge-config.js";
import { frozenCopy } from "./plain-data.js";
import { requireInRange, requireKnownRanges, type SettingRanges } from "./setting-range.js";

/** Longest episode, control steps: at 20 Hz almost six days. */
const LONGEST = 10_000_000;

/** Of what every config holds. */
export const COMMON_RANGES: SettingRanges = {
  rewardMode: ["dense", "sparse"],
  rewardWeights: { least: -1e6, most: 1e6 },
};

/**
 * Return a frozen copy of the defaults of `definition` with the values of `overrides`.
 *
 * Throws a UsageError for a setting that there is not, one of another type or out of its range, and for a definition that
 * cannot be: a length of episodes that is no whole number, a range of a setting that there is not.
 */
export function resolveConfig<Scene extends { readonly simulation: Simulation }, Config extends EnvConfig>(
  definition: EnvDefinition<Scene, Config>,
  overrides: Readonly<Record<string, unknown>>,
): Config {
  const { id, defaults, ranges = {}, maxEpisodeSteps } = definition;
  if (!Number.isInteger(maxEpisodeSteps) || maxEpisodeSteps < 1 || maxEpisodeSteps > LONGEST) {
    throw new UsageError(
      `${id}: maxEpisodeSteps is ${maxEpisodeSteps}, expected a whole number from 1 to ${LONGEST}, in control steps.`,
    );
  }
  requireKnownRanges(defaults, ranges, id);
  const config = mergeConfig(fittedDefaults(definition, overrides), overrides, id);
  requireInRange(config, { ...COMMON_RANGES, ...ranges }, (path) => `Setting "${path}" of ${id}`);
  return frozenCopy(config);
}

/** Return the defaults of `definition` where `overrides` hold: with those that depend on other settings. */
export function fittedDefaults<Scene extends { readonly simulation: Simulation }, Config extends EnvConfig>(
  { id, defaults, fitted }: EnvDefinition<Scene, Config>,
  overrides: Readonly<Record<string, unknown>>,
): Config {
  if (!fitted) return defaults;
  return { ...defaults, ...fitted(mergeConfig(defaults, overrides, id)) };
}

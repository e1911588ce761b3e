// Settings of a source: its defaults with what the user said.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { DataSource, PlainSettings } from "./data-source.js";

/**
 * Return the settings of a source: its defaults, and over them `overrides`.
 *
 * @throws UsageError where there is no such setting, or it is of another type than its default.
 * @example
 * const settings = sourceSettings(dataSources["cmapss-fd001"]!, { cap: 130 });
 */
export function sourceSettings(
  { id, settings }: Pick<DataSource, "id" | "settings">,
  overrides: Readonly<Record<string, unknown>>,
): PlainSettings {
  for (const [name, value] of Object.entries(overrides)) {
    const known = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (known === undefined)
      throw new UsageError(
        `The data "${id}" has no setting "${name}". ${didYouMean(name, Object.keys(settings))}It has: ${Object.keys(settings).join(", ") || "none"}.`,
      );
    if (typeof value !== typeof known || (typeof value === "number" && !Number.isFinite(value)))
      throw new UsageError(
        `The setting "${name}" of the data "${id}" is ${JSON.stringify(value)}, expected a ${typeof known}, for example ${known}.`,
      );
  }
  return { ...settings, ...(overrides as PlainSettings) };
}

/** Return the number `name` of settings; throws a UsageError where it is not from `least` to `most`. */
export function numberSetting(settings: PlainSettings, name: string, least: number, most: number): number {
  const value = settings[name];
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new UsageError(`The setting "${name}" is ${value}, expected a number from ${least} to ${most}.`);
}

/** Return the whole number `name` of settings; throws a UsageError where it is none from `least` to `most`. */
export function wholeSetting(settings: PlainSettings, name: string, least: number, most: number): number {
  const value = settings[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(
    `The setting "${name}" is ${value}, expected a whole number from ${least} to ${most}.`,
  );
}

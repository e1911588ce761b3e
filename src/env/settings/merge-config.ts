// Plain-data configs: defaults overridden by some of their keys, and nothing that is not there.
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";

/** Settings that take several forms: replaced as a whole, and checked by what reads them. */
export const WHOLE = ["randomization", "curriculum", "visualRandomization", "kwargs"];

type Plain = Readonly<Record<string, unknown>>;

/**
 * Return `defaults` with the values of `overrides`, objects merged key by key.
 *
 * Throws a UsageError for a key that `defaults` lacks and for a value of another type; `where` names the config.
 */
export function mergeConfig<Config extends object>(
  defaults: Config,
  overrides: Plain,
  where: string,
): Config {
  const result: Record<string, unknown> = { ...(defaults as Plain) };
  for (const [key, value] of Object.entries(overrides)) {
    if (!Object.hasOwn(result, key)) {
      const hint = didYouMean(key, Object.keys(result));
      throw new UsageError(
        `Unknown setting "${key}" of ${where}. ${hint}It has: ${Object.keys(result).join(", ")}.`,
      );
    }
    const old = result[key];
    if (WHOLE.includes(key)) result[key] = value;
    else if (isPlain(old) && isPlain(value)) result[key] = mergeConfig(old, value, `${where}, ${key}`);
    else if (kindOf(old) !== kindOf(value)) {
      throw new UsageError(
        `Setting "${key}" of ${where} is ${shown(value)}, expected ${kindOf(old)} like ${JSON.stringify(old)}.`,
      );
    } else if (typeof value === "number" && !Number.isFinite(value)) {
      throw new UsageError(`Setting "${key}" of ${where} is ${value}, expected a finite number.`);
    } else if (isListOfNumbers(old) && !isListOfNumbers(value)) {
      throw new UsageError(
        `Setting "${key}" of ${where} is ${shown(value)}, expected a list of finite numbers like ${JSON.stringify(old)}.`,
      );
    } else result[key] = value;
  }
  return result as Config;
}

/**
 * Turn texts "solver.iterations=10" into overrides for `mergeConfig`.
 *
 * Values are JSON where they parse as JSON, else text. Throws a UsageError where "=" or the path is missing.
 */
export function parseSettings(settings: readonly string[]): Record<string, unknown> {
  const result = emptyRecord();
  for (const setting of settings) {
    const split = setting.indexOf("=");
    const path = setting.slice(0, Math.max(split, 0)).split(".");
    if (split < 1 || path.some((key) => key === "")) {
      throw new UsageError(
        `The setting "${setting}" is not of the form path=value, for example solver.iterations=10.`,
      );
    }
    let target = result;
    for (const key of path.slice(0, -1)) {
      target[key] = isPlain(target[key]) ? Object.assign(emptyRecord(), target[key]) : emptyRecord();
      target = target[key] as Record<string, unknown>;
    }
    target[path.at(-1)!] = parseValue(setting.slice(split + 1));
  }
  return result;
}

/** A record that inherits nothing: in it "__proto__" is a name like any other, and an unknown setting. */
function emptyRecord(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Return whether a value is settings by name, not a list or a single value. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isFinite);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return "nothing";
  return typeof value === "object" ? "settings" : `a ${typeof value}`;
}

/** A value as a message shows it: what JSON lacks by its own name. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

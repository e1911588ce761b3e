// Plain-data configs: defaults overridden by some of their keys, and nothing that is not there.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";

/** Settings that take several forms: replaced as a whole, and checked by what reads them. */
const WHOLE = ["randomization", "curriculum", "visualRandomization"];

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
    else if (typeof old !== typeof value || Array.isArray(old) !== Array.isArray(value)) {
      const got = JSON.stringify(value);
      throw new UsageError(
        `Setting "${key}" of ${where} is ${got}, expected ${kindOf(old)} like ${JSON.stringify(old)}.`,
      );
    } else if (typeof value === "number" && !Number.isFinite(value)) {
      throw new UsageError(`Setting "${key}" of ${where} is ${value}, expected a finite number.`);
    } else result[key] = value;
  }
  return result as Config;
}

/**
 * Turn `--set` options ("solver.iterations=10") into overrides for `mergeConfig`.
 *
 * Values are JSON where they parse as JSON, else text. Throws a UsageError where "=" or the path is missing.
 */
export function parseSettings(settings: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const setting of settings) {
    const split = setting.indexOf("=");
    const path = setting.slice(0, Math.max(split, 0)).split(".");
    if (split < 1 || path.some((key) => key === "")) {
      throw new UsageError(
        `--set "${setting}" is not of the form path=value, for example --set solver.iterations=10.`,
      );
    }
    let target = result;
    for (const key of path.slice(0, -1)) {
      if (!isPlain(target[key])) target[key] = {};
      target = target[key] as Record<string, unknown>;
    }
    target[path.at(-1)!] = parseValue(setting.slice(split + 1));
  }
  return result;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "settings" : `a ${typeof value}`;
}

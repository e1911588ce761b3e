// What values settings may have: declared beside their defaults, checked wherever settings come from.
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";

/** What a number may be. */
export interface NumberRange {
  /** Inclusive lower bound. */
  readonly least?: number;
  /** Inclusive upper bound. */
  readonly most?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  /** Whether only whole numbers are accepted; default false. */
  readonly whole?: boolean;
  /** For messages, for example "Hz". */
  readonly unit?: string;
}

/**
 * Ranges by the path of a setting, for example "solver.iterations"; that of a list or of a group of settings holds for every
 * number in it. A list of words: the setting is one of them.
 */
export type SettingRanges = Readonly<Record<string, NumberRange | readonly string[]>>;

/**
 * Throw a UsageError where a setting is out of its range; what is not set is not looked at.
 *
 * `nameOf` puts a path into words, for example `Setting "solver.iterations" of Reach-v1`.
 */
export function requireInRange(
  settings: object,
  ranges: SettingRanges,
  nameOf: (path: string) => string,
): void {
  for (const [path, range] of Object.entries(ranges)) check(path, valueAt(settings, path), range, nameOf);
}

/** Throw a UsageError where a range of `owner` is of a setting that its `defaults` lack. */
export function requireKnownRanges(defaults: object, ranges: SettingRanges, owner: string): void {
  for (const path of Object.keys(ranges)) {
    if (valueAt(defaults, path) !== undefined) continue;
    throw new UsageError(
      `${owner} has a range for "${path}", but no such setting. ${didYouMean(path, Object.keys(defaults))}`.trimEnd(),
    );
  }
}

/** Name the unit of the setting at `path`, or of the list or group that it is in; undefined where none is declared. */
export function rangeUnit(ranges: SettingRanges, path: string): string | undefined {
  const range = ranges[path];
  if (range !== undefined) return isWords(range) ? undefined : range.unit;
  const group = path.lastIndexOf(".");
  return group < 0 ? undefined : rangeUnit(ranges, path.slice(0, group));
}

/** Put what a range allows into words: "a whole number from 1 to 100". */
export function describeRange({ least, most, above, whole = false, unit }: NumberRange): string {
  const kind = whole ? "a whole number" : "a number";
  const upTo = most === undefined ? "" : `at most ${most}`;
  const bounds =
    above !== undefined
      ? [` above ${above}`, upTo && `, ${upTo}`]
      : least === undefined
        ? [upTo && ` of ${upTo}`]
        : [most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`];
  return `${kind}${bounds.join("")}${unit === undefined ? "" : `, in ${unit}`}`;
}

function check(
  path: string,
  value: unknown,
  range: NumberRange | readonly string[],
  nameOf: (path: string) => string,
): void {
  if (value === undefined) return;
  if (isWords(range)) {
    if (range.includes(value as string)) return;
    const words = range.map((word) => JSON.stringify(word));
    const expected = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
    const near = typeof value === "string" ? didYouMean(value, range) : "";
    throw new UsageError(
      `${nameOf(path)} is ${JSON.stringify(value)}, expected ${expected}. ${near}`.trimEnd(),
    );
  }
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) check(`${path}.${key}`, inner, range, nameOf);
    return;
  }
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, above, whole = false } = range;
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    value >= least &&
    value <= most &&
    (above === undefined || value > above) &&
    (!whole || Number.isInteger(value));
  if (fits) return;
  const got = typeof value === "number" ? value : JSON.stringify(value);
  throw new UsageError(`${nameOf(path)} is ${got}, expected ${describeRange(range)}.`);
}

function isWords(range: NumberRange | readonly string[]): range is readonly string[] {
  return Array.isArray(range);
}

function valueAt(settings: object, path: string): unknown {
  let value: unknown = settings;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

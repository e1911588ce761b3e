// Settings in layers, each over those below it, and where every value comes from.
import { isPlain, mergeConfig, WHOLE } from "./merge-config.js";

type Plain = Readonly<Record<string, unknown>>;

/** Some settings, and where they come from. */
export interface SettingsLayer<Origin extends string> {
  readonly origin: Origin;
  readonly values: Plain;
}

/** Origin of each value by its path ("solver.iterations"); a value without one is a default. */
export type Origins<Origin extends string> = Readonly<Record<string, Origin>>;

/**
 * Return `defaults` with the values of `layers`, the last on top, and the origin of each value.
 *
 * Groups of settings are merged key by key. Throws a UsageError for a setting that `defaults` lack and for a value of another
 * type; `where` names the settings.
 */
export function mergeLayers<Config extends object, Origin extends string>(
  defaults: Config,
  layers: readonly SettingsLayer<Origin>[],
  where: string,
): { readonly values: Config; readonly origins: Origins<Origin> } {
  let merged = defaults;
  const origins: Record<string, Origin> = {};
  for (const { origin, values } of layers) {
    merged = mergeConfig(merged, values, where);
    Object.assign(origins, originsOf(values, origin));
  }
  return { values: merged, origins };
}

/** Say of each value of `settings` that it comes from `origin`. */
export function originsOf<Origin extends string>(settings: Plain, origin: Origin): Origins<Origin> {
  return Object.fromEntries(settingLeaves(settings).map(([path]) => [path, origin]));
}

/** Put `upper` over `lower`, groups of settings key by key; neither is checked. */
export function overlay(lower: Plain = {}, upper: Plain = {}): Record<string, unknown> {
  const result: Record<string, unknown> = Object.assign(Object.create(null), lower);
  for (const [key, value] of Object.entries(upper)) {
    const old = result[key];
    result[key] = isPlain(old) && isPlain(value) && !WHOLE.includes(key) ? overlay(old, value) : value;
  }
  return result;
}

/** List the values of `settings` by their paths: groups are gone into, lists and what is replaced as a whole are not. */
export function settingLeaves(settings: Plain, above = ""): [path: string, value: unknown][] {
  return Object.entries(settings).flatMap(([key, value]): [string, unknown][] => {
    const path = above + key;
    const isGroup = isPlain(value) && Object.keys(value).length > 0 && !WHOLE.includes(key);
    return isGroup ? settingLeaves(value, `${path}.`) : [[path, value]];
  });
}

/** Put values by their paths together as settings again. */
export function fromLeaves(
  leaves: Iterable<readonly [path: string, value: unknown]>,
): Record<string, unknown> {
  let settings: Record<string, unknown> = {};
  for (const [path, value] of leaves) settings = overlay(settings, nested(path.split("."), value));
  return settings;
}

function nested([key, ...inner]: readonly string[], value: unknown): Plain {
  // it inherits nothing: "__proto__" is a name like any other
  return { __proto__: null, [key!]: inner.length === 0 ? value : nested(inner, value) } as Plain;
}

// Settings of agents under the names that they had in earlier versions.
import { UsageError } from "../../math/usage-error.js";

/** Present names by former ones. */
const RENAMED_SETTINGS = {
  cloneEpochs: "bcEpochs",
  criticIterations: "criticWarmupIterations",
  freezeStatistics: "freezeNormalizer",
  groupSize: "envsPerGroup",
  memorySpan: "chronoSpan",
  validationInterval: "evalInterval",
} as const satisfies Readonly<Record<string, string>>;

/** Return the present name of a setting; one that was never renamed has the name given. */
export function presentName(name: string): string {
  return Object.hasOwn(RENAMED_SETTINGS, name)
    ? RENAMED_SETTINGS[name as keyof typeof RENAMED_SETTINGS]
    : name;
}

/**
 * Return `settings` by their present names.
 *
 * Throws a UsageError where a setting is given by both names.
 */
export function withPresentNames<Value>(settings: Readonly<Record<string, Value>>): Record<string, Value> {
  // it inherits nothing: "__proto__" is a name like any other
  const result: Record<string, Value> = Object.create(null);
  for (const [name, value] of Object.entries(settings)) {
    const present = presentName(name);
    if (present !== name && Object.hasOwn(settings, present))
      throw new UsageError(
        `Setting "${name}" is called "${present}" now, and both are given. Leave "${name}" out.`,
      );
    result[present] = value;
  }
  return result;
}

// From the numbers of a policy, which run from -1 to 1, to what a simulation declares.
import { UsageError } from "../math/usage-error.js";
import type { ActionEntry } from "../spaces/action-entry.js";

/** What an environment takes, and how it becomes what its simulation takes. */
export interface ActionScaling {
  /** All from -1 to 1; `scale` and `offset` lead to the physical value. */
  readonly entries: readonly ActionEntry[];
  /** Return `action` as the simulation takes it: itself where that runs from -1 to 1, too. Overwritten by the next call. */
  apply(action: Float32Array): Float32Array;
}

/**
 * Return how actions from -1 to 1 reach the entries that the simulation of environment `id` declares.
 *
 * -1 becomes an entry's `low`, 1 its `high`. Throws a UsageError where there is no entry, one is no number with finite
 * bounds, or a name stands twice.
 */
export function actionScaling(id: string, declared: readonly Partial<ActionEntry>[]): ActionScaling {
  if (!Array.isArray(declared) || declared.length === 0) {
    throw new UsageError(
      `${id}: the simulation has no action entries, expected at least one. List them as its actionEntries.`,
    );
  }
  const whole = declared.map((entry, index) => wholeEntry(id, entry, index, declared));
  const entries = whole.map((entry) => {
    const [half, centre] = [(entry.high - entry.low) / 2, (entry.high + entry.low) / 2];
    const { scale, offset } = entry;
    return { ...entry, low: -1, high: 1, scale: scale * half, offset: scale * centre + offset };
  });
  if (whole.every(({ low, high }) => low === -1 && high === 1))
    return { entries: whole, apply: (action) => action };
  const scaled = new Float32Array(whole.length);
  return {
    entries,
    apply(action) {
      for (const [k, { low, high }] of whole.entries())
        scaled[k] = (high + low) / 2 + ((high - low) / 2) * action[k]!;
      return scaled;
    },
  };
}

function wholeEntry(
  id: string,
  entry: Partial<ActionEntry> & { readonly kind?: string },
  index: number,
  all: readonly Partial<ActionEntry>[],
): ActionEntry {
  const { name, unit = "1", low, high, meaning = "", scale = 1, offset = 0 } = entry;
  if (typeof name !== "string" || name === "")
    throw new UsageError(`${id}: action entry ${index} has no name. Give each entry one of its own.`);
  const refuse = (message: string) => new UsageError(`${id}: action entry ${index} ("${name}") ${message}`);
  if (all.findIndex((other) => other.name === name) < index)
    throw refuse("has the name of another one. Give each entry its own.");
  if (entry.kind !== undefined && entry.kind !== "box") {
    throw refuse(
      `is "${entry.kind}", expected a number with low and high: policies here give numbers. Choose by its sign, or by the largest of several.`,
    );
  }
  if (!(Number.isFinite(low) && Number.isFinite(high) && low! < high!)) {
    throw refuse(
      `runs from ${String(low)} to ${String(high)}, expected finite bounds, low below high: actions from -1 to 1 are scaled to them.`,
    );
  }
  if (!(Number.isFinite(scale) && Number.isFinite(offset)))
    throw refuse(`has scale ${scale} and offset ${offset}, expected finite numbers.`);
  return { name, unit, low: low!, high: high!, meaning, scale, offset };
}

// The action handed to a step: checked, clipped and copied.
import { UsageError } from "../math/usage-error.js";
import type { EnvInfo } from "./env.js";

/**
 * Copy the action at `offset` into `out`, clipped to -1 to 1, and return how many entries were clipped.
 *
 * Throws a UsageError for too few entries and for what is no finite number; `id` and `entries` name them.
 */
export function takeAction(
  given: ArrayLike<number>,
  offset: number,
  out: Float32Array,
  { id, action: entries }: Pick<EnvInfo, "id" | "action">,
): number {
  const size = out.length;
  if (given.length < offset + size) {
    throw new UsageError(`${id}: the action has ${given.length - offset} entries, expected ${size}.`);
  }
  let clipped = 0;
  for (let k = 0; k < size; k++) {
    const value = given[offset + k]!;
    if (!Number.isFinite(value)) {
      const { name } = entries[k]!;
      throw new UsageError(`${id}: action entry ${k} (${name}) is ${value}, expected a number from -1 to 1.`);
    }
    if (value < -1 || value > 1) clipped++;
    out[k] = value < -1 ? -1 : value > 1 ? 1 : value;
  }
  return clipped;
}

// What a policy is given and what it answers, checked number by number: a robot must not move by what is no number.
import { UsageError } from "../math/usage-error.js";

/** An entry of an observation or an action. */
interface NamedEntry {
  readonly name: string;
  readonly unit: string;
}

/**
 * Return an observation as float32, [O].
 *
 * Throws a UsageError that names the entry, its unit, the value got and what was expected, where there are fewer than
 * `least` (default: one per entry) or more than `entries`, or where one is not a finite number that float32 can hold.
 */
export function requireReadings(
  observation: ArrayLike<number>,
  entries: readonly NamedEntry[],
  least = entries.length,
): Float32Array {
  const length: unknown = (observation as ArrayLike<number> | null | undefined)?.length;
  if (typeof observation !== "object" || typeof length !== "number")
    throw new UsageError(
      `The observation is ${described(observation)}, expected a list of ${entries.length} numbers.`,
    );
  if (length < least || length > entries.length) {
    const needs = least === entries.length ? `${least}` : `${least} to ${entries.length}`;
    const missing = length < least ? `, and ${named(entries[length]!)} is the first that is missing` : "";
    throw new UsageError(`The observation has ${length} entries, the policy needs ${needs}${missing}.`);
  }
  const readings = new Float32Array(length);
  for (let k = 0; k < length; k++) {
    const value: unknown = observation[k];
    if (typeof value !== "number" || !Number.isFinite(Math.fround(value)))
      throw new UsageError(
        `Observation entry ${k}, ${named(entries[k]!)}, is ${described(value)}, expected a finite number.`,
      );
    readings[k] = value;
  }
  return readings;
}

/** Throw a UsageError that names the first byte of an image that is not a number from 0 to 255. */
export function requireImageBytes(image: ArrayLike<number>): void {
  if (image instanceof Uint8Array) return;
  for (let k = 0; k < image.length; k++) {
    const value: unknown = image[k];
    if (typeof value === "number" && value >= 0 && value <= 255) continue;
    throw new UsageError(`Byte ${k} of the image is ${described(value)}, expected a number from 0 to 255.`);
  }
}

/** Throw a UsageError that names the first entry of an answer that is not finite; `source` is what answered. */
export function requireFiniteAnswer(
  answer: ArrayLike<number>,
  entries: readonly NamedEntry[],
  source: string,
): void {
  for (const [k, entry] of entries.entries()) {
    if (Number.isFinite(answer[k])) continue;
    throw new UsageError(
      `${source} answers ${answer[k]} for action entry ${k}, ${named(entry)}: its parameters are damaged. Make it again from the run.`,
    );
  }
}

function named({ name, unit }: NamedEntry): string {
  return `"${name}" (${unit})`;
}

function described(value: unknown): string {
  return typeof value === "string" ? `the text ${JSON.stringify(value)}` : String(value);
}

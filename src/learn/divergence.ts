// Training that diverged: detected before it spoils what is kept, and reported with the settings in force.
import type { Arrays } from "../compile/engines/engine.js";
import { UsageError } from "../math/usage-error.js";

/** Thrown by an optimiser whose update came to something that is not finite; the parameters stay as they were before it. */
export class DivergedUpdate extends Error {
  /** What was not finite, for example "valueLoss is NaN". */
  readonly what: string;
  /** Updates before this one. */
  readonly updates: number;

  constructor(what: string, updates: number) {
    super(`update ${updates + 1}: ${what}`);
    this.what = what;
    this.updates = updates;
  }
}

/** Thrown where training diverged; the same settings would come to the same again. */
export class DivergenceError extends UsageError {}

/** Throw a DivergedUpdate where a loss, the gradient's norm or a parameter that an update gave is not finite. */
export function requireConverging(outputs: Arrays, updates: number): void {
  for (const [name, values] of Object.entries(outputs)) {
    if (values.length === 1 && !Number.isFinite(values[0]))
      throw new DivergedUpdate(`${name} is ${values[0]}`, updates);
  }
  for (const name of ["nextParameters", "nextFirstMoment", "nextSecondMoment"] as const) {
    const bad = firstNotFinite(outputs[name]!);
    if (bad < 0) continue;
    const what = name === "nextParameters" ? "parameter" : "moment of the gradient of parameter";
    throw new DivergedUpdate(`${what} ${bad} is ${outputs[name]![bad]}`, updates);
  }
}

/** Return the index of the first number that is not finite; -1 where all are. */
export function firstNotFinite(values: ArrayLike<number>): number {
  let sum = 0;
  // the sum of float32 numbers is finite in float64 exactly if all of them are
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  if (Number.isFinite(sum)) return -1;
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) return k;
  return -1;
}

/** What a DivergenceError says besides what is not finite. */
export interface DivergenceContext {
  /** For example "Push-v1: training diverged in iteration 12, after step 24576". */
  readonly where: string;
  /** Those in force that may have led there. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What to try, for example "a lower learningRate". */
  readonly attempt: string;
}

/** Run a part of training; a DivergedUpdate in it becomes a DivergenceError with the context as it is by then. */
export async function tellingDivergence<Result>(
  context: () => DivergenceContext,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DivergedUpdate)) throw error;
    const { where, settings, attempt } = context();
    const listed = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
    throw new DivergenceError(
      `${where}: ${error.what} after update ${error.updates + 1}. In force were ${listed.join(", ")}. Try ${attempt}.`,
    );
  }
}

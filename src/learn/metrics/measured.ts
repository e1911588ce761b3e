// What every metric asks of its numbers.
import { UsageError } from "../../math/usage-error.js";

/** Throw a UsageError unless two lists are equally long and not empty. */
export function requirePairs(
  [nameA, a]: readonly [string, ArrayLike<number>],
  [nameB, b]: readonly [string, ArrayLike<number>],
): void {
  if (a.length !== b.length) {
    throw new UsageError(`There are ${a.length} ${nameA} and ${b.length} ${nameB}, expected as many.`);
  }
  requireSome(nameA, a);
}

/** Throw a UsageError unless there are numbers. */
export function requireSome(name: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new UsageError(`There are no ${name}, expected at least one.`);
}

/** Throw a UsageError unless all numbers are finite. */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new UsageError(`Number ${i} of the ${name} is ${values[i]}, expected a finite number.`);
  }
}

/** Throw a UsageError unless all numbers are classes: whole, from 0 to `numClasses` - 1. */
export function requireClasses(name: string, values: ArrayLike<number>, numClasses: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isInteger(value) && value >= 0 && value < numClasses) continue;
    throw new UsageError(
      `Number ${i} of the ${name} is ${value}, expected a class from 0 to ${numClasses - 1}.`,
    );
  }
}

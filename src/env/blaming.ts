// Whose fault it is: what an environment of the user's own throws is told with the place in it.
import { describeThrown } from "../math/describe-thrown.js";
import { UsageError } from "../math/usage-error.js";

/**
 * Run a part of the environment `id`; what it throws is its author's to mend, so it becomes a UsageError that tells the call
 * and the place, not a stack.
 */
export function blaming<Result>(id: string, call: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${id}: ${call} ${describeThrown(error)}.`);
  }
}

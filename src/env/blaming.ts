// Whose fault it is: what an environment of the user's own throws is told with the place in it.
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
    const message = error instanceof Error ? error.message : String(error);
    const frame =
      error instanceof Error ? /\(?((?:file:\/\/)?\/[^\s()]+:\d+:\d+)\)?/.exec(error.stack ?? "") : null;
    throw new UsageError(`${id}: ${call} threw "${message}"${frame ? ` at ${frame[1]}` : ""}.`);
  }
}

// The one error class for mistakes of the user: the command line prints its message without a stack and exits with 2.

/**
 * Report a user's mistake: name the culprit, the value got, what was expected and the way out.
 *
 * @example
 * throw new UsageError(`height is ${height}, expected a number above 0, in m.`);
 */
export class UsageError extends Error {
  /** Tells it from other errors, also across copies of the package. */
  override readonly name = "UsageError";
}

/**
 * Name an option in a message: `the option "teacher" as "expert"`.
 *
 * Everything outside `src/cli` names options this way; the command line prints them as its flags, "--teacher expert".
 */
export function optionText(name: string, value?: string): string {
  return value === undefined ? `the option "${name}"` : `the option "${name}" as "${value}"`;
}

// The one error class for mistakes of the user: the command line prints its message without a stack and exits with 2.

/** Report a user's mistake: name the culprit, the value got, what was expected and the way out. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

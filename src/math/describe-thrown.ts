// What code of the user's own threw, in one line with the place.

/** Say `threw "message" at file:line:column`; the place is left out where it is not known. */
export function describeThrown(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const frame =
    error instanceof Error ? /\(?((?:file:\/\/)?\/[^\s()]+:\d+:\d+)\)?/.exec(error.stack ?? "") : null;
  return `threw "${message}"${frame ? ` at ${frame[1]}` : ""}`;
}

// Tell a package that is not there from one that is there and does not work.

/**
 * Tell whether importing `packageName` failed because it is not installed.
 *
 * Only that very package counts: one that lacks a part or a dependency of its own is installed, and broken.
 */
export function isNotInstalled(error: unknown, packageName: string): boolean {
  const { code, message = "" } = error as { readonly code?: string; readonly message?: string };
  return code === "ERR_MODULE_NOT_FOUND" && message.startsWith(`Cannot find package '${packageName}'`);
}

/** Return the first line of what went wrong. */
export function causeOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.trim().replace(/\.$/, "");
}

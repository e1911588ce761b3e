// Names of observation entries that have changed since 0.1.0: files keep the former ones, comparisons take both as the same.

/** Former name of each renamed vector or scalar -> its name today; the values and their sign are unchanged. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["tcp_command_lead_x", "tcp_tracking_error_x"],
  ["tcp_command_lead_y", "tcp_tracking_error_y"],
  ["tcp_command_lead_z", "tcp_tracking_error_z"],
  ["yaw_command_lead", "yaw_tracking_error"],
]);

/** Return today's name of the entry that a file of any version calls `name`. */
export function currentEntryName(name: string): string {
  return RENAMED.get(name) ?? name;
}

/** Return whether two layouts have the same entries in the same order, renamed ones included. */
export function haveSameEntries(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, k) => currentEntryName(name) === currentEntryName(b[k]!));
}

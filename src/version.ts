// The version of the package; a test holds it equal to package.json's.

/** Version of armgym. */
export const VERSION = "0.2.0";

/** Earlier minor versions whose runs, checkpoints, settings files and snapshots this one reads. */
const READABLE: readonly string[] = ["0.1"];

/** Return whether data of another version can be read: of the same major one, before 1.0 the same minor, or of a `READABLE` one. */
export function isReadableVersion(version: string): boolean {
  if (typeof version !== "string") return false;
  const significant = (text: string) => text.split(".", text.startsWith("0.") ? 2 : 1).join(".");
  return [significant(VERSION), ...READABLE].includes(significant(version));
}

// The version of the package; a test holds it equal to package.json's.

/** Version of armgym. */
export const VERSION = "0.1.0";

/** Tell whether data of another version can be read: the same major one can; before 1.0 the same minor, as semantic versioning has it. */
export function isReadableVersion(version: string): boolean {
  const significant = (text: string) => text.split(".", text.startsWith("0.") ? 2 : 1).join(".");
  return typeof version === "string" && significant(version) === significant(VERSION);
}

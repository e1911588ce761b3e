// Read a whole file that may come from anyone: only a plain one, up to the size that its kind may have.
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { UsageError } from "../math/usage-error.js";

/** Largest file of a kind that armgym writes, bytes. */
export const LARGEST = {
  json: 2 ** 24,
  settings: 2 ** 20,
  vectors: 2 ** 28,
  checkpoint: 2 ** 30,
  model: 2 ** 30,
  recording: 2 ** 31,
};

/** Pipes and devices would be waited for; no such flag on Windows, which has neither in folders. */
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/** Read `file`, of at most `most` bytes; throws a UsageError where it is no plain file, larger, or cannot be read. */
export function readWholeFile(file: string, most: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new UsageError(`${file} is no plain file.`);
    if (status.size > most) {
      const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
      throw new UsageError(
        `${file} has ${megabytes(status.size)} MB, more than the ${megabytes(most)} MB that a file of its kind may have.`,
      );
    }
    return readFileSync(descriptor);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read: ${reason(error as NodeJS.ErrnoException)}.`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM" || code === "ERR_ACCESS_DENIED") return "permission denied";
  if (code === "EMFILE") return "too many files are open; raise the limit (ulimit -n)";
  return message;
}

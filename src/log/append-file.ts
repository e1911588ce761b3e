// Append to a file of a run.
import { closeSync, constants, openSync, writeSync } from "node:fs";

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
/** Windows has no such flag, and no links without privileges. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;

/** Append `data` to the file at `path`, made where it is missing; a link there is not followed (ELOOP): it may lead anywhere. */
export function appendToFile(path: string, data: string | Uint8Array): void {
  const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o666);
  try {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
  } finally {
    closeSync(file);
  }
}

// How a run is computed: number of worker threads, and engine.
import { availableParallelism } from "node:os";
import type { EngineName } from "../compile/engines/engine.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import { UsageError } from "../math/usage-error.js";
import type { RunFolder } from "./run-folder.js";

/** How a run is trained this time; neither changes a bit of the data, but engines differ in the last bits. */
export interface ComputeOptions {
  readonly workers: number;
  readonly engine: EngineName;
}

/** Number of worker threads by default: one per core. */
export const DEFAULT_WORKERS = availableParallelism();

/** The most that a run may have. */
export const MOST_WORKERS = 256;

/** Throw a UsageError for a number of worker threads that cannot be: a program may give any. */
export function requireWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return;
  throw new UsageError(`workers is ${workers}, expected a whole number from 1 to ${MOST_WORKERS}.`);
}

/** Set how a run is computed from now on; throws a UsageError, and changes nothing, where that is not possible. */
export async function setComputeOptions(
  folder: RunFolder,
  { workers, engine }: Partial<ComputeOptions>,
  say: (line: string) => void,
): Promise<void> {
  if (workers !== undefined) requireWorkers(workers);
  if (engine !== undefined) await loadEngine(engine, say);
  folder.updateConfig({
    ...(workers === undefined ? {} : { workers }),
    ...(engine === undefined ? {} : { engine }),
  });
}

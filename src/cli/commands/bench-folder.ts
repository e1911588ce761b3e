// Where benchmarks lie in a checkout, compiled.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the compiled benchmarks. */
export const BENCH_FOLDER = fileURLToPath(new URL("../../../test/bench/", import.meta.url));

/** Whether this is a checkout: the package comes without benchmarks. */
export const hasBenchmarks = existsSync(BENCH_FOLDER);

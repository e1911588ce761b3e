// What a training leaves behind, for comparing two of them bit by bit.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMetrics } from "../../../src/log/metric-files.js";
import { RunFolder } from "../../../src/runs/run-folder.js";

/** Return everything that the run at `path` holds but the clock's readings. */
export async function endOfRun(path: string): Promise<unknown> {
  const { minutes: _, ...state } = await RunFolder.open(path).loadCheckpoint();
  const metrics = readMetrics(readFileSync(join(path, "metrics.jsonl"), "utf8")).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("time/"))),
  );
  const evaluation = JSON.parse(readFileSync(join(path, "evaluation.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const { successRate, meanReturn, steps } = evaluation;
  return { state, metrics, evaluation: { successRate, meanReturn, steps } };
}

/** Return the path of the only run below `parent`, whose name begins with `env`. */
export function onlyRunOf(parent: string, env: string): string {
  const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith(env)) : [];
  if (names.length !== 1) throw new Error(`expected one run in ${parent}, there are ${names.length}`);
  return join(parent, names[0]!);
}

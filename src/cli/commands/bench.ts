// armgym bench: run a benchmark of test/bench and keep its result.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { BENCH_FOLDER, hasBenchmarks } from "./bench-folder.js";

/** One measurement; `ratio` says how many times better than `against`. */
export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly against: string | null;
  readonly ratio: number | null;
  /** The same quantity in `unit`, by others' names. */
  readonly others?: Readonly<Record<string, number>>;
}

const RESULTS_FOLDER = fileURLToPath(new URL("../../../../test/bench/results/", import.meta.url));

/** Define `armgym bench`. */
export function define(command: Command): void {
  command
    .argument("[name]", "name of a benchmark; without it they are listed")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  npm run bench -- update\n")
    .action(benchCommand);
}

/** Run the benchmark `name`, print its rows, and write them to test/bench/results in a checkout. */
async function benchCommand(name: string | undefined, options: { readonly json?: boolean }): Promise<void> {
  if (!hasBenchmarks) {
    const run = `npm run bench${name === undefined ? "" : ` -- ${name}`}`;
    throw new UsageError(
      `Benchmarks live in armgym's repository, not in the package. In a checkout of it: npm install, then ${run}`,
    );
  }
  const names = readdirSync(BENCH_FOLDER).flatMap((file) => /^(.+)\.bench\.js$/.exec(file)?.[1] ?? []);
  if (name === undefined) {
    printAnswer(options.json, { benchmarks: names }, names.join("\n"));
    return;
  }
  if (!names.includes(name)) {
    throw new UsageError(
      `Unknown benchmark "${name}". ${didYouMean(name, names)}There are: ${names.join(", ")}.`,
    );
  }
  const { run } = (await import(pathToFileURL(join(BENCH_FOLDER, `${name}.bench.js`)).href)) as {
    run(): Promise<BenchRow[]>;
  };
  const rows = await run();
  const result = { ...resultHead(name), rows };
  if (existsSync(RESULTS_FOLDER))
    atomicWrite(join(RESULTS_FOLDER, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  printAnswer(options.json, result, describeRows(rows));
}

/** Say what the result `name` comes from, as its file begins: date, seed, commit, machine. */
export function resultHead(name: string) {
  return {
    name,
    date: new Date().toISOString().slice(0, 10),
    seed: 1,
    commit: commit(),
    hardware: hardware(),
  };
}

function describeRows(rows: readonly BenchRow[]): string {
  const short = (value: number) => Number(value.toPrecision(4));
  const lines = rows.map(({ what, value, unit, against, ratio, others = {} }) => {
    const compared = ratio === null ? "" : `  ${ratio.toFixed(2)} times ${against}`;
    const beside = Object.entries(others).map(([name, other]) => `  (${name}: ${short(other)} ${unit})`);
    return `${what}: ${short(value)} ${unit}${compared}${beside.join("")}`;
  });
  return lines.join("\n");
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

function hardware() {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    gigabytes,
    node: process.version,
  };
}

// What the tables of results have in common: how results are read, and how their figures are written.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import type { InteropRow } from "./interop-table.js";

/** A committed result. */
export interface BenchResult {
  readonly name: string;
  readonly date: string;
  readonly commit: string;
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** What part of it ran on another machine, where one did. */
  readonly elsewhere?: string;
  readonly rows: readonly BenchRow[];
  /** What other programs read: of "interop" alone. */
  readonly checks?: readonly InteropRow[];
}

/** What the seeds of a training came to. */
export interface TrainingFigures {
  /** Of each seed, %. */
  readonly successes: readonly number[];
  /** Mean of these, %. */
  readonly success: number;
  /** Environment steps of the longest training, in thousands. */
  readonly kilosteps: number;
  /** Wall clock of the slowest seed, s. */
  readonly seconds: number;
}

/** The first lines of a table of figures. */
export const FIGURES_HEAD: readonly string[] = ["| what | figure | command |", "|---|---|---|"];

/** Read the result of the benchmark `name` from `folder`; undefined where there is none. */
export function readResult(folder: string, name: string): BenchResult | undefined {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as BenchResult) : undefined;
}

/** Write how the benchmark `name` is run. */
export function commandOf(name: string): string {
  return `\`npm run bench -- ${name}\``;
}

/** Sum up the rows "title, seed n: ...". */
export function trainingFigures(rows: readonly BenchRow[], title: string): TrainingFigures {
  const of = (what: string) => seedValues(rows, title, what);
  const successes = of("success of");
  return {
    successes,
    success: successes.reduce((sum, value) => sum + value, 0) / successes.length,
    kilosteps: Math.round(Math.max(...of("environment steps")) / 1000),
    seconds: Math.max(...of("wall clock")),
  };
}

/** List the values of the rows "title, seed n: what". */
export function seedValues(rows: readonly BenchRow[], title: string, what: string): number[] {
  return rows
    .filter((row) => row.what.startsWith(`${title}, seed `) && row.what.includes(what))
    .map(({ value }) => value);
}

/** Return the value of the first row that begins with `begin`. */
export function firstValue(rows: readonly BenchRow[], begin: string): number {
  return rows.find(({ what }) => what.startsWith(begin))!.value;
}

/** Write a time: below 100 s in seconds with `digits` behind the point, else in minutes. */
export function duration(seconds: number, digits: number): string {
  return seconds < 100 ? `${seconds.toFixed(digits)} s` : `${(seconds / 60).toFixed(1)} min`;
}

/** Write a figure with one digit behind the point at most; from 1000 on with none. */
export function round(value: number): string {
  return String(value >= 1000 ? Math.round(value) : Number(value.toFixed(1)));
}

/** List each value once, in the order of their first. */
export function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

// The table of the benchmark "robots": what each is measured at, a line a robot.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { round, seedValues } from "./figures.js";

/** A row "robot: checks passed", with what failed behind it. */
const CHECKED = /^([\w-]+): checks passed(?:, all but: (.+))?$/;

/** Write a line a robot: its check, and what PPO alone learns with it. */
export function robotsTable(rows: readonly BenchRow[]): string {
  const lines = robotsOf(rows).map(({ id, passed, of, failed }) => {
    const cell = (what: string) => {
      const row = rows.find((one) => one.what.startsWith(`${id}: ${what}`));
      return row ? `${round(row.value)} ${row.unit}` : "";
    };
    const checks = failed === undefined ? `${passed} ${of}` : `${passed} ${of}; not: ${failed}`;
    const measured = ["drift", "off a square", "lift", "expert of Reach-v1", "expert of PickPlace-v1"].map(
      cell,
    );
    return `| ${[id, checks, ...measured, learned(rows, id)].join(" | ")} |`;
  });
  return [
    "| | checks passed | drift in 5 s | off a square of 10 cm | lift of a block | Reach-v1, expert | PickPlace-v1, expert | PickPlace-v1, PPO, mean and each seed |",
    `|${"---|".repeat(8)}`,
    ...lines,
    "",
  ].join("\n");
}

/** Write the line of the README: how many robots pass, and what PPO learns on the worst and on all of them. */
export function robotsLine(rows: readonly BenchRow[], command: string): string {
  const robots = robotsOf(rows);
  const fit = robots.filter(({ failed }) => failed === undefined).length;
  const means = robots.flatMap(({ id }) => {
    const values = successesOf(rows, id);
    return values.length === 0 ? [] : [{ id, mean: meanOf(values) }];
  });
  const worst = means.reduce((so, one) => (one.mean < so.mean ? one : so));
  const all = round(meanOf(means.map(({ mean }) => mean)));
  const figure = `${fit} pass check-robot; ${all} % on average, least ${round(worst.mean)} % (${worst.id})`;
  return `| ${robots.length} robots, PickPlace-v1 by PPO alone with one recipe: success of 200 held-out episodes | ${figure} | ${command} |`;
}

function robotsOf(rows: readonly BenchRow[]) {
  return rows.flatMap(({ what, value, unit }) => {
    const [matched, id, failed] = CHECKED.exec(what) ?? [];
    return matched === undefined ? [] : [{ id: id!, passed: value, of: unit, failed }];
  });
}

function learned(rows: readonly BenchRow[], id: string): string {
  const values = successesOf(rows, id);
  return values.length === 0 ? "" : `${round(meanOf(values))} % (${values.map(round).join(", ")})`;
}

function successesOf(rows: readonly BenchRow[], id: string): number[] {
  return seedValues(rows, `PickPlace-v1 on-${id}`, ": success of");
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

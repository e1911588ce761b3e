// The six figures that the README quotes, from the committed results.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchRow } from "../../src/cli/commands/bench.js";

/** One figure: what was measured, by which benchmark, and how its rows are put into words. */
interface Figure {
  readonly what: string;
  readonly bench: string;
  describe(rows: readonly BenchRow[]): string;
}

const FIGURES: readonly Figure[] = [
  {
    what: "PickPlace from rewards alone, 3 seeds, 200 held-out episodes each",
    bench: "learning",
    describe: (rows) => learned(rows, "PickPlace-v1, seed"),
  },
  {
    what: "PickPlace from three cameras, taught by the scripted expert",
    bench: "learning-vision",
    describe: (rows) => learned(rows, "PickPlace-v1 from pictures, by the expert, seed"),
  },
  {
    what: "A task that needs memory: recurrent PPO, and the same without memory",
    bench: "learning-remember-goal",
    describe: (rows) =>
      `${learned(rows, "RememberGoal-v1, seed")}; without ${percent(successOf(rows, "RememberGoal-v1 without memory, seed"))}`,
  },
  {
    what: "Physics, the setting that trains, beside MuJoCo's WebAssembly build at 2 ms",
    bench: "physics",
    describe: (rows) => times(rows, "(training)"),
  },
  {
    what: "Training from pictures with memory, beside sb3-contrib's RecurrentPPO at the same network sizes",
    bench: "recurrent-training",
    describe: (rows) => times(rows, "network sizes"),
  },
  {
    what: "Kills of trainings survived; of those resumed to their end, bit-identical to one never killed",
    bench: "faults",
    describe(rows) {
      const value = (begin: string) => rows.find(({ what }) => what.startsWith(begin))!.value;
      return `${value("kills survived")} of ${value("kills of a training")}; ${value("of these, bit-identical")} of ${value("killed trainings")}`;
    },
  },
];

/** Return the README's table from the JSON files in `folder`. */
export function readmeFigures(folder: string): string {
  const lines = FIGURES.flatMap(({ what, bench, describe }) => {
    const file = join(folder, `${bench}.json`);
    if (!existsSync(file)) return [];
    const { rows } = JSON.parse(readFileSync(file, "utf8")) as { readonly rows: readonly BenchRow[] };
    return [`| ${what} | ${describe(rows)} | \`npm run bench -- ${bench}\` |`];
  });
  return `${["| what | figure | command |", "|---|---|---|", ...lines].join("\n")}\n`;
}

function learned(rows: readonly BenchRow[], title: string): string {
  const success = successOf(rows, title);
  const steps = Math.max(...valuesOf(rows, title, "environment steps")) / 1000;
  const seconds = Math.max(...valuesOf(rows, title, "wall clock"));
  const time = seconds < 100 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
  return `${percent(success)} in ${steps.toFixed(0)}k steps, at most ${time}`;
}

function successOf(rows: readonly BenchRow[], title: string): number {
  const values = valuesOf(rows, title, "success of");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function valuesOf(rows: readonly BenchRow[], title: string, what: string): number[] {
  return rows
    .filter((row) => row.what.startsWith(title) && row.what.includes(what))
    .map(({ value }) => value);
}

function times(rows: readonly BenchRow[], what: string): string {
  return `${rows.find((row) => row.what.includes(what))!.ratio!.toFixed(2)} times as fast`;
}

function percent(value: number): string {
  return `${Number(value.toFixed(1))} %`;
}

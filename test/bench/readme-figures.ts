// The six figures that the README quotes, from the committed results.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import {
  commandOf,
  duration,
  FIGURES_HEAD,
  firstValue,
  readResult,
  round,
  trainingFigures,
} from "./figures.js";

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
    describe: (rows) => learned(rows, "PickPlace-v1"),
  },
  {
    what: "PickPlace from three cameras, taught by the scripted expert",
    bench: "learning-vision",
    describe: (rows) => learned(rows, "PickPlace-v1 from pictures, by the expert"),
  },
  {
    what: "A task that needs memory: recurrent PPO, and the same without memory",
    bench: "learning-remember-goal",
    describe: (rows) =>
      `${learned(rows, "RememberGoal-v1")}; without ${percent(rows, "RememberGoal-v1 without memory")}`,
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
      const value = (begin: string) => firstValue(rows, begin);
      return `${value("kills survived")} of ${value("kills of a training")}; ${value("of these, bit-identical")} of ${value("killed trainings")}`;
    },
  },
];

/** Return the README's table from the JSON files in `folder`. */
export function readmeFigures(folder: string): string {
  const lines = FIGURES.flatMap(({ what, bench, describe }) => {
    const result = readResult(folder, bench);
    return result ? [`| ${what} | ${describe(result.rows)} | ${commandOf(bench)} |`] : [];
  });
  return `${[...FIGURES_HEAD, ...lines].join("\n")}\n`;
}

function learned(rows: readonly BenchRow[], title: string): string {
  const { kilosteps, seconds } = trainingFigures(rows, title);
  return `${percent(rows, title)} in ${kilosteps}k steps, at most ${duration(seconds, 0)}`;
}

function percent(rows: readonly BenchRow[], title: string): string {
  return `${round(trainingFigures(rows, title).success)} %`;
}

function times(rows: readonly BenchRow[], what: string): string {
  return `${rows.find((row) => row.what.includes(what))!.ratio!.toFixed(2)} times as fast`;
}

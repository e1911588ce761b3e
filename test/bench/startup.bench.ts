// How long does the command line take to answer? Beside Node itself, which does nothing.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { median } from "./child.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));
const TRIES = 15;

/** Measure `armgym --help`, `armgym train --help` and `armgym list`, alternating with a Node that does nothing. */
export async function run(): Promise<BenchRow[]> {
  const commands = [
    ["-e", "0"],
    [MAIN, "--help"],
    [MAIN, "train", "--help"],
    [MAIN, "list"],
  ];
  const times = commands.map((): number[] => []);
  for (let k = 0; k < TRIES; k++)
    commands.forEach((words, which) => {
      times[which]!.push(secondsOf(words));
    });
  const [bare, ...ours] = times.map(median);
  const names = ["armgym --help", "armgym train --help", "armgym list"];
  return [
    { what: "node -e 0", value: bare!, unit: "s", against: null, ratio: null },
    ...ours.map((seconds, which) => ({
      what: `${names[which]}, more than node -e 0`,
      value: seconds - bare!,
      unit: "s",
      against: null,
      ratio: null,
    })),
  ];
}

function secondsOf(words: readonly string[]): number {
  const begin = performance.now();
  const { status } = spawnSync(process.execPath, words, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}`);
  return (performance.now() - begin) / 1000;
}

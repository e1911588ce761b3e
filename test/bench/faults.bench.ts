// What goes wrong: trainings killed and resumed, damaged files read, random steps everywhere, attacks on the view server.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { attackViewer } from "./faults/attacks.js";
import { killTrainings } from "./faults/kills.js";
import { readMutatedFiles } from "./faults/mutated-files.js";
import { randomSteps } from "./faults/random-steps.js";

const SEED = 1;
/** Of each of three agents. */
const KILLS_EACH = 67;
/** Of each format, times its share. */
const FILES_PER_SHARE = 1000;
/** In each environment, on each robot, in each control mode. */
const STEPS_EACH = 9600;

/** Do all of it; what is worth a look, faults among it, is printed line by line. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "armgym-faults-"));
  try {
    return [
      ...(await kills(join(folder, "kills"))),
      ...(await files(join(folder, "files"))),
      ...(await steps()),
      ...(await attacks(join(folder, "attacks"))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function kills(folder: string): Promise<BenchRow[]> {
  const { kills, survived, resumedToTheEnd, bitIdentical, faults } = await killTrainings(
    folder,
    KILLS_EACH,
    SEED,
  );
  warn(faults);
  return [
    row("kills of a training, three agents", kills, "kills"),
    row("kills survived", survived, "kills"),
    row("killed trainings resumed to their end", resumedToTheEnd, "trainings"),
    row("of these, bit-identical to one that was not killed", bitIdentical, "trainings"),
  ];
}

async function files(folder: string): Promise<BenchRow[]> {
  const formats = await readMutatedFiles(folder, FILES_PER_SHARE, SEED);
  for (const { faults } of formats) warn(faults.slice(0, 10));
  return [
    row(
      "damaged files read, all formats",
      sum(formats, ({ files }) => files),
      "files",
    ),
    row(
      "crashes, hangs over 5 s, more than 1 GB",
      sum(formats, ({ faults }) => faults.length),
      "faults",
    ),
    ...formats.flatMap(({ format, files, refused }) => [
      row(`damaged files, ${format}`, files, "files"),
      row(`damaged files, ${format}: refused with a reason`, refused, "files"),
    ]),
  ];
}

async function steps(): Promise<BenchRow[]> {
  const total = await randomSteps(STEPS_EACH, SEED);
  warn([...new Set(total.refused.map((line) => line.replace(/, [^,:]+:/, ":")))]);
  return [
    row("random steps, every environment x robot x control mode, randomised", total.steps, "steps"),
    row("combinations", total.combinations, "combinations"),
    row("steps that were not finite", total.nonFinite, "steps"),
    row(`deepest penetration (${total.deepestIn})`, 1000 * total.deepest, "mm"),
    row(`highest speed of an object over a control step (${total.fastestIn})`, total.fastest, "m/s"),
    row("objects lost: through the table or farther than 3 m away", total.lost, "objects"),
  ];
}

async function attacks(folder: string): Promise<BenchRow[]> {
  const { requests, through, isAlive, isSame } = await attackViewer(folder);
  warn(through);
  return [
    row("requests of the attack list sent to the view server", requests, "requests"),
    row("requests that got through", through.length, "requests"),
    row("view server alive after them", isAlive ? 1 : 0, "servers"),
    row("training beside it bit-identical to one that nobody attacked", isSame ? 1 : 0, "trainings"),
  ];
}

function row(what: string, value: number, unit: string): BenchRow {
  return { what, value, unit, against: null, ratio: null };
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function warn(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}

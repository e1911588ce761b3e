// Training, physics, camera and update beside another build of armgym: AGAINST=../other/dist npm run bench -- speed.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { UsageError } from "../../src/math/usage-error.js";
import { median } from "./child.js";
import { MEASURES } from "./speed-measures.js";

const OURS = fileURLToPath(new URL("../../", import.meta.url));
const MODULE = fileURLToPath(new URL("speed-measures.js", import.meta.url));
/** Slices of work before the first that counts: V8 compiles hot code meanwhile. */
const WARM_UP = 2;
const ROUNDS = 3;
/** Processes of each build: where memory happens to lie makes the same code up to a quarter faster or slower for a process's life. */
const PROCESSES = 7;

/**
 * Measure both builds by processor time, in some processes each, slice by slice in turns; medians count.
 *
 * A neighbour on the machine slows both slices of a pair, so the ratio is the median of those of the pairs. Throws a UsageError where
 * `AGAINST` names no build.
 */
export async function run(): Promise<BenchRow[]> {
  const against = process.env.AGAINST;
  if (against === undefined || !existsSync(join(against, "src", "index.js"))) {
    const got = against === undefined ? "is not set" : `is "${against}", which holds no src/index.js`;
    throw new UsageError(
      `AGAINST ${got}, expected the dist folder of another checkout, built by "npm run build". For example: ` +
        "AGAINST=../armgym-before/dist npm run bench -- speed",
    );
  }
  const theirs = resolve(against);
  const commit = commitOf(theirs);
  const rows: BenchRow[] = [];
  for (const [what, { unit }] of Object.entries(MEASURES)) {
    const pairs: (readonly [number, number])[] = [];
    for (let k = 0; k < PROCESSES; k++) {
      const slices = await measureInTurns(what, [OURS, theirs]);
      pairs.push([median(slices.map(([our]) => our)), median(slices.map(([, their]) => their))]);
    }
    const ratios = pairs.map(([our, their]) => their / our);
    const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
    rows.push({
      what,
      value: median(pairs.map(([our]) => our)),
      unit: `ms of processor time per ${unit}`,
      against: `${commit}, in turns (half of ${PROCESSES} pairs of processes: ${low.toFixed(3)} to ${high.toFixed(3)})`,
      ratio: median(ratios),
      others: { [commit]: median(pairs.map(([, their]) => their)) },
    });
  }
  return rows;
}

/** Measure `what` in a process of each of two builds in turns; returns the times of each pair, ms per unit. */
async function measureInTurns(
  what: string,
  builds: readonly [string, string],
): Promise<(readonly [number, number])[]> {
  const children = builds.map((dist) => fork(MODULE, [dist, what])) as [ChildProcess, ChildProcess];
  try {
    await Promise.all(children.map((child) => answerOf(child)));
    const pairs: (readonly [number, number])[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const pair: [number, number] = [0, 0];
      // neither is always the first
      for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        children[which].send("slice");
        pair[which] = (await answerOf(children[which])) as number;
      }
      if (round >= 0) pairs.push(pair);
    }
    return pairs;
  } finally {
    for (const child of children) child.kill();
  }
}

/** Wait for what a process sends; throws where it ends instead. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message),
      once(child, "exit", { signal }).then(([code]) => {
        throw new Error(`${child.spawnargs.slice(2).join(" ")} ended with ${code}`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.round(share * (values.length - 1))]!;
}

function commitOf(dist: string): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: dirname(dist),
    encoding: "utf8",
  }).trim();
}

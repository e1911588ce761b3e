// Kill trainings at moments drawn from a seed, resume them, and compare their end, bit for bit, with one that nobody killed.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { createRandom, type Random } from "../../../src/math/random.js";
import { endOfRun, onlyRunOf } from "./run-end.js";

/** What killing came to. */
export interface KillCounts {
  readonly kills: number;
  /** Trainings that a kill left with something to go on from or, before their first checkpoint, a word that says so. */
  readonly survived: number;
  /** Killed trainings that reached their end. */
  readonly resumedToTheEnd: number;
  readonly bitIdentical: number;
  /** What went wrong, one line each. */
  readonly faults: readonly string[];
}

/** A training of some seconds for each kind of agent: settings as `armgym train` takes them. */
const TRAININGS: readonly (readonly string[])[] = [
  [
    "Reach-v1",
    ...set("numEnvs=16", "envsPerGroup=8", "numSteps=16", "numEpochs=2", "validationEpisodes=8"),
    "--steps",
    "12288",
  ],
  [
    "RememberGoal-v1",
    "--agent",
    "ppo-lstm",
    ...set(
      "numEnvs=16",
      "envsPerGroup=8",
      "numSteps=50",
      "numEpochs=2",
      "validationEpisodes=8",
      "evalInterval=800",
    ),
    "--steps",
    "8000",
  ],
  [
    "Reach-v1",
    "--agent",
    "ppo-cnn-lstm",
    "--obs",
    "camera",
    ...set(
      "numEnvs=8",
      "envsPerGroup=8",
      "numSteps=32",
      "numEpochs=1",
      "validationEpisodes=8",
      "evalInterval=512",
    ),
    "--steps",
    "3072",
  ],
];

const MAIN = fileURLToPath(new URL("../../../src/cli/main.js", import.meta.url));
/** A kill comes this long after the start, s: while modules load, in the first checkpoint, in validation, in any iteration. */
const DELAY = [0.2, 5] as const;
/** Said where a kill came before the first checkpoint: nothing was lost that could have been saved. */
const NOTHING_YET = "no checkpoint";

/** Kill each of the trainings until `killsEach` kills have met it; `seed` decides the moments. */
export async function killTrainings(folder: string, killsEach: number, seed: number): Promise<KillCounts> {
  const counts = await Promise.all(
    TRAININGS.map((args, index) =>
      killOne(args, join(folder, String(index)), killsEach, createRandom(`kills/${seed}/${index}`)),
    ),
  );
  const sum = (value: (count: KillCounts) => number) =>
    counts.reduce((total, count) => total + value(count), 0);
  return {
    kills: sum(({ kills }) => kills),
    survived: sum(({ survived }) => survived),
    resumedToTheEnd: sum(({ resumedToTheEnd }) => resumedToTheEnd),
    bitIdentical: sum(({ bitIdentical }) => bitIdentical),
    faults: counts.flatMap(({ faults }) => faults),
  };
}

async function killOne(
  args: readonly string[],
  folder: string,
  killsWanted: number,
  random: Random,
): Promise<KillCounts> {
  const whole = await armgym(["train", ...args, "--workers", "1", "--out", join(folder, "whole")]);
  if (whole.code !== 0)
    throw new Error(`the training to compare with ended with ${whole.code}: ${whole.stderr}`);
  const expected = await endOfRun(onlyRunOf(join(folder, "whole"), args[0]!));
  let [kills, survived, resumedToTheEnd, bitIdentical] = [0, 0, 0, 0];
  const faults: string[] = [];
  for (let training = 0; kills < killsWanted; training++) {
    const out = join(folder, String(training));
    mkdirSync(out, { recursive: true });
    let next: readonly string[] = ["train", ...args, "--workers", "1", "--out", out];
    for (;;) {
      const workers = random.uniform(0, 1) < 0.5 ? "1" : "2";
      const isResumed = next.includes("--resume");
      const delay = kills < killsWanted ? random.uniform(...DELAY) : undefined;
      const { code, stderr } = await armgym(isResumed ? [...next, "--workers", workers] : next, delay);
      if (code === null) {
        kills++;
        const run = readdirSync(out).length > 0 ? onlyRunOf(out, args[0]!) : undefined;
        // killed before there was a folder: the same command again is all there is to do
        if (run !== undefined) next = ["train", "--resume", run];
        survived++;
        continue;
      }
      if (code === 2 && isResumed && stderr.includes(NOTHING_YET)) break;
      if (code !== 0) {
        survived--;
        faults.push(
          `${args[0]}: armgym ${next.join(" ")} ended with ${code}: ${stderr.trim().split("\n").at(-1)}`,
        );
        break;
      }
      resumedToTheEnd++;
      const run = onlyRunOf(out, args[0]!);
      const end = await endOfRun(run);
      if (isDeepStrictEqual(end, expected)) bitIdentical++;
      else faults.push(`${args[0]}: ${run} ended with other bits`);
      break;
    }
  }
  return { kills, survived, resumedToTheEnd, bitIdentical, faults };
}

/** Run armgym; after `delay` seconds it is killed, and its code is null. */
function armgym(
  args: readonly string[],
  delay?: number,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const timer = delay === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), 1000 * delay);
  return new Promise((resolve) =>
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stderr });
    }),
  );
}

function set(...settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["--set", setting]);
}

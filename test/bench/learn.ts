// Train an environment with the defaults of `armgym train`, some seeds, and list what came of it.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { writeDemonstrations } from "../../src/cli/commands/demo.js";
import { ProgressLine } from "../../src/log/progress-line.js";
import { DEFAULT_WORKERS } from "../../src/runs/compute-options.js";
import { createEncoder } from "../../src/runs/create-encoder.js";
import { evaluateRun } from "../../src/runs/evaluate-run.js";
import { createRunFolder } from "../../src/runs/training-request.js";
import { startTraining } from "../../src/runs/training-session.js";
import { biasedSuccess } from "./bias.js";

const CURVES = fileURLToPath(new URL("../../../test/bench/results/curves/", import.meta.url));

/** What makes a training one from pictures. */
export const SEEING = { agent: "ppo-cnn-lstm", overrides: { observationMode: "camera" } } as const;

/** What is trained, and how. */
interface LearnOptions {
  /** Default "ppo-mlp". */
  readonly agent?: string;
  readonly seeds?: readonly number[];
  readonly demonstrations?: number;
  /** Who is imitated, as `armgym train --teacher` takes it. */
  readonly teacher?: string;
  /** How each seed pre-trains its image encoder, as `armgym pretrain` takes it; default: the encoder starts at random. */
  readonly pretraining?: { readonly scenes: number; readonly overrides?: Readonly<Record<string, unknown>> };
  /** Settings to train with; from demonstrations, those of the environment. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Settings to measure success with, where it is not those of the training; curves are not kept then. */
  readonly measuredWith?: Readonly<Record<string, unknown>>;
  /** What distinguishes this from the usual one, in its rows and in the names of its curves. */
  readonly variant?: string;
}

/** Return success of 200 held-out episodes, without and with biases, steps and time of each seed, and the mean; keep the curves. */
export async function learn(env: string, options: LearnOptions = {}): Promise<BenchRow[]> {
  const {
    agent = "ppo-mlp",
    teacher,
    seeds = [1, 2, 3],
    demonstrations,
    pretraining,
    overrides = {},
    measuredWith,
    variant,
  } = options;
  const out = mkdtempSync(join(tmpdir(), "armgym-learning-"));
  const progress = new ProgressLine(process.stderr);
  const rows: BenchRow[] = [];
  const add = (what: string, value: number, unit: string) =>
    rows.push({ what, value, unit, against: null, ratio: null });
  const title = [
    env,
    ...(variant === undefined ? [] : [variant]),
    ...(demonstrations === undefined ? [] : [`from ${demonstrations} demonstrations`]),
  ].join(" ");
  const demos = join(out, "demos.mcap");
  if (demonstrations !== undefined) {
    const begin = performance.now();
    await writeDemonstrations(env, { episodes: demonstrations, out: demos, overrides }, progress);
    add(`${title}: recording them`, (performance.now() - begin) / 1000, "s");
  }
  mkdirSync(CURVES, { recursive: true });
  let sum = 0;
  for (const seed of seeds) {
    const request = {
      env,
      agent,
      seed,
      workers: DEFAULT_WORKERS,
      engine: "native" as const,
      out,
      ...(teacher === undefined ? {} : { teacher }),
    };
    const before = process.cpuUsage();
    const begin = performance.now();
    const encoder = join(out, `${seed}.encoder`);
    if (pretraining) {
      const how = { overrides: {}, ...pretraining, out: encoder, agent, seed, engine: "native" as const };
      await createEncoder({ env, ...how });
    }
    const preparing = (performance.now() - begin) / 1000;
    const folder = await createRunFolder(
      {
        ...request,
        overrides,
        ...(demonstrations === undefined ? {} : { demos }),
        ...(pretraining ? { encoder } : {}),
      },
      console.warn,
    );
    const outcome = (await startTraining(folder, { progress }))!;
    const { user, system } = process.cpuUsage(before);
    const { episodes } = outcome;
    const { successRate } = measuredWith
      ? await evaluateRun(folder, { episodes, envConfig: measuredWith })
      : outcome;
    sum += successRate;
    add(`${title}, seed ${seed}: success of ${episodes} held-out episodes`, 100 * successRate, "%");
    for (const { what, successRate: biased } of await biasedSuccess(folder, measuredWith ?? {}))
      add(`${title}, seed ${seed}: success with ${what}, signs by entry and episode`, 100 * biased, "%");
    add(`${title}, seed ${seed}: environment steps`, outcome.steps, "steps");
    if (pretraining)
      add(`${title}, seed ${seed}: pre-training on ${pretraining.scenes} scenes`, preparing, "s");
    // all that it took, the pre-training included
    add(`${title}, seed ${seed}: wall clock`, preparing + 60 * outcome.minutes, "s");
    // of all threads, validation and the held-out episodes included: what the machine's other work does not change
    add(`${title}, seed ${seed}: processor time`, (user + system) / 1e6, "s");
    const curve = join(outcome.run, "progress.csv");
    const name = [
      env,
      ...(variant === undefined ? [] : [variant.replace(/[^a-z0-9]+/gi, "-")]),
      ...(demonstrations === undefined ? [] : ["demos"]),
      `seed-${seed}`,
    ].join("-");
    if (existsSync(curve) && !measuredWith) copyFileSync(curve, join(CURVES, `${name}.csv`));
  }
  add(`${title}: mean success`, (100 * sum) / seeds.length, "%");
  rmSync(out, { recursive: true, force: true });
  return rows;
}

/** Do the same from pictures: the actor has three cameras and what the robot knows of itself, no pose of any thing. */
export function learnFromPictures(
  env: string,
  { overrides, ...options }: LearnOptions = {},
): Promise<BenchRow[]> {
  return learn(env, { ...SEEING, ...options, overrides: { ...SEEING.overrides, ...overrides } });
}

/** Do the same with the agent's memory and, beside it, without. */
export async function learnWithAndWithoutMemory(env: string, options: LearnOptions): Promise<BenchRow[]> {
  const variant = [options.variant, "without memory"].filter(Boolean).join(", ");
  const overrides = { ...options.overrides, memory: "none" };
  return [...(await learn(env, options)), ...(await learn(env, { ...options, overrides, variant }))];
}

// armgym train

import { dirname } from "node:path";
import { ProgressLine } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import { RunFolder } from "./run-folder.js";
import { type LiveEvent, resumeTraining, startTraining, type TrainingOutcome } from "./training-session.js";
import { startViewServer } from "./view-server.js";

interface TrainArguments {
  readonly agent: string;
  readonly seed: number;
  readonly steps?: number;
  readonly workers: number;
  readonly engine: string;
  readonly out: string;
  readonly resume?: string;
  readonly demos?: string;
  readonly view?: boolean;
  readonly port?: number;
  readonly json?: boolean;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Train, tell how it goes on stderr, and print the outcome. */
export async function trainCommand(env: string | undefined, options: TrainArguments): Promise<void> {
  if (env === undefined && options.resume === undefined) {
    throw new UsageError('Which environment? For example "armgym train Reach-v1"; "armgym list" shows all.');
  }
  if (options.resume !== undefined && options.demos !== undefined) {
    throw new UsageError(
      "--demos starts a new run; a resumed one goes on from its checkpoint. Give one of them.",
    );
  }
  const runs = options.resume === undefined ? options.out : dirname(RunFolder.open(options.resume).path);
  const server = options.view ? await startViewServer({ runs, ...portOf(options) }) : undefined;
  const progress = new ProgressLine(process.stderr);
  if (server) progress.say(`Viewer: ${server.address}`);
  const { signal, release } = interruptSignal(progress);
  const observer = { progress, signal, broadcast: (event: LiveEvent) => server?.broadcast(event) };
  let outcome: TrainingOutcome | undefined;
  try {
    outcome =
      options.resume === undefined
        ? await startTraining({ ...options, env: env! }, observer)
        : await resumeTraining(options.resume, observer);
  } finally {
    release();
    if (!outcome) await server?.close();
  }
  if (!outcome) {
    progress.say(`Saved. Go on with: armgym train --resume ${options.resume ?? `${options.out}/<run>`}`);
    process.exitCode = 130;
    return;
  }
  process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : `${describeOutcome(outcome)}\n`);
  if (!server) return;
  progress.say(`The viewer stays at ${server.address} until Ctrl-C.`);
  await new Promise<void>((resolve) => process.once("SIGINT", () => resolve()));
  await server.close();
}

/** Say what a training came to, in three lines. */
export function describeOutcome(outcome: TrainingOutcome): string {
  const { env, successRate, successInterval, episodes, steps, minutes, stepsPerSecond, run } = outcome;
  const percent = (rate: number) => `${(100 * rate).toFixed(1)} %`;
  return [
    `${env}: success ${percent(successRate)} of ${episodes} held-out episodes (95 % interval ${successInterval.map(percent).join(" to ")})`,
    `  ${steps} steps in ${(60 * minutes).toFixed(1)} s, ${stepsPerSecond.toFixed(0)} steps/s`,
    `  ${run}`,
  ].join("\n");
}

/** Abort on Ctrl-C; a second one ends at once. */
export function interruptSignal(progress: ProgressLine): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    progress.say("Saving; Ctrl-C again ends at once.");
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  return { signal: controller.signal, release: () => process.off("SIGINT", interrupt) };
}

function portOf({ port }: { readonly port?: number }): { port?: number } {
  return port === undefined ? {} : { port };
}

// npm start: the tour.
import { join } from "node:path";
import { type Command, Option } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { resumeCommand } from "../../runs/command-names.js";
import { createRun } from "../../runs/create-run.js";
import { endSignal, interruptSignal } from "../end-signals.js";
import { port, wholeNumber } from "../flags.js";
import { startViewServer } from "../view/view-server.js";
import { describeOutcome } from "./train.js";

interface StartFlags {
  readonly view: boolean;
  readonly out: string;
  readonly port?: number;
  /** Steps per environment, for a shorter tour. */
  readonly steps?: number;
}

/** Define `armgym start`. */
export function define(command: Command): void {
  command
    .option("--no-view", "end instead of showing the episodes")
    .option("--out <folder>", "folder that runs are made in", "runs")
    .option("--port <n>", "port of the viewer; default: any free one", port)
    .addOption(new Option("--steps <n>").argParser(wholeNumber("steps", 1)).hideHelp())
    .addHelpText("after", "\nExample:\n  npm start\n")
    .action(startCommand);
}

/** Train both environments, export both policies, and serve the viewer until Ctrl-C. */
async function startCommand({ view, out, port, steps }: StartFlags): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const say = (line: string) => progress.say(line);
  const server = view
    ? await startViewServer({
        runs: out,
        say,
        ...(port === undefined ? {} : { port }),
      })
    : undefined;
  if (server) progress.say(`Watch it live: ${server.address}`);
  const { signal, release, exitCode } = interruptSignal(progress);
  const summaries: string[] = [];
  let isDone = false;
  try {
    for (const env of ["Reach-v1", "PickPlace-v1"]) {
      const settings = steps === undefined ? {} : { totalSteps: steps };
      const run = await createRun({ env, out, settings, say });
      const onEvent = (event: LiveEvent) => server?.broadcast(event);
      const outcome = await run.train({ progress, signal, onEvent });
      if (!outcome) {
        progress.say(`Saved. Resume with: ${resumeCommand(run)}`);
        process.exitCode = exitCode();
        return;
      }
      const exported = await run.export(join(run.path, "policy"));
      summaries.push(`${describeOutcome(outcome)}\n  exported: ${exported.folder}`);
    }
    isDone = true;
  } finally {
    if (!isDone) await server?.close();
  }
  release();
  process.stdout.write(`${summaries.join("\n")}\n`);
  if (!server) return;
  // before it is said: the answer may come at once
  const ended = endSignal();
  progress.say(`The best episodes are playing at ${server.address} until Ctrl-C.`);
  await ended;
  await server.close();
}

// npm start: the tour.
import { join } from "node:path";
import { type Command, Option } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { resumeCommand } from "../../runs/command-names.js";
import { exportRun } from "../../runs/export-run.js";
import { createRunFolder } from "../../runs/training-request.js";
import { startTraining } from "../../runs/training-session.js";
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
  const server = view
    ? await startViewServer({
        runs: out,
        say: (line) => progress.say(line),
        ...(port === undefined ? {} : { port }),
      })
    : undefined;
  if (server) progress.say(`Watch it live: ${server.address}`);
  const { signal, release, exitCode } = interruptSignal(progress);
  const summaries: string[] = [];
  let isDone = false;
  try {
    for (const env of ["Reach-v1", "PickPlace-v1"]) {
      const request = { env, out, ...(steps === undefined ? {} : { steps }) };
      const broadcast = (event: LiveEvent) => server?.broadcast(event);
      const folder = await createRunFolder(request, (line) => progress.say(line));
      const outcome = await startTraining(folder, { progress, signal, broadcast });
      if (!outcome) {
        progress.say(`Saved. Go on with: ${resumeCommand(folder)}`);
        process.exitCode = exitCode();
        return;
      }
      const exported = await exportRun(folder, join(folder.path, "policy"));
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

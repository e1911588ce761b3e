// `armgym check`: checks an environment in a thread of its own, so that one that exits, hangs or runs out of memory is reported as well.
import { Worker } from "node:worker_threads";
import type { Command } from "commander";
import type { CheckItem, CheckReport } from "../../env/check/check-env.js";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { endingAtOnce } from "../end-signals.js";
import { jsonOption, obsOption, overridesOf, robotOption, type SettingFlags, wholeNumber } from "../flags.js";
import { printAnswer } from "../print-answer.js";

/** What the thread is to check. */
export interface CheckRequest {
  /** Id of an environment, or a module that exports one. */
  readonly env: string;
  /** Overrides of its config. */
  readonly setting: Readonly<Record<string, unknown>>;
}

/** What the thread reports. */
export type CheckEvent =
  | { readonly kind: "started"; readonly name: string }
  | { readonly kind: "item"; readonly item: CheckItem }
  | { readonly kind: "done"; readonly env: string; readonly passed: boolean }
  | { readonly kind: "refused"; readonly message: string };

const MEGABYTES = 4096;

/** How to check and report. */
interface CheckFlags extends SettingFlags {
  readonly json?: boolean;
  /** Longest time that a single check may take, s. */
  readonly patience: number;
}

/** Define `armgym check`. */
export function define(command: Command): void {
  command
    .argument("<env>", "id of an environment, or a module that exports one: ./my-env.ts")
    .addOption(robotOption())
    .addOption(obsOption())
    .option("--patience <s>", "seconds that a single check may take", wholeNumber("patience", 1, 86_400), 120)
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  armgym check ./my-env.ts\n")
    .action(checkCommand);
}

/** Check the environment, print what was found, and set exit code 2 where it breaks its contract. */
async function checkCommand(env: string, { json = false, patience, ...flags }: CheckFlags): Promise<void> {
  const request = { env, setting: await overridesOf(flags) };
  const seen: Seen = { name: "the thread starts", items: [] };
  const left = () => {
    if (!json && seen.items.length > 0) process.stdout.write(`${describeItems(seen.items)}\n`);
    return `"${seen.name}", and what follows, was not checked.`;
  };
  const progress = new ProgressLine(process.stderr);
  const report = await endingAtOnce(progress, left, () => checkInThread(request, patience, seen));
  printAnswer(json, report, describeReport(report));
  if (!report.passed) process.exitCode = 2;
}

/** What the thread has reported so far. */
interface Seen {
  /** Of the check under way. */
  name: string;
  readonly items: CheckItem[];
}

/** Check in a thread; throws a UsageError where there is no such environment, or it cannot be made. */
function checkInThread(request: CheckRequest, patience: number, seen: Seen): Promise<CheckReport> {
  const { items } = seen;
  const worker = new Worker(new URL("./check-worker.js", import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    stdout: true,
  });
  // what a module prints is not part of the report
  worker.stdout.pipe(process.stderr);
  return new Promise((resolve, reject) => {
    const fail = (message: string) => {
      items.push({ name: seen.name, status: "fail", message });
      end(() => resolve({ env: request.env, passed: false, items }));
    };
    const giveUp = () =>
      fail(
        `it has not returned for ${patience} s; look for a loop without an end, or give it more time by --patience. What follows was not checked`,
      );
    let timer = setTimeout(giveUp, 1000 * patience);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      void worker.terminate().then(settle);
    };
    worker.on("message", (event: CheckEvent) => {
      if (event.kind === "done") end(() => resolve({ env: event.env, passed: event.passed, items }));
      else if (event.kind === "refused") end(() => reject(new UsageError(event.message)));
      else if (event.kind === "item") items.push(event.item);
      else {
        seen.name = event.name;
        clearTimeout(timer);
        timer = setTimeout(giveUp, 1000 * patience);
      }
    });
    worker.on("error", (error: NodeJS.ErrnoException | string | null) =>
      fail(
        error instanceof Error && error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? `it takes more than ${MEGABYTES} MB of memory; look for what is kept from step to step. What follows was not checked`
          : `it throws outside of any call: ${error instanceof Error ? error.message : String(error)}; look for timers and promises. What follows was not checked`,
      ),
    );
    worker.on("exit", (code) =>
      fail(`it ends the process with exit code ${code}. What follows was not checked`),
    );
  });
}

function describeReport({ env, passed, items }: CheckReport): string {
  return `${describeItems(items)}\n${env} ${passed ? "keeps" : "breaks"} its contract.`;
}

function describeItems(items: readonly CheckItem[]): string {
  const mark = { pass: "✓", warn: "!", fail: "✗" };
  return items
    .map(({ name, status, message }) => `${mark[status]} ${name}${message ? `: ${message}` : ""}`)
    .join("\n");
}

// Signals that ask a command to end: Ctrl-C, and those of schedulers, containers and closed terminals.
import type { ProgressLine } from "../log/progress-line.js";

/** Each with the exit code that shells give it: 128 and its number. */
const END_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndSignal = keyof typeof END_SIGNALS;
const NAMES = Object.keys(END_SIGNALS) as EndSignal[];

/** A command that saves before it ends. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** What the command ends with after the first signal. */
  exitCode(): number;
  release(): void;
  /** Do what Ctrl-C does. */
  interrupt(): void;
}

/**
 * Abort on the first of Ctrl-C, SIGTERM and SIGHUP, so that the command saves and ends; a second one ends it at once.
 *
 * `doing` says what the command does after the first.
 */
export function interruptSignal(progress: ProgressLine, doing = "Saving"): Interruption {
  const controller = new AbortController();
  let code: number = END_SIGNALS.SIGINT;
  const interrupt = (name: EndSignal = "SIGINT") => {
    if (controller.signal.aborted) process.exit(END_SIGNALS[name]);
    code = END_SIGNALS[name];
    progress.say(
      name === "SIGINT"
        ? `${doing}; Ctrl-C again ends at once.`
        : `${doing} because of ${name}; another ends at once.`,
    );
    controller.abort();
  };
  for (const name of NAMES) process.on(name, interrupt);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release() {
      for (const name of NAMES) process.off(name, interrupt);
    },
    interrupt: () => interrupt(),
  };
}

/**
 * Run what keeps nothing of its work before it is done: the first signal ends the process, which says what became of that.
 *
 * `left` ends the sentence "Interrupted: ".
 */
export async function endingAtOnce<Result>(
  progress: ProgressLine,
  left: () => string,
  run: () => Promise<Result>,
): Promise<Result> {
  const end = (name: EndSignal) => {
    progress.say(`Interrupted${name === "SIGINT" ? "" : ` by ${name}`}: ${left()}`);
    process.exit(END_SIGNALS[name]);
  };
  for (const name of NAMES) process.on(name, end);
  try {
    return await run();
  } finally {
    for (const name of NAMES) process.off(name, end);
  }
}

/** Wait until the command is asked to end. */
export function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of NAMES) process.once(name, () => resolve());
  });
}

// Who ended the process, or the thread: a module of the user's own that calls process.exit takes armgym down with it.

/** Where armgym's own code lies. */
const OWN = new URL("../../../../", import.meta.url).href;
/** Deep enough for what a module calls on its way to process.exit. */
const FRAMES = 50;

/**
 * Return the call of process.exit by which code other than armgym's ends the process or the thread, with its place; undefined
 * where none does. Makes sense within a listener of the process's "exit" alone, which runs inside that call.
 */
export function foreignExit(code: number | string | null | undefined): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const frames = (new Error().stack ?? "").split("\n");
  Error.stackTraceLimit = stackTraceLimit;
  const call = frames.findIndex((frame) => /at (process\.)?exit \(node:/.test(frame));
  const place = /\(?((?:file:\/\/)?\/[^\s()]+:\d+:\d+)\)?/.exec(frames[call + 1] ?? "")?.[1];
  if (call < 0 || place === undefined || place.startsWith(OWN)) return undefined;
  return `process.exit(${code ?? ""}) at ${place}`;
}

/**
 * From now on, say which call in a module ended this process, and end by what bad input ends with, whatever the module says.
 *
 * For armgym's own programs: a program that imports armgym may end itself.
 */
export function reportForeignExits(): void {
  process.prependListener("exit", (code) => {
    const ended = foreignExit(code);
    if (!ended) return;
    process.stderr.write(`${ended} ended armgym. Let the module throw an error instead.\n`);
    process.exitCode = 2;
  });
}

// Share work among processes of their own, one per core: what ends one of them does not end the benchmark.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How a lane ended: its exit code, or the signal that ended it. */
export type LaneEnd = number | NodeJS.Signals | null;

/**
 * Run the module `url` with `args` as a process and give each line of JSON that it prints to `take`.
 *
 * Resolves with the exit code or the signal; with `silence` (s), a process that prints nothing for so long is killed.
 */
export function runLane(
  url: string,
  args: readonly string[],
  take: (line: unknown) => void,
  { silence, nodeOptions = [] }: { readonly silence?: number; readonly nodeOptions?: readonly string[] } = {},
): Promise<LaneEnd> {
  const child = spawn(process.execPath, [...nodeOptions, fileURLToPath(url), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    if (silence !== undefined) timer = setTimeout(() => child.kill("SIGKILL"), 1000 * silence);
  };
  wait();
  createInterface({ input: child.stdout }).on("line", (line) => {
    wait();
    take(JSON.parse(line));
  });
  return new Promise((resolve) =>
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve(signal ?? code);
    }),
  );
}

/** Print one line of JSON for `runLane`. */
export function tell(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

// Run one configuration of a benchmark in a process of its own: V8 keeps what it learned about shared code.
import { execFileSync } from "node:child_process";

/** Run `module` again with `configuration` as its argument and return the number it prints. */
export function measureAlone(module: string, configuration: string): number {
  const output = execFileSync(process.execPath, [new URL(module).pathname, configuration], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return Number(output.trim().split("\n").at(-1));
}

/** Return the median. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

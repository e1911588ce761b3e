// Checks that other programs make of our files: tests that run scripts beside them by a Python which has those programs.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

/** The Python of `npm run interop`; undefined elsewhere. */
const python = process.env.ARMGYM_INTEROP_PYTHON;

/** A test that needs Python's `module`: skipped, with the reason in its name, where `npm run interop` has not brought it. */
export function interopTest(name: string, module: string, run: () => Promise<void>): void {
  const reason = whyNot(module);
  test.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (skipped: ${reason})`, run);
}

/** Run a script of this folder; throws an Error with all that it said where it found a fault. */
export function runScript(script: string, args: readonly string[]): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(python!, [path, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

function whyNot(module: string): string | undefined {
  if (python === undefined) return '"npm run interop" installs the programs and runs it';
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return spawnSync(python, ["-c", find]).status === 0 ? undefined : `${python} has no ${module}`;
}

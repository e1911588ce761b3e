// Checks that other programs make of our files: Python scripts beside the repository, run by an interpreter that has those programs.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "vitest";

/** Where the scripts are: check_onnx.py and others, with requirements.txt. */
export const SCRIPTS = resolve(process.env.ARMGYM_INTEROP_SCRIPTS ?? "../shared/interop");

/** Say why no check can be made; undefined where one can. */
export function whyNot(): string | undefined {
  if (!existsSync(join(SCRIPTS, "requirements.txt"))) return `there are no scripts in ${SCRIPTS}`;
  if (!process.env.ARMGYM_INTEROP_PYTHON) return '"npm run interop" installs the programs and runs it';
  return undefined;
}

/** A test that is skipped, with the reason in its name, where the other program is not there. */
export function interopTest(name: string, run: () => Promise<void>): void {
  const reason = whyNot();
  test.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (skipped: ${reason})`, run);
}

/** Run a script; throws an Error with all that it said where it found a fault. */
export function runScript(script: string, args: readonly string[]): string {
  const python = process.env.ARMGYM_INTEROP_PYTHON!;
  const { status, stdout, stderr } = spawnSync(python, [join(SCRIPTS, script), ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

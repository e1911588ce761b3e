// Python for a benchmark that measures a peer: a virtual environment of its own, made from PyPI where there is none yet.
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Return the Python in which `module` of `distribution` can be imported; undefined, with a line that says so, where none is to be had.
 *
 * `PYTHON=/path/to/venv/bin/python npm run bench -- NAME` names one that has it; else one is made in the system's folder
 * for temporary files, which takes minutes the first time where PyTorch comes along.
 * `besides` are what it needs and does not declare.
 */
export function pythonWith(
  distribution: string,
  module: string,
  besides: readonly string[] = [],
): string | undefined {
  const given = process.env.PYTHON;
  if (given !== undefined) return hasModule(given, module) ? given : refuse(`${given} has no ${module}`);
  const folder = join(tmpdir(), `armgym-bench-${distribution}`);
  const python = join(folder, "bin", "python");
  if (existsSync(python) && hasModule(python, module)) return python;
  console.warn(`Installing ${distribution} into ${folder} to compare with.`);
  // tests that run side by side may install the same: each to a folder of its own, and the first to end gives the name
  const draft = `${folder}.${process.pid}`;
  const draftPython = join(draft, "bin", "python");
  const installs = [
    ["python3", "-m", "venv", draft],
    [draftPython, "-m", "pip", "install", "--quiet", distribution, ...besides],
  ];
  for (const [command = "", ...args] of installs) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
    if (status === 0) continue;
    rmSync(draft, { recursive: true, force: true });
    return refuse(`${command} ${args.join(" ")}: ${error?.message ?? lastLine(stderr)}`);
  }
  publish(draft, folder, () => existsSync(python) && hasModule(python, module));
  return hasModule(python, module) ? python : refuse(`${python} has no ${module}`);
}

/** Give `draft` the name `folder`, unless a folder that `isWhole` has it already. */
function publish(draft: string, folder: string, isWhole: () => boolean): void {
  if (!isWhole()) {
    rmSync(folder, { recursive: true, force: true });
    try {
      renameSync(draft, folder);
    } catch (error) {
      // another process was quicker
      if (!isWhole()) throw error;
    }
  }
  rmSync(draft, { recursive: true, force: true });
}

/** Run a script of the peer's and return the last line it prints; throws with what it said where it fails. */
export function runPython(python: string, script: string, args: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${python} ${script} failed:\n${stderr}`);
  return lastLine(stdout);
}

function hasModule(python: string, module: string): boolean {
  return spawnSync(python, ["-c", `import ${module}`]).status === 0;
}

function refuse(why: string): undefined {
  console.warn(`There is nothing to compare with: ${why}. Set PYTHON to one that has it.`);
  return undefined;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

// Gymnasium itself for tests, in a virtual environment of its own, with the small environments of this folder.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pythonWith } from "../bench/python-peer.js";
import { temporaryFolder } from "../cli/command.js";

/** A Python that has gymnasium; undefined, with a line that says so, where none is to be had. */
export const python = pythonWith("gymnasium", "gymnasium");

/** Where Python finds armgym_test_envs. */
export const MODULES = resolve("test/gymnasium");

/** Write a program that runs `python` with what `lines` of a shell do before. */
export function wrappedPython(lines: string, interpreter = python ?? "python3"): string {
  const file = join(temporaryFolder(), "python");
  writeFileSync(file, `#!/bin/sh\n${lines}\nexec ${interpreter} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Make a folder with a package `gymnasium` that is nothing but its version. */
export function emptyGymnasium(version: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "gymnasium"));
  writeFileSync(join(folder, "gymnasium", "__init__.py"), `__version__ = "${version}"\n`);
  return folder;
}

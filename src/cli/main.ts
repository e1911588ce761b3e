#!/usr/bin/env node
// The command line of armgym: starts it, and says in one line where the system lets too few files be open to even read it.
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Node reads the modules of a program at the same time: about so many files are open then. */
const FILES_AT_A_TIME = 160;

try {
  const { runProgram } = await import("./program.js");
  await runProgram(process.argv.slice(2));
} catch (error) {
  if (!isShortOfFiles()) throw error;
  process.stderr.write(
    "armgym cannot be read: the system lets it open too few files at a time. Raise the limit, for example: ulimit -n 1024\n",
  );
  process.exitCode = 2;
}

/** Whether files cannot be opened; Node then calls modules and packages missing that are there. */
function isShortOfFiles(): boolean {
  const opened: number[] = [];
  try {
    for (let k = 0; k < FILES_AT_A_TIME; k++) opened.push(openSync(fileURLToPath(import.meta.url), "r"));
    return false;
  } catch {
    return true;
  } finally {
    for (const file of opened) closeSync(file);
  }
}

// The client of policies for Python: one file, which belongs to the package and is written out by the command line. armgym never runs it.
import { readFileSync } from "node:fs";
import { VERSION } from "../../version.js";

/** Beside this file: in the sources, and where the build copies it to. */
const FILE = new URL("./armgym_policy.py", import.meta.url);

/** Return the text of armgym_policy.py. */
export function policyPythonClient(): string {
  return readFileSync(FILE, "utf8").replace(/^VERSION = .*$/m, `VERSION = ${JSON.stringify(VERSION)}`);
}

// The client for Python: one file, which belongs to the package and is written out by the command line. armgym never runs it.
import { readFileSync } from "node:fs";
import { VERSION } from "../version.js";

/** Beside this file: in the sources, and where the build copies it to. */
const FILE = new URL("./armgym_gym.py", import.meta.url);

/** Return the text of armgym_gym.py, which registers the environments `ids` with Gymnasium. */
export function pythonClient(ids: readonly string[]): string {
  return readFileSync(FILE, "utf8")
    .replace(/^VERSION = .*$/m, `VERSION = ${JSON.stringify(VERSION)}`)
    .replace(/^ENV_IDS = .*$/m, `ENV_IDS = (${ids.map((id) => `${JSON.stringify(id)},`).join(" ")})`);
}

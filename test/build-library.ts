// Vitest's global set-up: compile dist/ once, because worker threads and the command line run from it.
import { execFileSync } from "node:child_process";

/** Build the library before any test runs. */
export default function buildLibrary(): void {
  execFileSync("npm", ["run", "--silent", "build:library"], { stdio: "inherit" });
}

// Vitest's global set-up: build dist/ once, because worker threads, the command line and the viewer run from it.
import { execFileSync } from "node:child_process";

/** Build the library and the viewer before any test runs. */
export default function buildOnce(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}

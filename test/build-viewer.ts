// Vitest's global set-up of tests that need the viewer's page: bundle it once.
import { execFileSync } from "node:child_process";

/** Build the viewer before any test that shows it runs. */
export default function buildViewer(): void {
  execFileSync("npm", ["run", "--silent", "build:viewer"], { stdio: "inherit" });
}

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const built = (path: string) => pathToFileURL(resolve("dist/src/rl/rollout", path)).href;

/** Run a module that has `control` and `atWork`, watched with a limit of a second; ends it when it says something, or after 4 s. */
async function watched(work: string): Promise<string> {
  const source = `
    import { atWork, countStep, rolloutControl } from "${built("rollout-control.js")}";
    import { watchForStalls } from "${built("workers/stall-watch.js")}";
    const control = rolloutControl();
    watchForStalls("Spin-v1", control, "Ctrl-C twice ends it.", 1);
    const until = (end) => { while (Date.now() < end); };
    await new Promise((done) => setTimeout(done, 500));
    ${work}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  const stop = setTimeout(() => child.kill("SIGKILL"), 6000);
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    child.kill("SIGKILL");
  });
  await new Promise((done) => child.on("close", done));
  clearTimeout(stop);
  return said;
}

test("a step that never returns is told, though it keeps the thread that trains", async () => {
  expect(await watched("await atWork(control, async () => { for (;;); });")).toBe(
    "\nSpin-v1: no step has come back for 1 s. Its step() or reset() may never return; Ctrl-C twice ends it.\n",
  );
});

test("steps that come, and learning between them, are no stall", async () => {
  const stepping =
    "await atWork(control, async () => { for (let k = 0; k < 12; k++) { until(Date.now() + 150); countStep(control); } });";
  expect(await watched(stepping)).toBe("");
  expect(await watched("until(Date.now() + 2000);")).toBe("");
});

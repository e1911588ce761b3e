import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockRun } from "../../src/runs/run-lock.js";
import { temporaryFolder } from "../cli/command.js";

/** A folder with a lock as this process would write it, but for `changes`, written some seconds ago. */
function lockedFolder(changes: Record<string, unknown>, secondsAgo = 0): string {
  const folder = temporaryFolder();
  const file = join(folder, "lock.json");
  lockRun(folder);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...changes }));
  const then = new Date(Date.now() - 1000 * secondsAgo);
  utimesSync(file, then, then);
  return folder;
}

const refusal = (folder: string, who: string) =>
  `${folder} is being trained by ${who}. A run is trained by one process at a time: wait for that one, or end it. ` +
  `If it is no more, remove ${folder}/lock.json.`;

test("a run that is locked is refused by process, host and time, until it is released", () => {
  const folder = temporaryFolder();
  const lock = lockRun(folder);
  const { pid, since } = JSON.parse(readFileSync(join(folder, "lock.json"), "utf8"));
  expect(pid).toBe(process.pid);
  expect(() => lockRun(folder)).toThrow(refusal(folder, `process ${pid} on ${hostname()}, since ${since}`));
  expect(lock.isHeld()).toBe(true);
  lock.release();
  const next = lockRun(folder);
  expect([lock.isHeld(), next.isHeld()]).toEqual([false, true]);
  // only its own
  lock.release();
  expect(next.isHeld()).toBe(true);
});

test.each([
  ["a process that is gone", { pid: spawnSync(process.execPath, ["-e", ""]).pid }, 0],
  ["a process whose number another one has now", { started: "an earlier boot 12345" }, 0],
  ["another host that has been silent for more than 10 minutes", { host: "elsewhere" }, 601],
  ["another container that has been silent for so long", { namespace: "pid:[1]" }, 601],
  ["a lock cut short by a crash", { pid: "?" }, 11],
])("the lock of %s is taken over", (_, changes, secondsAgo) => {
  const folder = lockedFolder({ token: "theirs", ...changes }, secondsAgo);
  const lock = lockRun(folder);
  expect(lock.isHeld()).toBe(true);
  lock.release();
  expect(existsSync(join(folder, "lock.json"))).toBe(false);
});

test.each([
  ["another host", { host: "elsewhere" }, 500, "process 7 on elsewhere, since then"],
  ["another container", { namespace: "pid:[1]" }, 500, `process 7 on ${hostname()}, since then`],
  ["a process that is about to write its lock", { pid: "" }, 0, "another process"],
])("the lock of %s is respected", (_, changes, secondsAgo, who) => {
  const folder = lockedFolder({ pid: 7, since: "then", token: "theirs", ...changes }, secondsAgo);
  expect(() => lockRun(folder)).toThrow(refusal(folder, who));
});

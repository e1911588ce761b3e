// Where nothing can be written, each command says so in one line, by the option that the user gave.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders } from "../../src/runs/make-folders.js";
import { runCommand, temporaryFolder } from "../cli/command.js";

test("folders are made with those above them, and what is there stays", () => {
  const folder = temporaryFolder();
  makeFolders(join(folder, "a", "b", "c"));
  writeFileSync(join(folder, "a", "file"), "kept");
  makeFolders(join(folder, "a", "b"));
  expect(statSync(join(folder, "a", "b", "c")).isDirectory()).toBe(true);
  expect(readdirSync(join(folder, "a"))).toEqual(["b", "file"]);
  expect(() => makeFolders(join(folder, "a", "file"))).toThrow("EEXIST");
  expect(() => makeFolders(join(folder, "a", "file", "below"))).toThrow("ENOTDIR");
});

// Node's own recursive mkdir never returned here
test.skipIf(!existsSync("/proc/self"))("a file system without new folders is refused at once", () => {
  expect(() => makeFolders("/proc/armgym/below")).toThrow("ENOENT");
});

test("a viewer that cannot be written down is told with the option to change", async () => {
  const folder = temporaryFolder();
  const runs = join(folder, "runs");
  mkdirSync(join(runs, "one"), { recursive: true });
  writeFileSync(join(runs, "one", "config.json"), JSON.stringify({ env: "Reach-v1", agent: "ppo-mlp" }));
  const file = join(runs, "one", "config.json");
  const write = async (option: string, path: string) => {
    const { code, stdout, stderr } = await runCommand(["view", runs, option, path]);
    return [code, stdout, stderr];
  };
  expect(await write("--folder", file)).toEqual([
    2,
    "",
    `Cannot write ${file}: there is a file where a folder is needed. Choose another folder with --folder.\n`,
  ]);
  expect(await write("--html", join(file, "x.html"))).toEqual([
    2,
    "",
    `Cannot write ${file}/x.html: there is a file where a folder is needed. Choose another folder with --html.\n`,
  ]);
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "ro", "none", disk], { stdio: "ignore" });
  } catch {
    console.warn("A read-only disk cannot be tested here: mounting is not permitted.");
    return;
  }
  try {
    for (const [option, path] of [
      ["--folder", join(disk, "page")],
      ["--html", join(disk, "page", "out.html")],
    ] as const) {
      expect(await write(option, path)).toEqual([
        2,
        "",
        `Cannot write ${path}: the disk is read-only. Choose another folder with ${option}; what was saved before is untouched.\n`,
      ]);
    }
  } finally {
    execFileSync("umount", [disk]);
  }
});

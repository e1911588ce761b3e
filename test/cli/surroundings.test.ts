import { spawnSync } from "node:child_process";
import { existsSync, openSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { QUICK, runCommand, temporaryFolder, writeLineEnv } from "./command.js";

const MAIN = resolve("dist/src/cli/main.js");

test.skipIf(!existsSync("/dev/full"))("output that finds no space is told in one line", () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, "list"], {
    stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([
    1,
    "Cannot write: no space left. Free some, or send the output elsewhere.\n",
  ]);
});

test.skipIf(process.platform === "win32")("output that nobody reads on is no failure", () => {
  const shell = `"${process.execPath}" "${MAIN}" list --json | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", shell], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["0\n", ""]);
});

test("under Node's permission model training goes on without native add-ons and says what would allow them", () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.mjs");
  const permission =
    Number(process.versions.node.split(".")[0]) < 23 ? "--experimental-permission" : "--permission";
  const allowed = [
    permission,
    "--allow-fs-read=*",
    `--allow-fs-write=${folder}/*`,
    "--allow-worker",
    "--no-warnings",
  ];
  const args = [
    ...allowed,
    MAIN,
    "train",
    env,
    ...QUICK,
    "--steps",
    "256",
    "--workers",
    "1",
    "--out",
    join(folder, "runs"),
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr.split("\n")[0]).toBe(
    "Node's permission model keeps the native engine (onnxruntime-node) out: start node with --allow-addons to have it. " +
      'Using "wasm", which trains about 10 times slower.',
  );
  expect(status).toBe(0);
  const elsewhere = join(temporaryFolder(), "runs");
  const denied = spawnSync(process.execPath, [...args.slice(0, -1), elsewhere], { encoding: "utf8" });
  expect([denied.status, denied.stderr.split("\n").slice(-2)]).toEqual([
    2,
    [
      expect.stringMatching(
        `^Cannot write ${elsewhere}.*: Node's permission model denies it\\. Start node with --allow-fs-write for that folder, or without --permission\\.$`,
      ),
      "",
    ],
  ]);
});

test("a module in a folder whose name holds a # is found, and an id after it", async () => {
  const folder = temporaryFolder();
  writeLineEnv(join(folder, "dir#x"), "line.ts");
  writeFileSync(join(folder, "dir#x", "none.mjs"), "");
  const results = await Promise.all(
    ["dir#x/none.mjs", "dir#x/line.ts#Other-v1", "dir#y/line.ts"].map((env) =>
      runCommand(["check", env], folder),
    ),
  );
  expect(results.map(({ stderr }) => stderr)).toEqual([
    "dir#x/none.mjs exports no env. Export what defineEnv() returns.\n",
    "dir#x/line.ts exports Line-v1. Choose one, for example dir#x/line.ts#Line-v1.\n",
    "There is no file dir. Give an env's id or a module that exports one.\n",
  ]);
});

test.skipIf(process.platform === "win32")(
  "a system that lets too few files be open is told in one line",
  () => {
    for (const files of [70, 96, 112]) {
      const command = `ulimit -n ${files}; exec "${process.execPath}" "${MAIN}" list`;
      const { status, stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
      // where a later Node needs fewer, it works
      if (status === 0 && stdout.startsWith("Environments:")) continue;
      expect([files, status, stdout, stderr]).toEqual([
        files,
        2,
        "",
        "armgym cannot be read: the system lets it open too few files at a time. Raise the limit, for example: ulimit -n 1024\n",
      ]);
    }
  },
);

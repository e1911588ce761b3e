import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LARGEST, readWholeFile } from "../../src/runs/read-file.js";
import { temporaryFolder } from "../cli/command.js";

test("a file is read whole, and refused where it is missing, no file, or larger than its kind may be", () => {
  const file = join(temporaryFolder(), "config.json");
  expect(() => readWholeFile(file, 10)).toThrow(`${file} cannot be read: there is no such file.`);
  writeFileSync(file, "1234567890");
  expect(readWholeFile(file, 10).toString()).toBe("1234567890");
  // sparse: it takes neither disk nor memory
  truncateSync(file, 3 * 2 ** 30);
  expect(() => readWholeFile(file, LARGEST.checkpoint)).toThrow(
    `${file} has 3072 MB, more than the 1024 MB that a file of its kind may have.`,
  );
  expect(() => readWholeFile(join(file, ".."), 10)).toThrow(`${join(file, "..")} is no plain file.`);
});

test.skipIf(process.platform === "win32")("a pipe is refused instead of waited for", () => {
  const pipe = join(temporaryFolder(), "latest.safetensors");
  execFileSync("mkfifo", [pipe]);
  expect(() => readWholeFile(pipe, 10)).toThrow(`${pipe} is no plain file.`);
});

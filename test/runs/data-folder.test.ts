// A folder of data on disk: what it lists, and that nothing outside of it is read.
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDataFolder } from "../../src/runs/data-folder.js";

function makeFolder(): { folder: string; outside: string } {
  const outside = mkdtempSync(join(tmpdir(), "armgym-data-"));
  const folder = join(outside, "data");
  mkdirSync(join(folder, "parts", "good"), { recursive: true });
  writeFileSync(join(folder, "parts", "good", "b.png"), "b");
  writeFileSync(join(folder, "parts", "a.csv"), "a");
  writeFileSync(join(folder, ".secret"), "s");
  writeFileSync(join(outside, "key"), "k");
  symlinkSync(join(outside, "key"), join(folder, "leak"));
  symlinkSync(outside, join(folder, "out"));
  symlinkSync(join(folder, "parts", "a.csv"), join(folder, "same.csv"));
  symlinkSync(join(folder, "gone"), join(folder, "broken"));
  return { folder, outside };
}

test("files are listed by their paths, without hidden ones and links that lead out", async () => {
  const { folder } = makeFolder();
  expect(await openDataFolder(folder).list()).toEqual(["parts/a.csv", "parts/good/b.png", "same.csv"]);
  expect(await openDataFolder(join(folder, "none")).list()).toEqual([]);
});

test("nothing outside of the folder is read, be it by .., by an absolute path or by a link", async () => {
  const { folder, outside } = makeFolder();
  const files = openDataFolder(folder);
  expect(new TextDecoder().decode(await files.read("same.csv"))).toBe("a");
  for (const path of ["../key", join(outside, "key"), ".."])
    await expect(files.read(path)).rejects.toThrow(
      `${path} lies outside of the data folder ${folder}, and nothing there is read.`,
    );
  for (const path of ["leak", "out/key"])
    await expect(files.read(path)).rejects.toThrow(
      `${join(folder, path)} is a link out of the data folder ${folder}, which is not followed. Copy the file, or name the folder that it lies in.`,
    );
});

test("files that are missing, folders, or larger than asked for are refused by name", async () => {
  const { folder } = makeFolder();
  const files = openDataFolder(folder);
  await expect(files.read("none.csv")).rejects.toThrow(
    `${join(folder, "none.csv")} cannot be read: there is no such file.`,
  );
  await expect(files.read("parts")).rejects.toThrow(`${join(folder, "parts")} is no plain file.`);
  truncateSync(join(folder, "parts", "a.csv"), 10_000_000_000);
  await expect(files.read("parts/a.csv")).rejects.toThrow(
    `${join(folder, "parts/a.csv")} has 9537 MB, more than the 1024 MB that a file of its kind may have.`,
  );
  expect(() => openDataFolder(join(folder, "same.csv"))).toThrow(
    `${join(folder, "same.csv")} is a file, expected a folder of data.`,
  );
});

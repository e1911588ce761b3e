import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { prepareDatasets } from "../../src/cli/write-datasets.js";

const folder = mkdtempSync(join(tmpdir(), "armgym-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("targets that cannot be written are refused before anything is recorded", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(prepareDatasets({ lerobot: folder })).rejects.toThrow(
    `The folder ${folder} is not empty. Give --lerobot a new one.`,
  );
  await expect(prepareDatasets({ minari: folder })).rejects.toThrow(
    `The folder ${folder} is not empty. Give --minari a new one.`,
  );
  await expect(prepareDatasets({ minari: "sets/new" })).rejects.toThrow(
    "--minari sets/new is no id of Minari's, which ends in a version. For example: --minari pickplace-expert-v0",
  );
  await expect(prepareDatasets({ robomimic: "demos.txt" })).rejects.toThrow(
    "--robomimic demos.txt does not end in .hdf5. For example: --robomimic demos.hdf5",
  );
});

test("the library for HDF5 is loaded only for what needs it", async () => {
  expect(await prepareDatasets({ lerobot: join(folder, "new") })).toBeUndefined();
  expect(await prepareDatasets({ minari: join(folder, "reach-expert-v0") })).toHaveProperty("File");
});

// Files stay short enough to be read in one go.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const MOST_LINES = 400;

test(`no file has more than ${MOST_LINES} lines`, () => {
  const files = ["src", "envs", "agents", "viewer", "test"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(500);
  const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length - 1 > MOST_LINES);
  expect(long).toEqual([]);
});

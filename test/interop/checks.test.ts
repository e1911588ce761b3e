import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type InteropRow, interopLine, interopTable, interopText } from "../bench/interop-table.js";
import { CHECKS, ENVIRONMENTS } from "./checks.js";
import { verdictOf } from "./verdicts.js";

test("every check names a test file that is there, and tests that are in it", () => {
  expect(CHECKS.length).toBeGreaterThan(10);
  for (const { program, file } of CHECKS) expect(existsSync(file), `${program}: ${file}`).toBe(true);
  const told = CHECKS.map(({ program, reads }) => `${program} ${reads}`);
  expect(new Set(told).size).toBe(told.length);
});

test("every environment has checks, and its versions are pinned, one distribution a line, by name", () => {
  const used = new Set(CHECKS.map(({ environment }) => environment));
  expect([...used].sort()).toEqual(Object.keys(ENVIRONMENTS).sort());
  const pinned = Object.entries(ENVIRONMENTS).filter(([, { by }]) => by === "requirements");
  const files = readdirSync("test/interop/requirements");
  expect(files.sort()).toEqual(pinned.map(([name]) => `${name}.txt`).sort());
  for (const file of files) {
    const lines = readFileSync(`test/interop/requirements/${file}`, "utf8").trimEnd().split("\n");
    for (const line of lines) expect(line, file).toMatch(/^[a-z0-9-]+(\[[a-z,]+\])?==[0-9.]+$/);
    expect(lines, file).toEqual(lines.toSorted());
  }
});

test("a check has passed where one of its tests did and none failed; those of other names and files do not count", () => {
  const report = (...tests: [string, string][]) => ({
    testResults: [
      {
        name: resolve("test/a.test.ts"),
        assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
      },
      { name: resolve("test/b.test.ts"), assertionResults: [{ fullName: "ONNX breaks", status: "failed" }] },
    ],
  });
  const [file, tests] = ["test/a.test.ts", "ONNX"];
  const both = report(["ONNX reads", "passed"], ["ONNX writes", "skipped"], ["MCAP breaks", "failed"]);
  expect(verdictOf({ file, tests }, both)).toEqual({ verdict: "passed", passed: 1, tests: 2 });
  expect(verdictOf({ file }, both)).toEqual({ verdict: "failed", passed: 1, tests: 3 });
  expect(verdictOf({ file, tests }, report(["ONNX reads", "pending"])).verdict).toBe("not run");
  expect(verdictOf({ file, tests }, { testResults: [] })).toEqual({
    verdict: "not run",
    passed: 0,
    tests: 0,
  });
});

test("the tables say program, version, what it read and the verdict", () => {
  const row = (program: string, verdict: InteropRow["verdict"], passed: number): InteropRow => ({
    ...{ program, version: "1.2", reads: "policies", verdict, passed, tests: 3 },
    ...{ date: "2026-11-27", commit: "abc" },
  });
  const rows = [row("MCAP", "passed", 3), row("TensorBoard", "failed", 1)];
  expect(interopText(rows)).toBe(
    [
      "program      version  what it read  verdict",
      "MCAP         1.2      policies      passed, 3 of 3 tests",
      "TensorBoard  1.2      policies      failed, 1 of 3 tests",
      "",
    ].join("\n"),
  );
  expect(interopTable(rows).split("\n").slice(2)).toEqual([
    "| MCAP 1.2 | policies | passed, 3 of 3 tests | 2026-11-27, commit abc |",
    "| TensorBoard 1.2 | policies | failed, 1 of 3 tests | 2026-11-27, commit abc |",
    "",
  ]);
  expect(interopLine(rows)).toContain("| 1 of 2 passed |");
});

// The public API: what it is, and that a change of it is seen.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiReport, builtEntries, exportsOf, REPORT } from "./api-report.js";

test("the public API is what the report says; npm run api rewrites it", () => {
  expect(readFileSync(REPORT, "utf8")).toBe(apiReport());
});

test("the report has functions, types and values with their types, and no comments", () => {
  const { code, kind } = exportsOf("index").get("train")!;
  expect([kind, code]).toEqual(["function", "function train(options: TrainOptions): Promise<TrainResult>;"]);
  expect(exportsOf("index").get("Vec3")?.kind).toBe("type");
  expect(exportsOf("nn").get("lstmCell")?.code).toBe("const lstmCell: MemoryCell;");
  expect(apiReport()).not.toContain("/**");
});

test("armgym and armgym/nn share no export", () => {
  expect(builtEntries()).toEqual(expect.arrayContaining(["index", "nn"]));
  const names = [...exportsOf("index").keys()];
  expect([...exportsOf("nn").keys()].filter((name) => names.includes(name))).toEqual([]);
});

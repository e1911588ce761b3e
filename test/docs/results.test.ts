import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resultsTable, withResults } from "../bench/results-table.js";

test("the README quotes the committed results and nothing else; `npm run results` writes them", () => {
  const readme = readFileSync("README.md", "utf8");
  const table = resultsTable("test/bench/results");
  expect(table.split("\n").length).toBeGreaterThan(8);
  expect(withResults(readme, table)).toBe(readme);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { curvesPicture } from "../bench/curves-picture.js";
import { readmeFigures } from "../bench/readme-figures.js";
import { resultsPage, withResults } from "../bench/results-table.js";

test("the README quotes the committed results and nothing else; `npm run results` writes them", () => {
  const readme = readFileSync("README.md", "utf8");
  const table = readmeFigures("test/bench/results");
  // a head of two lines, six figures and the end
  expect(table.split("\n")).toHaveLength(9);
  expect(withResults(readme, table)).toBe(readme);
});

test("the page of all results and its picture of the curves are those of the committed files", () => {
  const folder = "test/bench/results";
  expect(resultsPage(folder)).toBe(readFileSync(`${folder}/README.md`, "utf8"));
  const picture = curvesPicture(`${folder}/curves`);
  expect(picture).toBe(readFileSync(`${folder}/curves.svg`, "utf8"));
  // Reach-v1, seed 1, is at 100 % at its end: the last point lies at the top of a panel
  expect(picture).toMatch(/<text [^>]*>Reach-v1<\/text>/);
  expect(picture.match(/<polyline/g)!.length).toBeGreaterThanOrEqual(6);
});

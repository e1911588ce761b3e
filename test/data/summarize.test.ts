// Data sets in numbers, and examples of them on a picture.
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { tableDataset } from "../../src/data/dataset.js";
import { exampleSheet } from "../../src/data/example-sheet.js";
import { summarizeData } from "../../src/data/summarize.js";
import { windowDataset } from "../../src/data/windows.js";

const PROVENANCE = { name: "parts", source: "generated" };

test("rows, groups, ranges, classes and missing numbers are counted", () => {
  const dataset = tableDataset(
    {
      force: { shape: [2], unit: "N" },
      label: { shape: [], dtype: "int32", classes: ["good", "bad", "odd"] },
      depth: { shape: [] },
    },
    {
      force: Float32Array.of(1, 2, Number.NaN, 4, -3, Number.POSITIVE_INFINITY),
      label: Int32Array.of(0, 2, 0),
      depth: new Float32Array(3).fill(Number.NaN),
    },
    PROVENANCE,
    Int32Array.of(4, 4, 9),
  );
  expect(summarizeData(dataset)).toEqual({
    rows: 3,
    groups: 2,
    fields: {
      force: { shape: [2], dtype: "float32", unit: "N", min: -3, max: 4, mean: 1, missing: 2 },
      label: {
        shape: [],
        dtype: "int32",
        min: 0,
        max: 2,
        mean: 2 / 3,
        missing: 0,
        classes: { good: 2, bad: 0, odd: 1 },
      },
      depth: { shape: [], dtype: "float32", min: null, max: null, mean: null, missing: 3 },
    },
  });
});

test("of windows that overlap every step is looked at, those of the end as well", () => {
  const series = tableDataset(
    { force: { shape: [] } },
    { force: Float32Array.of(5, 1, 2, 3, 9, 4, 0) },
    PROVENANCE,
    Int32Array.of(1, 1, 1, 1, 1, 2, 2),
  );
  const { rows, fields } = summarizeData(windowDataset(series, { length: 2, fields: { force: "every" } }));
  // windows 5 1, 2 3, the last 3 9, and 4 0
  expect([rows, fields.force!.min, fields.force!.max, fields.force!.mean]).toEqual([5, 0, 9, 27 / 8]);
});

test("examples stand in a line for each class, with their own pixels", () => {
  const image = Uint8Array.from({ length: 4 * 6 }, (_, k) => 10 * Math.floor(k / 6) + (k % 6));
  const dataset = tableDataset(
    {
      image: { shape: [2, 3, 1], dtype: "uint8" },
      label: { shape: [], dtype: "int32", classes: ["good", "none", "bad"] },
    },
    { image, label: Int32Array.of(0, 2, 0, 0) },
    PROVENANCE,
  );
  const { width, height, channels, data } = decode(exampleSheet(dataset));
  expect([width, height, channels]).toEqual([52, 10, 3]);
  const at = (x: number, y: number) => data[3 * (y * width + x)];
  // rows 0, 2 and 3 in the first line, row 1 in the second, 2 pixels apart
  expect([at(2, 2), at(4, 3), at(7, 2), at(12, 3), at(2, 6), at(4, 7)]).toEqual([0, 5, 20, 33, 10, 15]);
  expect([at(0, 0), at(17, 2), at(7, 6)]).toEqual([40, 40, 40]);
});

test("series are curves over the range of all examples", () => {
  const series = Float32Array.of(0, 1, 0.5, 0.5);
  const dataset = tableDataset({ force: { shape: [2, 1] } }, { force: series }, PROVENANCE);
  const { width, data } = decode(exampleSheet(dataset));
  const isDrawn = (x: number, y: number) => data[3 * (y * width + x)] === 230;
  // from the lower left to the upper right; the other in the middle
  expect([isDrawn(2, 2 + 63), isDrawn(2 + 95, 2), isDrawn(2, 2)]).toEqual([true, true, false]);
  expect([isDrawn(100, 2 + 32), isDrawn(100 + 95, 2 + 32), isDrawn(100, 2 + 63)]).toEqual([
    true,
    true,
    false,
  ]);
});

test("data that has nothing to draw is refused", () => {
  const dataset = tableDataset({ force: { shape: [] } }, { force: Float32Array.of(1) }, PROVENANCE);
  expect(() => exampleSheet(dataset)).toThrow(
    "parts has neither pictures nor series to draw: its fields are force.",
  );
});

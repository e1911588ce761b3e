// Windows over series, worked by hand.
import { expect, test } from "vitest";
import { type Dataset, emptyRows, subset, tableDataset } from "../../src/data/dataset.js";
import { type WindowOptions, windowDataset } from "../../src/data/windows.js";

/** Two series of 4 and 2 rows, whose rows alternate at first: engine 7 has rows 0 2 4 5, engine 3 has rows 1 3. */
const SERIES = tableDataset(
  { sensors: { shape: [2], unit: "N" }, remaining: { shape: [], unit: "cycles" } },
  {
    sensors: Float32Array.of(0, 100, 1, 101, 2, 102, 3, 103, 4, 104, 5, 105),
    remaining: Float32Array.of(30, 11, 20, 1, 10, 0),
  },
  { name: "engines", source: "generated" },
  Int32Array.of(7, 3, 7, 3, 7, 7),
);
const FIELDS = {
  sensors: "every",
  remaining: "last",
  remaining_steps: { field: "remaining", at: "every" },
} as const;

function taken(windows: Dataset) {
  const into = emptyRows(windows.fields, windows.size);
  windows.take(
    Int32Array.from({ length: windows.size }, (_, k) => k),
    into,
  );
  return Object.fromEntries(Object.entries(into).map(([name, column]) => [name, [...column]]));
}

const cut = (options: Omit<WindowOptions, "fields">) => windowDataset(SERIES, { ...options, fields: FIELDS });

test("windows end at every row of their own series, targets are at the last step and at every step", () => {
  const windows = cut({ length: 3 });
  expect(windows.fields).toEqual({
    sensors: { shape: [3, 2], unit: "N" },
    remaining: { shape: [], unit: "cycles" },
    remaining_steps: { shape: [3], unit: "cycles" },
  });
  expect(taken(windows)).toEqual({
    sensors: [0, 100, 2, 102, 4, 104, 2, 102, 4, 104, 5, 105],
    remaining: [10, 0],
    remaining_steps: [30, 20, 10, 20, 10, 0],
  });
  expect([...windows.groups!]).toEqual([7, 7]);
});

test("causal padding repeats the first row of the series before its beginning", () => {
  const windows = cut({ length: 3, padding: "causal" });
  expect(taken(windows).remaining_steps).toEqual([
    ...[30, 30, 30, 30, 30, 20, 30, 20, 10, 20, 10, 0],
    ...[11, 11, 11, 11, 11, 1],
  ]);
  expect([...windows.groups!]).toEqual([7, 7, 7, 7, 3, 3]);
});

test("a stride leaves windows out, and the last window of each series can be had alone", () => {
  expect(taken(cut({ length: 2, stride: 2 })).remaining).toEqual([20, 0, 1]);
  expect(taken(cut({ length: 2, windows: "last" })).remaining).toEqual([0, 1]);
  expect(taken(cut({ length: 4, windows: "last" })).remaining).toEqual([0]);
  expect(taken(cut({ length: 4, windows: "last", padding: "causal" })).remaining).toEqual([0, 1]);
});

test("a subset of series has windows of its own, and windows are taken in any order", () => {
  const windows = windowDataset(subset(SERIES, Int32Array.of(1, 3, 5)), { length: 1, fields: FIELDS });
  const into = { remaining: new Float32Array(3) };
  windows.take(Int32Array.of(2, 0, 1), into);
  expect([...into.remaining]).toEqual([0, 11, 1]);
});

test("it is known which window goes on where one ends, unless that is between two windows", () => {
  const options = { fields: FIELDS };
  expect(windowDataset(SERIES, { ...options, length: 2 }).continuation).toBe(2);
  expect(windowDataset(SERIES, { ...options, length: 2, stride: 2 }).continuation).toBe(1);
  expect(windowDataset(SERIES, { ...options, length: 2, stride: 3 }).continuation).toBeUndefined();
  expect(windowDataset(SERIES, { ...options, length: 2, windows: "last" }).continuation).toBeUndefined();
});

test("without groups all rows are one series", () => {
  const text = tableDataset(
    { token: { shape: [], dtype: "int32" } },
    { token: Int32Array.of(5, 6, 7, 8, 9) },
    { name: "text", source: "generated" },
  );
  const windows = windowDataset(text, { length: 2, stride: 2, fields: { token: "every" } });
  expect(taken(windows).token).toEqual([5, 6, 7, 8]);
});

test("windows that no series is long enough for are refused", () => {
  expect(() => cut({ length: 5 })).toThrow(
    "No series of engines is as long as a window: the longest has 4 rows, a window 5. Take shorter windows, or longer series.",
  );
  expect(() => cut({ length: 2, stride: 0 })).toThrow(
    "The stride of windows is 0, expected a whole number of at least 1.",
  );
  expect(() => windowDataset(SERIES, { length: 2, fields: { force: "every" } })).toThrow(
    'the series have no field "force" for the windows\' "force"',
  );
});

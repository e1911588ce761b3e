import { expect, test } from "vitest";
import { exactJson } from "../../src/recording/exact-json.js";

test("plain data becomes the JSON that JSON.stringify makes", () => {
  const data = {
    name: 'a "quoted" \n name',
    numbers: [0, 1.5, -2e-7, 1e21, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, 5e-324],
    nested: { list: [[], [1, [2]], { yes: true, no: null }], left: undefined },
    empty: {},
  };
  expect(exactJson(data)).toBe(JSON.stringify(data));
});

test("numbers that JSON lacks are strings", () => {
  expect(exactJson({ a: [Number.NaN, Number.POSITIVE_INFINITY], b: -0, c: Number.NEGATIVE_INFINITY })).toBe(
    '{"a":["NaN","Infinity"],"b":"-0","c":"-Infinity"}',
  );
});

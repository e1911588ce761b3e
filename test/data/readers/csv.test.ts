// CSV by RFC 4180.
import { expect, test } from "vitest";
import { readCsv } from "../../../src/data/readers/csv.js";
import { UsageError } from "../../../src/math/usage-error.js";

test("quoted fields hold commas, line breaks and quotes; rows know their lines", () => {
  const text = '\uFEFFname,force [N]\r\n"a, ""b""\nc",1.5\r\n\r\n d ,\n"",2';
  expect(readCsv(text, "a.csv")).toEqual({
    header: ["name", "force [N]"],
    rows: [
      ['a, "b"\nc', "1.5"],
      ["d", ""],
      ["", "2"],
    ],
    lines: [2, 5, 6],
  });
});

test("semicolons and tabs part fields where the header has no comma", () => {
  expect(readCsv("a;b\n1,5;2\n", "a.csv").rows).toEqual([["1,5", "2"]]);
  expect(readCsv("a\tb\n1\t\n", "a.csv").rows).toEqual([["1", ""]]);
  expect(readCsv("a\n1\n", "a.csv").rows).toEqual([["1"]]);
});

test.each([
  ["", "a.csv is empty, expected a header and rows."],
  ["a,b\n", "a.csv has a header, but no rows."],
  ["a,b\n1,2\n3\n", "a.csv, line 3 has 1 fields, but the header 2. Quote fields that hold the separator."],
  ["a,b\n1,2,\n", "a.csv, line 2 has 3 fields, but the header 2. Quote fields that hold the separator."],
  ["a,,c\n1,2,3\n", "a.csv, line 1: column 2 has no name. Name every column."],
  ["a,b,a\n1,2,3\n", 'a.csv, line 1: two columns are called "a". Rename one.'],
  ['a,b\n1,2\n"x\n,3\n', "a.csv, line 3 has a quote that is not closed."],
  ['a,b\n1,x"y"\n', 'a.csv, line 2 has a quote inside of a field: x"y". Double it, and quote the field.'],
  ['a,b\n1,"x"y\n', "a.csv, line 2 goes on after a closing quote: y. Double quotes inside of fields."],
])("%j is refused with its line", (text, message) => {
  expect(() => readCsv(text, "a.csv")).toThrow(new UsageError(message));
});

test("more rows than fit into memory are refused", () => {
  expect(() => readCsv(`a,b\n${"1,2\n".repeat(1_400_000)}`, "a.csv")).toThrow(
    "a.csv has more rows than are read, 1333333 of 2 fields. Take a part of it.",
  );
});

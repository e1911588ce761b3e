// Every export says what it is: the documentation that editors show.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const DECLARATION = /^export (?:async |abstract )*(?:function|const|class|interface|type|let) (\w+)/;

const FILES = ["src", "envs", "agents", "viewer"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

/** List the exports of a file that have no docstring; a linter's directive may stand between the two. */
function undocumented(path: string, source: string): string[] {
  const lines = source.split("\n");
  return lines.flatMap((line, index) => {
    const name = DECLARATION.exec(line)?.[1];
    if (!name) return [];
    const above = lines.slice(0, index).filter((text) => !text.startsWith("// biome-ignore"));
    return above.at(-1)?.trimEnd().endsWith("*/") ? [] : [`${path}:${index + 1} ${name}`];
  });
}

test("every export of src, envs, agents and viewer has a docstring", () => {
  const files = FILES.filter((path) => !path.endsWith(".d.ts"));
  expect(files.length).toBeGreaterThan(80);
  expect(files.flatMap((path) => undocumented(path, readFileSync(path, "utf8")))).toEqual([]);
});

test("an export without a docstring is found", () => {
  expect(undocumented("a.ts", "/** Known. */\nexport const a = 1;\nexport function b() {}\n")).toEqual([
    "a.ts:3 b",
  ]);
});

test("every file begins with a line that says its subject", () => {
  const without = FILES.filter((path) => !/^(#!.*\n)?\/\/ \S/.test(readFileSync(path, "utf8")));
  expect(without).toEqual([]);
});

// Every export says what it is: the documentation that editors show.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtEntries, exportsOf } from "./api-report.js";

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

test("each function and class that armgym exports has an example, each function says what it throws", () => {
  const called = [...exportsOf("index")].filter(([, { kind }]) => kind === "function" || kind === "class");
  expect(called.length).toBeGreaterThan(40);
  const lacking = called.flatMap(([name, { docs, kind }]) => [
    ...(docs.includes("@example\n") ? [] : [`${name}: @example`]),
    ...(kind === "class" || /@throws \S/.test(docs) ? [] : [`${name}: @throws`]),
  ]);
  expect(lacking).toEqual([]);
});

test("every field of an interface that armgym and armgym/nn export says what it is", () => {
  const entries = builtEntries().filter((entry) => entry !== "node");
  const fields = entries.flatMap((entry) =>
    [...exportsOf(entry)].flatMap(([name, { undocumented }]) =>
      undocumented.map((field) => `${name}.${field}`),
    ),
  );
  expect(fields).toEqual([]);
});

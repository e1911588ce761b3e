// The table of the page's elements is that of index.html, and a page that does not match says so at once.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TABS } from "../../../viewer/state/viewer-state.js";
import { checkElements, ELEMENTS } from "../../../viewer/ui/elements.js";

const HTML = readFileSync(new URL("../../../viewer/index.html", import.meta.url), "utf8");
const PAGE = new Map([...HTML.matchAll(/<(\w+)\b[^>]*?\sid="([^"]+)"/g)].map(([, kind, id]) => [id!, kind!]));

test("the table names each element of index.html that has an id, with its kind, in the order of the page", () => {
  expect(Object.entries(ELEMENTS)).toEqual([...PAGE]);
  expect(() => checkElements((id) => PAGE.get(id))).not.toThrow();
});

test("all that is missing or of another kind is said in one error", () => {
  const changed = new Map([...PAGE, ["scrub", "progress"]]);
  changed.delete("canvas");
  changed.delete("run");
  expect(() => checkElements((id) => changed.get(id))).toThrow(
    'index.html does not match the table of elements in viewer/ui/elements.ts: <select id="run"> is missing; <canvas id="canvas"> is missing; "scrub" is <progress>, not <input>.',
  );
});

test("there is a tab for each panel, in the order of the state's table", () => {
  expect([...PAGE.keys()].filter((id) => id.startsWith("tab-"))).toEqual(TABS.map((name) => `tab-${name}`));
});

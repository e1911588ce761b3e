// What a page loads that takes one function of the package: nothing of Node, and no more than it needs.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";
import { expect, test } from "vitest";

const ENTRY = "virtual:page";
/** What environments, physics and robots come to, minified. */
const LARGEST = 210_000;

/** Bundle a page's script as vite does for production, `armgym` by the package's own exports; returns its code by file. */
async function bundle(script: string): Promise<Readonly<Record<string, string>>> {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
  const alias = Object.entries(exports as Record<string, { default?: string }>).flatMap(([name, target]) =>
    target.default
      ? [{ find: new RegExp(`^armgym${name.slice(1)}$`), replacement: resolve(target.default) }]
      : [],
  );
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias },
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === ENTRY ? id : undefined),
        load: (id) => (id === ENTRY ? script : undefined),
      },
    ],
    build: { write: false, modulePreload: false, rolldownOptions: { input: ENTRY } },
  });
  if (Array.isArray(built) || !("output" in built)) throw new Error("vite built more than one bundle");
  return Object.fromEntries(
    built.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : ""]),
  );
}

test("defineEnv alone bundles to at most 210 kB, free of node:", async () => {
  const files = await bundle('import { defineEnv } from "armgym"; globalThis.made = defineEnv;');
  const code = Object.values(files).join("\n");
  expect(code).not.toMatch(/["'`]node:/);
  expect(code).toContain("maxEpisodeSteps");
  expect(code.length).toBeLessThanOrEqual(LARGEST);
  expect(code.length).toBeGreaterThan(10_000);
});

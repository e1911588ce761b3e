// What a browser loads by `import "armgym"` needs nothing of Node's: runs and files are in "armgym/node".
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** Imports and re-exports that are there at run time, by `import()` too. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?!type\b)[^;]*?from\s*"([^"]+)"|(?:^|\n)import "([^"]+)"|\bimport\(\s*"([^"]+)"/g;

/** Follow the imports of `entry` through our own modules; returns, of each import of Node's, who imports it. */
function nodeImports(entry: string): { files: string[]; found: string[] } {
  const waiting = [entry];
  const seen = new Set<string>();
  const found: string[] = [];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, a, b, c] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      const name = (a ?? b ?? c)!;
      if (name.startsWith(".")) waiting.push(join(dirname(file), name.replace(/\.js$/, ".ts")));
      else if (name.startsWith("node:")) found.push(`${relative(process.cwd(), file)} imports ${name}`);
    }
  }
  return { files: [...seen], found };
}

test("the browser's entry imports nothing of Node's, nor do the environments and agents", () => {
  for (const entry of ["src/index.ts", "envs/index.ts", "agents/index.ts"]) {
    const { files, found } = nodeImports(entry);
    expect(found).toEqual([]);
    expect(files.length).toBeGreaterThan(30);
  }
});

test("Node's entry does import from Node: the search finds what it looks for", () => {
  expect(nodeImports("src/node.ts").found).toContain("src/runs/atomic-write.ts imports node:fs");
});

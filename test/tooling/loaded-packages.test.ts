// What importing the package loads: TensorFlow.js and Node's modules come when they are needed, not before.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** Follow static imports from a compiled file; returns the way to each package, by its name. */
function packagesFrom(entry: string): ReadonlyMap<string, readonly string[]> {
  const packages = new Map<string, readonly string[]>();
  const seen = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const here = [...way, file];
    const source = readFileSync(file, "utf8");
    for (const [, name] of source.matchAll(/^(?:import|export)\s(?:[^;"]*?from\s)?"([^"]+)"/gm)) {
      if (name!.startsWith(".")) visit(join(dirname(file), name!), here);
      else if (!packages.has(name!)) packages.set(name!, here);
    }
  };
  visit(entry, []);
  return packages;
}

test.each(["dist/src/index.js", "dist/envs/index.js"])(
  "%s loads neither TensorFlow.js nor an engine nor a module of Node",
  (entry) => {
    const packages = packagesFrom(entry);
    expect([...packages.keys()]).toEqual(expect.arrayContaining(["cannon-es", "zod"]));
    const heavy = [...packages].filter(([name]) => /^(node:|@tensorflow\/|onnxruntime|three$)/.test(name));
    expect(heavy).toEqual([]);
  },
);

test("networks and agents load TensorFlow.js: the imports are followed", () => {
  expect(packagesFrom("dist/src/nn.js").has("@tensorflow/tfjs-core")).toBe(true);
  expect(packagesFrom("dist/agents/index.js").has("@tensorflow/tfjs-core")).toBe(true);
});

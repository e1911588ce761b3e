// The linter holds the import directions of the architecture; each case plants a violation and expects it to fail.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  math: [],
  spaces: ["math"],
  physics: ["math"],
  robots: ["math", "physics"],
  sensors: ["math", "physics", "robots", "replay"],
  env: ["math", "spaces", "physics", "robots", "sensors", "replay"],
  compile: ["math"],
  nn: ["math", "compile"],
  rl: ["math", "spaces", "nn", "compile", "env", "replay"],
  replay: ["math"],
  deploy: ["math", "compile", "nn", "replay"],
  log: ["math"],
};
const ROOMS = [...Object.keys(ALLOWED), "cli"];
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "cannon-es": ["physics"],
  three: [],
  "@tensorflow/tfjs-core": ["compile", "nn", "rl"],
  "node:fs": ["cli", "log"],
};

/** Count the refused imports of a file that imports `imported`, linted by our biome.json in a folder of its own. */
function restrictedImports(path: string, imported: readonly string[]): number {
  const project = mkdtempSync(join(tmpdir(), "armgym-boundaries-"));
  try {
    copyFileSync("biome.json", join(project, "biome.json"));
    mkdirSync(dirname(join(project, path)), { recursive: true });
    const source = imported.map((name, index) => `export * as planted${index} from "${name}";\n`).join("");
    writeFileSync(join(project, path), source);
    const biome = join(process.cwd(), "node_modules/.bin/biome");
    const linted = spawnSync(biome, ["lint", "--colors=off", "--max-diagnostics=200", "."], {
      cwd: project,
      encoding: "utf8",
    });
    expect(linted.stdout + linted.stderr).toMatch(/Checked \d+ file/);
    return (linted.stdout + linted.stderr).split("lint/style/noRestrictedImports").length - 1;
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

describe.each(Object.keys(ALLOWED))("src/%s", (room) => {
  test("refuses each room above it, envs, agents and viewer", () => {
    const forbidden = ROOMS.filter((other) => other !== room && !ALLOWED[room]?.includes(other));
    const imported = [
      ...forbidden.map((other) => `../${other}/planted.js`),
      "../../envs/index.js",
      "../../agents/index.js",
      "../../viewer/main.js",
    ];
    expect(restrictedImports(`src/${room}/planted.ts`, imported)).toBe(imported.length);
  });

  test("accepts the rooms below it", () => {
    const imported = (ALLOWED[room] ?? []).map((other) => `../${other}/planted.js`);
    expect(restrictedImports(`src/${room}/planted.ts`, imported)).toBe(0);
  });
});

test("each package is refused outside its rooms and accepted inside", () => {
  for (const [name, rooms] of Object.entries(PACKAGES)) {
    for (const room of ROOMS) {
      const expected = rooms.includes(room) ? 0 : 1;
      expect([name, room, restrictedImports(`src/${room}/planted.ts`, [name])]).toEqual([
        name,
        room,
        expected,
      ]);
    }
  }
});

test("envs, agents and viewer refuse what is not theirs", () => {
  expect(
    restrictedImports("envs/planted.ts", [
      "../agents/index.js",
      "cannon-es",
      "three",
      "@tensorflow/tfjs-core",
    ]),
  ).toBe(4);
  expect(restrictedImports("agents/planted.ts", ["../envs/index.js", "cannon-es", "../viewer/main.js"])).toBe(
    3,
  );
  expect(restrictedImports("agents/planted.ts", ["@tensorflow/tfjs-core", "../src/rl/policy.js"])).toBe(0);
  expect(
    restrictedImports("viewer/planted.ts", ["../src/physics/world.js", "../envs/index.js", "cannon-es"]),
  ).toBe(3);
  expect(restrictedImports("viewer/planted.ts", ["../src/replay/recording.js", "three"])).toBe(0);
  expect(
    restrictedImports("viewer/live/planted.worker.ts", [
      "../../envs/index.js",
      "../../src/rl/live-episode.js",
    ]),
  ).toBe(0);
});

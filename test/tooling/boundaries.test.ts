// The linter holds the import directions of the architecture; each case plants a violation and expects it to fail.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { biomeOverrides, PACKAGE_ROOMS, ROOMS } from "./rooms.js";

const ROOM_NAMES = Object.keys(ROOMS);

/** Count what `rule` reports of a file with `source`, linted by our biome.json in a folder of its own. */
function reported(rule: string, path: string, source: string): number {
  const project = mkdtempSync(join(tmpdir(), "armgym-boundaries-"));
  try {
    copyFileSync("biome.json", join(project, "biome.json"));
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), source);
    const biome = join(process.cwd(), "node_modules/.bin/biome");
    const linted = spawnSync(biome, ["lint", "--colors=off", "--max-diagnostics=200", "."], {
      cwd: project,
      encoding: "utf8",
    });
    expect(linted.stdout + linted.stderr).toMatch(/Checked \d+ file/);
    return (linted.stdout + linted.stderr).split(rule).length - 1;
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Count the refused imports of a file that imports `imported`. */
function restrictedImports(path: string, imported: readonly string[]): number {
  const source = imported.map((name, index) => `export * as planted${index} from "${name}";\n`).join("");
  return reported("lint/style/noRestrictedImports", path, source);
}

test("biome.json holds the rules that rooms.ts gives; npm run boundaries writes them", () => {
  expect(JSON.parse(readFileSync("biome.json", "utf8")).overrides).toEqual(biomeOverrides());
});

test("a room imports only rooms before it in the table, so that no two rooms can import each other", () => {
  for (const [room, allowed] of Object.entries(ROOMS))
    expect([
      room,
      allowed.filter((other) => !(ROOM_NAMES.indexOf(other) < ROOM_NAMES.indexOf(room))),
    ]).toEqual([room, []]);
});

describe.each(ROOM_NAMES)("src/%s", (room) => {
  const allowed = ROOMS[room]!;
  const above = room === "cli" || room === "runs" ? [] : ["../../envs/index.js", "../../agents/index.js"];

  test("refuses each room that the table does not give it, and viewer", () => {
    const forbidden = ROOM_NAMES.filter((other) => other !== room && !allowed.includes(other));
    const imported = [
      ...forbidden.map((other) => `../${other}/planted.js`),
      ...above,
      "../../viewer/main.js",
    ];
    expect(restrictedImports(`src/${room}/planted.ts`, imported)).toBe(imported.length);
    const deeper = imported.map((path) => `../${path}`);
    expect(restrictedImports(`src/${room}/sub-room/planted.ts`, deeper)).toBe(imported.length);
  });

  test("accepts the rooms that the table gives it", () => {
    const imported = allowed.map((other) => `../${other}/planted.js`);
    expect(restrictedImports(`src/${room}/planted.ts`, imported)).toBe(0);
  });
});

test("each package is refused outside its rooms and accepted inside", () => {
  for (const [name, rooms] of Object.entries(PACKAGE_ROOMS)) {
    for (const room of ROOM_NAMES) {
      const expected = rooms.includes(room) ? 0 : 1;
      expect([name, room, restrictedImports(`src/${room}/planted.ts`, [name])]).toEqual([
        name,
        room,
        expected,
      ]);
    }
  }
});

test("envs and agents import the package's entries and nothing else of src", () => {
  const rooms = ROOM_NAMES.flatMap((room) => [`../src/${room}/planted.js`, `../src/${room}/deep/planted.js`]);
  const refused = [...rooms, "../src/on-demand.js", "../src/node.js"];
  expect(restrictedImports("envs/planted.ts", [...refused, "../src/nn.js"])).toBe(refused.length + 1);
  expect(restrictedImports("agents/planted.ts", refused)).toBe(refused.length);
  expect(restrictedImports("envs/planted.ts", ["../src/index.js", "./reach.js"])).toBe(0);
  expect(restrictedImports("agents/planted.ts", ["../src/index.js", "../src/nn.js", "./hand.js"])).toBe(0);
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
  expect(restrictedImports("agents/planted.ts", ["@tensorflow/tfjs-core"])).toBe(0);
  expect(
    restrictedImports("viewer/planted.ts", ["../src/physics/world.js", "../envs/index.js", "cannon-es"]),
  ).toBe(3);
  expect(restrictedImports("viewer/planted.ts", ["../src/recording/recording.js", "three"])).toBe(0);
  expect(
    restrictedImports("viewer/live/planted.worker.ts", [
      "../../envs/index.js",
      "../../src/episodes/live-episode.js",
    ]),
  ).toBe(0);
});

test("the viewer's state draws nothing and knows no panel", () => {
  const rooms = readdirSync("viewer", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "state" && entry.name !== "assets")
    .map(({ name }) => `../${name}/planted.js`);
  expect(rooms.length).toBeGreaterThan(6);
  const refused = [...rooms, "three", "../../src/physics/world.js", "../../envs/index.js"];
  expect(restrictedImports("viewer/state/planted.ts", refused)).toBe(refused.length);
  const allowed = ["./store.js", "../../src/recording/recording.js", "../../src/scene/scene.js"];
  expect(restrictedImports("viewer/state/planted.ts", allowed)).toBe(0);
  expect(restrictedImports("viewer/ui/planted.ts", ["../state/store.js", "../scene/planted.js"])).toBe(0);
});

test("a function of six parameters is refused, but in loops over numbers", () => {
  const source = "export function six(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1) { return [a, b, c, d, e, f]; }\n";
  const rule = "lint/complexity/useMaxParams";
  expect(reported(rule, "src/rl/planted.ts", source)).toBe(1);
  expect(reported(rule, "src/physics/planted.ts", source)).toBe(0);
});

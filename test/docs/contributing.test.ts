// CONTRIBUTING.md: what it names is there, and its checklists hold for everything that ships.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { agents, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { robots } from "../../src/robots/models/robots.js";
import { ROOMS } from "../tooling/rooms.js";

const GUIDE = readFileSync("CONTRIBUTING.md", "utf8");

/** Whether a file of `folder` holds `text`. */
function isWritten(folder: string, text: string): boolean {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .some((name) => readFileSync(`${folder}/${name}`, "utf8").includes(text));
}

test("every file and folder that the guide names is there", () => {
  const named = [...GUIDE.matchAll(/[`(]((?:src|envs|agents|viewer|test)\/[\w./-]+)[`)]/g)].map(
    ([, path]) => path!,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test("the map of the rooms has every room, and what it says to look for is in it", () => {
  const rows = [...GUIDE.matchAll(/^\| `([\w/]+)` +\| .* \| (.*)\|$/gm)].map(([, room, hint]) => ({
    room: room!,
    hint: hint!,
  }));
  const missing = Object.keys(ROOMS).filter((name) => !rows.some(({ room }) => room.split("/")[1] === name));
  expect(missing).toEqual([]);
  const hinted = rows.flatMap(({ room, hint }) =>
    [...hint.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file]) => `${room}/${file}`),
  );
  expect(hinted.length).toBeGreaterThan(20);
  expect(hinted.filter((path) => !existsSync(path))).toEqual([]);
});

test("npm scripts that the guide names exist", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const named = [...GUIDE.matchAll(/npm run (\w+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test.each(Object.keys(envs))("%s follows the checklist of an environment", (id) => {
  expect(isWritten("envs", `"${id}"`)).toBe(true);
  expect(Object.keys(experts)).toContain(id);
  expect(readFileSync("envs/README.md", "utf8")).toContain(`## ${id}\n`);
  const benches = readdirSync("test/bench").filter((name) => /^learning.*\.bench\.ts$/.test(name));
  const learned = benches.filter((name) => readFileSync(`test/bench/${name}`, "utf8").includes(`"${id}"`));
  expect(learned).not.toEqual([]);
  const table = readFileSync("test/bench/results-table.ts", "utf8");
  expect(learned.filter((name) => table.includes(`"${name.replace(".bench.ts", "")}"`))).not.toEqual([]);
});

test.each(Object.keys(agents))("%s follows the checklist of an agent", (id) => {
  expect(isWritten("agents", `id: "${id}"`)).toBe(true);
});

test.each(Object.keys(robots))("%s follows the checklist of a robot", (id) => {
  expect(existsSync(`src/robots/models/${id}.ts`)).toBe(true);
  expect(readFileSync(`src/robots/models/${id}.ts`, "utf8")).toMatch(/[Ss]ource|URDF|MJCF|menagerie/i);
});

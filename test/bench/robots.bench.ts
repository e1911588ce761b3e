// What comes of a robot: it is imported and checked, and every one that ships learns PickPlace-v1 by PPO alone with one recipe. Besides
// those that ship there are some written after the structure of public ones.
//
// All in one: npm run bench -- robots. In parts, on as many processes as there are cores: node dist/test/bench/robots.bench.js ROBOT SEED FOLDER
// writes one training's rows into FOLDER (the robots: node dist/test/bench/robots.bench.js); ARMGYM_BENCH_PARTS=FOLDER npm run bench -- robots then
// takes those that are there and makes the others.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { importUrdf } from "../../src/robots/import/import-robot.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";
import { robots } from "../../src/robots/models/robots.js";
import { atomicWrite } from "../../src/runs/atomic-write.js";
import { checkRobot } from "../../src/runs/check-robot.js";
import { STRUCTURES } from "../robots/structures.js";
import { learn } from "./learn.js";

const SEEDS = [1, 2, 3];
const alone = { against: null, ratio: null };

/** Lines of a check with a number, by their names, as rows have it. */
const MEASURES: Readonly<Record<string, readonly [what: string, unit: string, factor: number]>> = {
  "stands still": ["drift in 5 s", "mm", 1000],
  "follows a square": ["off a square of 10 cm", "mm", 1000],
  "lifts a block": ["lift of a block", "cm", 100],
  "its expert solves Reach-v1": ["expert of Reach-v1, 20 episodes", "%", 100],
  "its expert solves PickPlace-v1": ["expert of PickPlace-v1, 20 episodes", "%", 100],
};

/** Check every robot and train PickPlace-v1 with three seeds on each that ships. */
export async function run(): Promise<BenchRow[]> {
  const parts = process.env.ARMGYM_BENCH_PARTS;
  const rows: BenchRow[] = [];
  for (const id of robotIds()) {
    rows.push(...checkRows(id));
    if (!Object.hasOwn(robots, id)) continue;
    const trained: BenchRow[] = [];
    for (const seed of SEEDS) trained.push(...(await partOf(id, seed, parts)));
    const successes = trained.filter(({ what }) => what.includes("held-out")).map(({ value }) => value);
    const mean = successes.reduce((sum, value) => sum + value, 0) / successes.length;
    rows.push(...trained, { what: `PickPlace-v1 on-${id}: mean success`, value: mean, unit: "%", ...alone });
  }
  return rows;
}

function robotIds(): string[] {
  return [...Object.keys(robots), ...Object.keys(STRUCTURES)];
}

/** The robot called `id`: one that ships, or imported with no option. */
function robotOf(id: string): RobotModel {
  const urdf = STRUCTURES[id];
  return urdf === undefined ? robots[id]! : importUrdf(urdf, { file: `${id}.urdf` }).robot;
}

function checkRows(id: string): BenchRow[] {
  const { items, passed } = checkRobot(robotOf(id));
  const failed = items.filter(({ status }) => status === "fail").map(({ name }) => name);
  const verdict = passed ? "checks passed" : `checks passed, all but: ${failed.join("; ")}`;
  const count = items.filter(({ status }) => status === "pass").length;
  return [
    { what: `${id}: ${verdict}`, value: count, unit: `of ${items.length}`, ...alone },
    ...items.flatMap(({ name, value }) => {
      const measure = MEASURES[name];
      if (!measure || value === undefined) return [];
      const [what, unit, factor] = measure;
      return [{ what: `${id}: ${what}`, value: factor * value, unit, ...alone }];
    }),
  ];
}

/** Rows of one training on a robot that ships: from `folder` where they are there, else made and kept there. */
async function partOf(robot: string, seed: number, folder: string | undefined): Promise<BenchRow[]> {
  const file = folder === undefined ? undefined : join(resolve(folder), `${robot}-${seed}.json`);
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as BenchRow[];
  const rows = await learn("PickPlace-v1", { overrides: { robot }, variant: `on-${robot}`, seeds: [seed] });
  // the mean is that of all seeds
  const own = rows.filter(({ what }) => !what.endsWith("mean success"));
  if (file !== undefined) atomicWrite(file, `${JSON.stringify(own, null, 2)}\n`);
  return own;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [id, seed, folder] = process.argv.slice(2);
  if (id === undefined) process.stdout.write(`${Object.keys(robots).join("\n")}\n`);
  else process.stdout.write(`${JSON.stringify(await partOf(id, Number(seed ?? 1), folder))}\n`);
}

// Where mesh files of robots are found, and that runs keep them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { panda } from "../../src/robots/models/panda.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";
import { locateRobot } from "../../src/runs/locate-robot.js";
import { findMeshFile, hashOfMeshFile, keepMeshFiles, meshFileBeside } from "../../src/runs/mesh-files.js";
import { writeMeshFile } from "../../src/scene/mesh-file.js";
import type { SceneShape } from "../../src/scene/scene.js";

const folder = mkdtempSync(join(tmpdir(), "armgym-meshes-"));
const bytes = writeMeshFile([
  { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) },
]);
const file = hashOfMeshFile(bytes);
const shape: SceneShape = {
  type: "mesh",
  file,
  ...{ mesh: 0, low: [0, 0, 0], high: [1, 1, 0] },
  ...{ position: [0, 0, 0], quaternion: [0, 0, 0, 1], color: [1, 1, 1, 1] },
};
const robot: RobotModel = { ...panda, id: "meshy", looks: { links: { link1: [shape] } } };

test("a run keeps the meshes of a module's robot, and is drawn elsewhere by them", async () => {
  const module = join(folder, "robots/meshy.ts");
  mkdirSync(join(folder, "robots"));
  writeFileSync(module, `export const meshy = ${JSON.stringify(robot)};`);
  writeFileSync(meshFileBeside(module), bytes);
  const setting = await locateRobot(module);
  // the setting holds no triangles
  expect(JSON.parse(setting).looks.links.link1).toEqual([shape]);
  const run = join(folder, "runs/one");
  mkdirSync(run, { recursive: true });
  keepMeshFiles(setting, run);
  expect(new Uint8Array(readFileSync(join(run, `meshes/${file}.glb`)))).toEqual(bytes);
  // from a recording beside the robots, from within the run, and from the folder of runs
  for (const place of ["demos", "runs/one/episodes", "runs"])
    expect(findMeshFile(file, [join(folder, place)])).toEqual(Buffer.from(bytes));
});

test("a file is what its hash says, or it is not found", () => {
  const other = mkdtempSync(join(tmpdir(), "armgym-meshes-"));
  const wanted = "0".repeat(64);
  mkdirSync(join(other, "meshes"));
  writeFileSync(join(other, `meshes/${wanted}.glb`), bytes);
  expect(findMeshFile(wanted, [other])).toBeUndefined();
  expect(findMeshFile(`../meshes/${file}`, [other])).toBeUndefined();
  rmSync(other, { recursive: true });
});

// Where the mesh files of robots lie: beside their modules as NAME.meshes.glb, and in runs as meshes/HASH.glb.
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../math/usage-error.js";
import { findRobot } from "../robots/models/robots.js";
import { MESH_FILE_LIMITS } from "../scene/mesh-file.js";
import { meshFilesOf } from "../scene/seen-shapes.js";
import { atomicWrite } from "./atomic-write.js";
import { readWholeFile } from "./read-file.js";

/** Folder of a run that its robot's meshes are kept in. */
const KEPT = "meshes";
const ENDING = ".meshes.glb";
/** How many folders above a recording or a run are looked through. */
const LEVELS = 4;
/** Files of robots whose modules were read in this process, by their hash. */
const known = new Map<string, string>();

/** Return where the mesh file of a robot's module is. */
export function meshFileBeside(module: string): string {
  return `${module.replace(/\.[^./\\]+$/, "")}${ENDING}`;
}

/** Return the SHA-256 of a mesh file, in hexadecimal. */
export function hashOfMeshFile(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Note the mesh file beside a robot's module, so that runs of this process find it. */
export function noteMeshFile(module: string): void {
  const file = meshFileBeside(module);
  const bytes = existsSync(file) ? read(file) : undefined;
  if (bytes) known.set(hashOfMeshFile(bytes), file);
}

/** Keep the meshes of a robot, an id or its data as JSON, in the folder of a run; those that are not found are not. */
export function keepMeshFiles(robot: unknown, folder: string): void {
  if (typeof robot !== "string" || !robot.startsWith("{")) return;
  const { looks } = findRobot(robot);
  if (!looks) return;
  const entities = [looks.base ?? [], ...Object.values(looks.links)].map((shapes) => ({ shapes }));
  for (const hash of meshFilesOf({ entities })) {
    const bytes = findMeshFile(hash, [process.cwd()]);
    if (bytes) keepMeshFile(bytes, folder);
  }
}

/** Keep a mesh file in a folder, where recordings in it find it. */
export function keepMeshFile(bytes: Uint8Array, folder: string): void {
  atomicWrite(join(folder, KEPT, `${hashOfMeshFile(bytes)}.glb`), bytes);
}

/**
 * Return the mesh file with this hash; undefined where there is none.
 *
 * Looked through are runs in `folders`, these folders and up to four above them, with the folder "robots" in each.
 */
export function findMeshFile(hash: string, folders: readonly string[]): Uint8Array | undefined {
  if (!/^[0-9a-f]{64}$/.test(hash)) return undefined;
  for (const file of candidates(hash, folders)) {
    const bytes = read(file);
    // what lies there may be of another version of the robot
    if (bytes && hashOfMeshFile(bytes) === hash) return bytes;
  }
  return undefined;
}

function* candidates(hash: string, folders: readonly string[]): Generator<string> {
  const noted = known.get(hash);
  if (noted) yield noted;
  const around = new Set(folders.flatMap((folder) => [resolve(folder), ...parentsOf(resolve(folder))]));
  for (const folder of around) yield join(folder, KEPT, `${hash}.glb`);
  for (const folder of folders)
    for (const name of list(folder)) yield join(folder, name, KEPT, `${hash}.glb`);
  for (const folder of around)
    for (const place of [folder, join(folder, "robots")])
      for (const name of list(place)) if (name.endsWith(ENDING)) yield join(place, name);
}

function parentsOf(folder: string): string[] {
  const parents = [dirname(folder)];
  while (parents.length < LEVELS) parents.push(dirname(parents.at(-1)!));
  return parents;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): Uint8Array | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return readWholeFile(file, MESH_FILE_LIMITS.bytes);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

// armgym import
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../../math/usage-error.js";
import { decodeText } from "../../robots/import/formats/decode-text.js";
import { MAX_XML_LENGTH } from "../../robots/import/formats/xml.js";
import { importUrdf } from "../../robots/import/import-robot.js";
import { robotSource } from "../../robots/import/robot-source.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { withFlags } from "../flag-names.js";
import { jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface ImportFlags {
  readonly out: string;
  readonly id?: string;
  readonly tip?: string;
  readonly gripper?: string;
  /** False where meshes are to be left out. */
  readonly meshes: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Most bytes of one mesh file that are read. */
const MAX_MESH_BYTES = 200_000_000;

/** Define `armgym import`. */
export function define(command: Command): void {
  command
    .argument("<file>", "the URDF; xacro must be expanded")
    .requiredOption("--out <file>", "TypeScript module to write, for example robots/mine.ts")
    .option("--id <name>", "name of the robot; default: the URDF's")
    .option("--tip <link>", "link that is the tool's frame, z axis out of the hand")
    .option("--gripper <joint>", "joint that moves the fingers")
    .option("--no-meshes", "leave collision meshes out")
    .option("--force", "overwrite the module")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  armgym import robot.urdf --out robots/mine.ts\n")
    .action(importCommand);
}

/** Read a URDF, write robot data, print what was assumed. */
function importCommand(file: string, options: ImportFlags): void {
  const { out, meshes, force, json, ...choices } = options;
  const text = readText(file);
  if (existsSync(out) && !force) {
    throw new UsageError(`${out} is there already. Choose another --out, or overwrite it by --force.`);
  }
  const { robot, assumptions: assumed } = importUrdf(text, {
    ...choices,
    file,
    ...(meshes ? { readMesh: (name: string) => readMesh(name, dirname(resolve(file))) } : {}),
  });
  const assumptions = assumed.map(withFlags);
  atomicWrite(out, robotSource(robot, assumptions));
  const fingers = robot.gripper ? "with a gripper" : "without a gripper";
  printAnswer(
    json,
    { robot: robot.id, out, assumptions },
    [
      `Wrote ${out}: robot "${robot.id}", ${robot.armJoints.length} joints, ${fingers}. Assumed:`,
      ...assumptions.map((assumption) => `  - ${assumption}`),
      `Try it: armgym check Reach-v1 --robot ./${out.replace(/^\.\//, "")}`,
    ].join("\n"),
  );
}

function readText(file: string): string {
  const status = existsSync(file) ? statSync(file) : undefined;
  if (!status?.isFile()) throw new UsageError(`There is no file ${file}. Give the path of a URDF.`);
  if (status.size > MAX_XML_LENGTH) {
    const size = (status.size / 1e6).toFixed(0);
    throw new UsageError(
      `${file} has ${size} MB, more than the ${MAX_XML_LENGTH / 1e6} MB that a robot description may have. Is it a URDF?`,
    );
  }
  return decodeText(readFileSync(file), file);
}

/** Look for a mesh below the URDF's folder, then below its parents, where ROS packages lie side by side. */
function readMesh(name: string, folder: string): Uint8Array | undefined {
  const packaged = /^package:\/\/(.+)$/.exec(name);
  const plain = packaged ? packaged[1]! : name.replace(/^file:\/\//, "");
  const inPackage = plain.split("/").slice(1).join("/");
  for (let base = folder; ; base = dirname(base)) {
    const candidates = [resolve(base, plain)];
    if (packaged && inPackage) candidates.push(join(base, inPackage));
    for (const path of candidates) {
      if (!existsSync(path) || !statSync(path).isFile()) continue;
      if (statSync(path).size > MAX_MESH_BYTES) {
        throw new UsageError(
          `The mesh ${path} is larger than ${MAX_MESH_BYTES / 1e6} MB. Give a coarser one for collision.`,
        );
      }
      return readFileSync(path);
    }
    if (!packaged || base === dirname(base) || basename(base) === "") return undefined;
  }
}

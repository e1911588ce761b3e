// armgym import
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type Progress, ProgressLine } from "../../log/progress-line.js";
import { quaternionFromAxisAngle } from "../../math/quaternion.js";
import { UsageError } from "../../math/usage-error.js";
import type { Pose } from "../../robots/import/description.js";
import { readRobot } from "../../robots/import/formats/read-robot.js";
import { quaternionFromRpy } from "../../robots/import/formats/urdf-values.js";
import { MAX_XML_LENGTH } from "../../robots/import/formats/xml.js";
import { groupAssumptions } from "../../robots/import/group-assumptions.js";
import type { ImportStep } from "../../robots/import/import-progress.js";
import { importRobots } from "../../robots/import/import-robots.js";
import { robotsSource, type WrittenRobot } from "../../robots/import/robot-source.js";
import { attachedFiles, attachPart } from "../../robots/import/structure/attach.js";
import { openSimplifier } from "../../robots/import/visuals/simplify-mesh.js";
import type { BasePose } from "../../robots/models/robot-model.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { checkRobot, type RobotReport } from "../../runs/check-robot.js";
import { hashOfMeshFile, meshFileBeside } from "../../runs/mesh-files.js";
import { readWholeFile } from "../../runs/read-file.js";
import { robotFiles } from "../../runs/robot-files.js";
import { withFlags } from "../flag-names.js";
import { collect, jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { describeRobotReport } from "./check-robot.js";

interface ImportFlags {
  readonly out: string;
  readonly id?: string;
  readonly root?: string;
  readonly tip?: string;
  readonly gripper?: string;
  readonly base?: BasePose;
  /** File of a part to attach. */
  readonly attach?: string;
  readonly at?: string;
  readonly attachPose?: Pose;
  /** Folders that meshes and packages are looked for in. */
  readonly meshPath: readonly string[];
  /** False where meshes are to be left out. */
  readonly meshes: boolean;
  /** False where the robot is not to be tried. */
  readonly check: boolean;
  readonly force?: boolean;
  /** Values of a xacro's arguments, each as "name:=value". */
  readonly arg: readonly string[];
  readonly json?: boolean;
}

/** Define `armgym import`. */
export function define(command: Command): void {
  command
    .argument("<file>", "the robot's file: URDF, xacro or MJCF; of several arms each becomes a robot")
    .requiredOption("--out <file>", "TypeScript module to write, for example robots/mine.ts")
    .option("--id <name>", "name of the robot; default: the file's")
    .option(
      "--root <link>",
      "link that the arm stands on; default: the file's root, or what carries several arms",
    )
    .option(
      "--tip <link>",
      "link that is the tool's frame, z axis out of the hand; of several arms it takes its own",
    )
    .option("--gripper <joint>", "joint that moves the fingers")
    .option(
      "--base <x,y,z,yaw>",
      "where the base stands, m and rad; default: where the hand reaches the table",
      basePose,
    )
    .option("--attach <file>", "gripper from a file of its own, URDF, xacro or MJCF")
    .option("--at <link>", "link that it is attached to; default: the arm's tool frame or last link")
    .option(
      "--attach-pose <x,y,z,r,p,y>",
      "where its root is in that link's frame, m and rad; default: in its origin",
      attachPose,
    )
    .option("--arg <name:=value>", "argument of a xacro; may be repeated; default: its own", collect, [])
    .option(
      "--mesh-path <folder>",
      "where meshes and ROS packages lie, beside the file's own folder; may be repeated",
      collect,
      [],
    )
    .option("--no-meshes", "leave collision meshes out")
    .option("--no-check", "do not try the robot afterwards, which takes a few seconds")
    .option("--force", "overwrite the module")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  armgym import robot.urdf --out robots/mine.ts
  armgym import arm.urdf --attach gripper.urdf --at tool0 --attach-pose 0,0,0.01,0,0,1.5708 --out robots/mine.ts
  armgym import two-arms.urdf --out robots/two.ts                    # a robot for each arm
  armgym import two-arms.urdf --tip left_hand --out robots/left.ts   # one of them
`,
    )
    .action(importCommand);
}

function basePose(text: string): BasePose {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [x, y, z, yaw] = numbers as [number, number, number, number];
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) {
    throw new UsageError(
      `--base is "${text}", expected four numbers x,y,z,yaw in m and rad, for example 0,0,0.2,1.57.`,
    );
  }
  return { position: [x, y, z], quaternion: quaternionFromAxisAngle([0, 0, 1], yaw) };
}

function attachPose(text: string): Pose {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [x, y, z, ...rpy] = numbers as [number, number, number, number, number, number];
  if (numbers.length !== 6 || !numbers.every(Number.isFinite)) {
    throw new UsageError(
      `--attach-pose is "${text}", expected six numbers x,y,z,roll,pitch,yaw in m and rad, for example 0,0,0.01,0,0,1.57.`,
    );
  }
  return { position: [x, y, z], quaternion: quaternionFromRpy(rpy) };
}

/** Read a robot's file, write robot data, print what was assumed. */
async function importCommand(file: string, options: ImportFlags): Promise<void> {
  const { force, json, ...wanted } = options;
  const { out, attach, at, attachPose: pose } = wanted;
  const bytes = readRobotFile(file);
  if (existsSync(out) && !force) {
    throw new UsageError(`${out} is there already. Choose another --out, or overwrite it by --force.`);
  }
  if (attach === undefined && (at !== undefined || pose !== undefined)) {
    throw new UsageError(
      `--${at === undefined ? "attach-pose" : "at"} says where, but not what: add --attach FILE.`,
    );
  }
  const progress = new ProgressLine(process.stderr);
  try {
    const written = await writeRobots(file, bytes, wanted, progress);
    progress.end();
    printAnswer(json, answerOf(out, written), describeWritten(out, written));
  } finally {
    progress.end();
  }
}

/** What the file holds as robots in the module, each tried unless that is not wanted. */
async function writeRobots(
  file: string,
  bytes: Uint8Array,
  options: Omit<ImportFlags, "force" | "json">,
  progress: Progress,
): Promise<Written[]> {
  const { out, meshPath, meshes, check, arg, attach, at, attachPose: pose, ...choices } = options;
  progress.show(`reading ${file}`, false);
  const ownFiles = robotFiles(file, meshPath);
  const drawing = { simplify: await openSimplifier(), hash: hashOfMeshFile };
  const own = readRobot(bytes, file, ownFiles, argumentsOf(arg));
  const part = attach === undefined ? undefined : readPart(attach, meshPath);
  const readFile = part ? attachedFiles(ownFiles, part.readFile) : ownFiles;
  const description = part
    ? attachPart(own, part.description, { ...(at === undefined ? {} : { at }), ...(pose ? { pose } : {}) })
    : own;
  const imported = importRobots(description, {
    ...choices,
    ...(meshes ? { readMesh: readFile, drawing } : {}),
    onProgress: (step) => progress.show(describeStep(step), false),
  }).map((made) => ({ ...made, assumptions: groupAssumptions(made.assumptions).map(withFlags) }));
  // before the module, which refers to it
  const meshFile = imported[0]!.meshFile;
  if (meshFile) atomicWrite(meshFileBeside(out), meshFile);
  atomicWrite(out, robotsSource(imported));
  return imported.map(({ name, robot, assumptions }): Written => {
    const trying = (what: string) => progress.show(`trying "${robot.id}": ${what}`, false);
    return { name, robot, assumptions, report: check ? checkRobot(robot, trying) : undefined };
  });
}

/** A robot that was written, and how it was found to be. */
interface Written extends WrittenRobot {
  readonly report: RobotReport | undefined;
}

const PHASES: Readonly<Record<ImportStep["phase"], string>> = {
  meshes: "reading meshes",
  shapes: "making collision shapes of links",
  place: "looking for where the hand works",
  grip: "closing the gripper on a block",
};

function describeStep({ phase, done, of }: ImportStep): string {
  return of === undefined ? PHASES[phase] : `${PHASES[phase]}: ${done} of ${of}`;
}

/** What `--json` prints: of several robots a list. */
function answerOf(out: string, written: readonly Written[]): object {
  const answers = written.map(({ name, robot, assumptions, report }) => ({
    ...(name === "" ? {} : { name }),
    robot: robot.id,
    out,
    assumptions,
    ...(report ? { check: report } : {}),
  }));
  return answers.length === 1 ? answers[0]! : { out, robots: answers };
}

function describeWritten(out: string, written: readonly Written[]): string {
  const path = `./${out.replace(/^\.\//, "")}`;
  const kind = ({ robot }: Written) =>
    `robot "${robot.id}", ${robot.armJoints.length} joints, ${robot.gripper ? "with a gripper" : "without a gripper"}`;
  const [first] = written;
  if (written.length === 1) {
    return [
      `Wrote ${out}: ${kind(first!)}. Assumed:`,
      ...foundOf(first!),
      `Try it: armgym check Reach-v1 --robot ${path}`,
    ].join("\n");
  }
  return [
    `Wrote ${out}: ${written.length} robots.`,
    ...written.flatMap((one) => [`"${one.name}": ${kind(one)}. Assumed:`, ...foundOf(one)]),
    `All in one cell: import { robots } from "${path}"; new RobotCell({ ...config, robots })`,
    `Try one: armgym check Reach-v1 --robot ${path}#${first!.robot.id}`,
  ].join("\n");
}

function foundOf({ assumptions, report }: Written): string[] {
  return [
    ...assumptions.map((assumption) => `  - ${assumption}`),
    ...(report ? [describeRobotReport(report)] : []),
  ];
}

function argumentsOf(assignments: readonly string[]): ReadonlyMap<string, string> {
  const pairs = assignments.map((assignment) => {
    const [, name, value] = /^([^:=\s]+):=(.*)$/s.exec(assignment) ?? [];
    if (name !== undefined) return [name, value!] as const;
    throw new UsageError(
      `--arg ${assignment} is no assignment. Write name:=value, for example --arg ur_type:=ur5e.`,
    );
  });
  return new Map(pairs);
}

function readPart(file: string, meshPath: readonly string[]) {
  const bytes = readRobotFile(file);
  const readFile = robotFiles(file, meshPath);
  return { readFile, description: readRobot(bytes, file, readFile) };
}

function readRobotFile(file: string): Uint8Array {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}. Give the path of a URDF or MJCF.`);
  return readWholeFile(file, MAX_XML_LENGTH);
}

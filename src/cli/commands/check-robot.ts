// armgym check-robot
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { readRobot } from "../../robots/import/formats/read-robot.js";
import { MAX_XML_LENGTH } from "../../robots/import/formats/xml.js";
import { importRobots } from "../../robots/import/import-robots.js";
import type { RobotModel } from "../../robots/models/robot-model.js";
import { checkRobot, type RobotReport } from "../../runs/check-robot.js";
import { locateRobot } from "../../runs/locate-robot.js";
import { readWholeFile } from "../../runs/read-file.js";
import { robotFiles } from "../../runs/robot-files.js";
import { withFlags } from "../flag-names.js";
import { jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

/** Files that are imported, by their names. */
const DESCRIPTION = /\.(urdf|xacro|xml|mjcf)$/i;

/** Define `armgym check-robot`. */
export function define(command: Command): void {
  command
    .argument(
      "<robot>",
      "a robot that comes with armgym (ur5e), a module that exports one (robots/mine.ts), or a file that is imported first (robot.urdf)",
    )
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  armgym check-robot robots/mine.ts\n")
    .action(checkRobotCommand);
}

/** Try the robot, or each of a file's, print a line for each thing, and set exit code 2 where one fails. */
async function checkRobotCommand(name: string, { json }: { readonly json?: boolean }): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const robots = DESCRIPTION.test(name) ? importedRobots(name) : [await locateRobot(name)];
  const reports = robots.map((robot) => checkRobot(robot, (what) => progress.show(`trying ${what}`, false)));
  progress.end();
  const answer = reports.length === 1 ? reports[0]! : { robots: reports };
  printAnswer(json, answer, reports.map(describeRobotReport).join("\n\n"));
  if (!reports.every(({ passed }) => passed)) process.exitCode = 2;
}

/** Import a robot's file as `armgym import` does without options. */
function importedRobots(file: string): RobotModel[] {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}. Give the path of a URDF or MJCF.`);
  const readFile = robotFiles(file);
  const description = readRobot(readWholeFile(file, MAX_XML_LENGTH), file, readFile);
  return importRobots(description, { readMesh: readFile }).map(({ robot }) => robot);
}

/** Describe a report: a line for each thing, beneath a failed one what to change, and the verdict. */
export function describeRobotReport({ robot, title, passed, items }: RobotReport): string {
  const mark = { pass: "✓", fail: "✗", skip: "-" };
  const width = Math.max(...items.map(({ name }) => name.length));
  const lines = items.flatMap(({ name, status, measured, advice }) => [
    `${mark[status]} ${name.padEnd(width)}  ${measured}`,
    ...(advice ? [`    ${withFlags(advice)}`] : []),
  ]);
  const failed = items.filter(({ status }) => status === "fail").length;
  const verdict = passed
    ? `Robot "${robot}" is fit for tasks.`
    : `Robot "${robot}" fails ${failed} of ${items.length} checks.`;
  return [title, ...lines, verdict].join("\n");
}

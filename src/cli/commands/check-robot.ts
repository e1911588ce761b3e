// armgym check-robot
import type { Command } from "commander";
import { checkRobot, type RobotReport } from "../../runs/check-robot.js";
import { locateRobot } from "../../runs/locate-robot.js";
import { withFlags } from "../flag-names.js";
import { jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

/** Define `armgym check-robot`. */
export function define(command: Command): void {
  command
    .argument(
      "<robot>",
      "a robot that comes with armgym (ur5e), or a module that exports one (robots/mine.ts)",
    )
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  armgym check-robot robots/mine.ts\n")
    .action(checkRobotCommand);
}

/** Try the robot, print a line for each thing, and set exit code 2 where it fails one. */
async function checkRobotCommand(name: string, { json }: { readonly json?: boolean }): Promise<void> {
  const report = checkRobot(await locateRobot(name));
  printAnswer(json, report, describeRobotReport(report));
  if (!report.passed) process.exitCode = 2;
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

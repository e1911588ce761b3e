// What a training says beforehand of a robot that fails its check; it is checked once, and what came of it is kept by its content.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findRobot } from "../robots/models/robots.js";
import { VERSION } from "../version.js";
import { atomicWrite } from "./atomic-write.js";
import { checkRobot, type RobotReport } from "./check-robot.js";

/**
 * Return what is wrong with the robot of an environment's config, in lines; undefined for one that passes, those that come with armgym, and
 * an environment without a robot.
 *
 * The answer is kept in the user's cache (XDG_CACHE_HOME, else ~/.cache) under the hash of the robot's data.
 */
export function robotWarning({ robot }: Readonly<Record<string, unknown>>): string | undefined {
  // an id is that of a robot that ships, all of which pass
  if (typeof robot !== "string" || !robot.startsWith("{")) return undefined;
  const key = createHash("sha256").update(`${VERSION}\n${robot}`).digest("hex");
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const file = join(cache, "armgym", "robots", `${key}.txt`);
  const known = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const warning = known ?? describeFailures(checkRobot(findRobot(robot)));
  if (known === undefined) keep(file, warning);
  return warning === "" ? undefined : warning;
}

/** Describe what a robot fails at, a line each; an empty text where that is nothing. */
function describeFailures({ robot, passed, items }: RobotReport): string {
  if (passed) return "";
  const failed = items.filter(({ status }) => status === "fail");
  return [
    `Robot "${robot}" fails ${failed.length} of ${items.length} checks, and what is learned with it suffers:`,
    ...failed.map(({ name, measured, advice }) => `  ${name}: ${measured}. ${advice}`),
  ].join("\n");
}

function keep(file: string, warning: string): void {
  try {
    atomicWrite(file, warning);
  } catch {
    // without a place to keep it in, the robot is checked again the next time
  }
}

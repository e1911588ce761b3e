// The robots that come with the library, and those handed in as data.
import { didYouMean } from "../../math/nearest.js";
import { optionText, UsageError } from "../../math/usage-error.js";
import { isRobotModel, requireValidRobot } from "../import/require-valid-robot.js";
import { fr3 } from "./fr3.js";
import { gen3 } from "./gen3.js";
import { panda } from "./panda.js";
import type { RobotModel } from "./robot-model.js";
import { so100 } from "./so100.js";
import { so101 } from "./so101.js";
import { ur5e } from "./ur5e.js";
import { ur10e } from "./ur10e.js";
import { wx250s } from "./wx250s.js";
import { xarm7 } from "./xarm7.js";

/** All robots by id. */
export const robots: Readonly<Record<string, RobotModel>> = {
  panda,
  ur5e,
  xarm7,
  so101,
  so100,
  ur10e,
  gen3,
  fr3,
  wx250s,
};

/** Robots read from JSON, so that the many environments of a group parse it once. */
const readRobots = new Map<string, RobotModel>();

/**
 * Return the robot called `id`; throws UsageError with the near match when there is none.
 *
 * `id` may also be a robot's data as JSON: a run's config then holds the whole robot and needs no file of the user's.
 *
 * @throws UsageError with the near match where there is no such robot, or its data is damaged.
 * @example
 * const { workspace } = findRobot("ur5e");
 */
export function findRobot(id: string): RobotModel {
  if (Object.hasOwn(robots, id)) return robots[id]!;
  if (id.startsWith("{")) return robotFromJson(id);
  const ids = Object.keys(robots);
  throw new UsageError(
    `Unknown robot "${id}". ${didYouMean(id, ids)}Available: ${ids.join(", ")}. ` +
      `A robot of your own is given by its file: ${optionText("robot", "./mine.ts")}.`,
  );
}

function robotFromJson(text: string): RobotModel {
  const known = readRobots.get(text);
  if (known) return known;
  let robot: unknown;
  try {
    robot = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The robot's data is not JSON: ${(error as Error).message}.`);
  }
  if (!isRobotModel(robot)) throw new UsageError("The robot's data lacks its articulation or armJoints.");
  requireValidRobot(robot);
  readRobots.set(text, robot);
  return robot;
}

// The robots that come with the library.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import { panda } from "./panda.js";
import type { RobotModel } from "./robot-model.js";
import { so101 } from "./so101.js";
import { ur5e } from "./ur5e.js";
import { xarm7 } from "./xarm7.js";

/** All robots by id. */
export const robots: Readonly<Record<string, RobotModel>> = { panda, ur5e, xarm7, so101 };

/** Return the robot called `id`; throws UsageError with the near match when there is none. */
export function findRobot(id: string): RobotModel {
  if (Object.hasOwn(robots, id)) return robots[id]!;
  const ids = Object.keys(robots);
  throw new UsageError(`Unknown robot "${id}". ${didYouMean(id, ids)}Available: ${ids.join(", ")}.`);
}

// The robots that come with the library.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import { panda } from "./panda.js";
import type { RobotModel } from "./robot-model.js";

/** All robots by id. */
export const robots = { panda } as const satisfies Record<string, RobotModel>;

/** Return the robot called `id`; throws UsageError with the near match when there is none. */
export function findRobot(id: string): RobotModel {
  if (Object.hasOwn(robots, id)) return robots[id as keyof typeof robots];
  const ids = Object.keys(robots);
  throw new UsageError(`Unknown robot "${id}". ${didYouMean(id, ids)}Available: ${ids.join(", ")}.`);
}

// Can a robot do what tasks ask of one? All that needs no task.
import type { RobotModel } from "../../robots/models/robot-model.js";
import { checkLift, checkRandom, checkSquare, checkStill } from "./motion-checks.js";
import { checkGravity, checkRegion, checkSelfCollision } from "./posture-checks.js";
import { type RobotCheckItem, skipped } from "./robot-check-item.js";

/** What needs a region to be tried in. */
const IN_REGION: Readonly<Record<string, (robot: RobotModel) => RobotCheckItem>> = {
  "links keep clear of each other": checkSelfCollision,
  "stands still": checkStill,
  "follows a square": checkSquare,
  "lifts a block": checkLift,
  "survives random actions": checkRandom,
};

/** Try `robot` at standing, moving and lifting, in a fixed order; the same robot always gives the same lines. */
export function tryRobot(robot: RobotModel): RobotCheckItem[] {
  const region = checkRegion(robot);
  const hasRegion = robot.taskRegion.low.every((low, k) => low < robot.taskRegion.high[k]!);
  const inRegion = Object.entries(IN_REGION).map(([name, check]) =>
    hasRegion ? check(robot) : skipped(name, "it has no task region"),
  );
  return [region, checkGravity(robot), ...inRegion];
}

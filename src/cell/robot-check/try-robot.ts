// Can a robot do what tasks ask of one? All that needs no task.
import type { RobotModel } from "../../robots/models/robot-model.js";
import { checkLift, checkRandom, checkSquare, checkStill } from "./motion-checks.js";
import { checkGravity, checkRegion, checkSelfCollision } from "./posture-checks.js";
import { judged, type RobotCheckItem, skipped } from "./robot-check-item.js";

type Check = (robot: RobotModel) => RobotCheckItem;

/** What needs a region to be tried in. */
const IN_REGION: Readonly<Record<string, Check>> = {
  "links keep clear of each other": checkSelfCollision,
  "stands still": checkStill,
  "follows a square": checkSquare,
  "lifts a block": checkLift,
  "survives random actions": checkRandom,
};

/** Try `robot` at standing, moving and lifting, in a fixed order; the same robot always gives the same lines. */
export function tryRobot(robot: RobotModel): RobotCheckItem[] {
  const hasRegion = robot.taskRegion.low.every((low, k) => low < robot.taskRegion.high[k]!);
  return [
    tried("reaches its region", robot, checkRegion),
    tried("holds gravity at its reach limit", robot, checkGravity),
    ...Object.entries(IN_REGION).map(([name, check]) =>
      hasRegion ? tried(name, robot, check) : skipped(name, "it has no task region"),
    ),
  ];
}

/** A robot that the simulation refuses fails the line; the others may still tell why. */
function tried(name: string, robot: RobotModel, check: Check): RobotCheckItem {
  try {
    return check(robot);
  } catch (error) {
    return judged(name, false, "it cannot be tried", error instanceof Error ? error.message : String(error));
  }
}

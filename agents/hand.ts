// What an expert knows of the hand that it moves, from the robot's model.
import { type EnvSpec, type FixedJaw, findRobot, fixedJaw } from "../src/index.js";

/** A hand as it matters to an expert. */
export interface Hand {
  /** The jaw that stands still while the other one closes on it; undefined where both fingers move. */
  readonly jaw: FixedJaw | undefined;
  /** The tool is moved no faster than this along an axis, m/s. */
  readonly speed: number;
}

/** An arm of fewer than six joints cannot hold its hand upright while they lag: faster than this it tilts what it holds, m/s. */
const SHORT_ARM = { joints: 6, speed: 0.3 } as const;

/** Return the hand of the robot that `spec` is of. */
export function handOf({ config }: EnvSpec): Hand {
  const robot = findRobot(config.robot as string);
  const isShort = robot.armJoints.length < SHORT_ARM.joints;
  return { jaw: fixedJaw(robot), speed: isShort ? SHORT_ARM.speed : Number.POSITIVE_INFINITY };
}

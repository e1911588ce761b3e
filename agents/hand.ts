// What an expert knows of the hand that it moves, from the robot's model.
import {
  closedFingers,
  type EnvInfo,
  type FixedJaw,
  findRobot,
  fixedJaw,
  type RobotModel,
} from "../src/index.js";

/** A hand as it matters to an expert. */
export interface Hand {
  /** The jaw that stands still while the other one closes on it; undefined where both fingers move. */
  readonly jaw: FixedJaw | undefined;
  /** Where tasks hold the middle of the closed fingers to be, from the tool centre point along the tool's x, m. */
  readonly fingers: number;
  /** Where the tool may be commanded, m. */
  readonly workspace: RobotModel["workspace"];
  /** The tool is moved no faster than this along an axis, m/s. */
  readonly speed: number;
}

/** An arm of fewer than six joints cannot hold its hand upright while they lag: faster than this it tilts what it holds, m/s. */
const SHORT_ARM = { joints: 6, speed: 0.3 } as const;

/**
 * Return the box that closed fingers fill: its middle along x from the tool centre point, and its half extents along x and y, m.
 *
 * Two fingers that slide together meet at the tool centre point: `usual` are their half extents.
 */
export function closedFingersOf(
  { jaw }: Hand,
  usual: readonly [number, number],
): { readonly middle: number; readonly half: readonly [number, number] } {
  if (!jaw) return { middle: 0, half: usual };
  const { low, high } = jaw.closed;
  return { middle: (low[0] + high[0]) / 2, half: [(high[0] - low[0]) / 2, (high[1] - low[1]) / 2] };
}

/** Return the hand of the robot that `spec` is of. */
export function handOf({ config }: EnvInfo): Hand {
  const robot = findRobot(config.robot as string);
  const isShort = robot.armJoints.length < SHORT_ARM.joints;
  return {
    jaw: fixedJaw(robot),
    fingers: closedFingers(robot)[0],
    workspace: robot.workspace,
    speed: isShort ? SHORT_ARM.speed : Number.POSITIVE_INFINITY,
  };
}

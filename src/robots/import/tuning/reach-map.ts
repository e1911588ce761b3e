// The largest box of space that an arm reaches with its hand down from a posture, on a grid around a place.
import type { Vec3 } from "../../../math/vector.js";
import type { InverseKinematics } from "../../control/inverse-kinematics.js";
import type { Region, RobotModel } from "../../models/robot-model.js";
import type { Clearance } from "./clearance.js";
import { linksBeforeHand } from "./clearance.js";
import { reaches } from "./posture-search.js";

/** Columns on each side of the middle one, and how many of them a task wants side by side. */
const COLUMNS = 6;
const WANTED = 5;
/** Heights that are tried as the top of the box, as shares of the one wanted; the box is reached at all that lie below. */
const HEIGHTS = [0, 1 / 3, 2 / 3, 1] as const;
/** What a box of that height is worth: width matters more, but a lift needs some. */
const WORTH = [0, 0.4, 0.8, 1] as const;
/** A box narrower than this many columns is none, and one lower than the second height neither. */
const LEAST = 2;

/** Where a box is looked for, and what tasks want of it, m. */
export interface Wanted {
  readonly middle: readonly [number, number];
  /** Width and depth. */
  readonly size: number;
  readonly lowest: number;
  readonly top: number;
}

/** A box that is reached, and how much of what tasks want it is, 0 to 1. */
export interface ReachedBox extends Region {
  readonly share: number;
}

/**
 * Return the best box around `middle` that `robot` reaches from its rest posture at yaw 0; undefined where there is none.
 *
 * `size` is the width and depth that tasks want, from `lowest` up to `top` (m). Columns lie a fifth of `size` apart; each is reached at
 * every height of the box, with no link but the hand's below the table and none in another.
 */
export function largestBox(
  robot: RobotModel,
  kinematics: InverseKinematics,
  clearance: Clearance,
  { middle, size, lowest: bottom, top }: Wanted,
): ReachedBox | undefined {
  const pitch = size / WANTED;
  const count = 2 * COLUMNS + 1;
  const at = (index: number, axis: 0 | 1) => middle[axis] + (index - COLUMNS) * pitch;
  const above = linksBeforeHand(robot.articulation, robot.tcp.link);
  const isFree = (x: number, y: number, z: number) => {
    const joints = Float64Array.from(robot.rest);
    if (!reaches(kinematics, joints, [x, y, z], 0)) return false;
    const positions = [...joints, ...robot.home.slice(joints.length)];
    const lowest = clearance.lowestPoints(positions);
    return above.every((link) => lowest[link]! >= 0) && clearance.overlaps(positions).length === 0;
  };
  const isReachedUpTo = (row: number, column: number) => {
    const heights = HEIGHTS.map((share) => bottom + share * (top - bottom));
    const missed = heights.findIndex((z) => !isFree(at(row, 0), at(column, 1), z));
    return missed < 0 ? HEIGHTS.length : missed;
  };
  const reached = columnsReached(count, isReachedUpTo);
  let best: ReachedBox | undefined;
  for (let levels = HEIGHTS.length; levels >= 2; levels--) {
    const free = Array.from(reached, (height) => height >= levels);
    const share = HEIGHTS[levels - 1]!;
    for (const [x0, x1, y0, y1] of rectangles(free, count)) {
      const shareOfBox = WORTH[levels - 1]! * shareOf(x1 - x0, y1 - y0);
      if (shareOfBox <= (best?.share ?? 0)) continue;
      const height = bottom + share * (top - bottom);
      best = { low: [at(x0, 0), at(y0, 1), bottom], high: [at(x1, 0), at(y1, 1), height], share: shareOfBox };
    }
  }
  return best && { ...best, share: Math.min(1, best.share) };
}

/** How much of what tasks want a box of so many columns is; of boxes that hold all of it the one with most room is best. */
function shareOf(depth: number, width: number): number {
  if (Math.min(depth, width) < LEAST) return 0;
  return Math.min(1, depth / WANTED) * Math.min(1, width / WANTED) + 1e-3 * Math.min(depth, width);
}

/** Return how many heights of each column are reached one above the other, from the middle outwards as far as any box goes. */
function columnsReached(count: number, isReachedUpTo: (row: number, column: number) => number): Uint8Array {
  const reached = new Uint8Array(count * count);
  const asked = new Set([COLUMNS * count + COLUMNS]);
  for (const cell of asked) {
    const [row, column] = [Math.floor(cell / count), cell % count];
    reached[cell] = isReachedUpTo(row, column);
    if (reached[cell] < 2) continue;
    if (row > 0) asked.add(cell - count);
    if (row < count - 1) asked.add(cell + count);
    if (column > 0) asked.add(cell - 1);
    if (column < count - 1) asked.add(cell + 1);
  }
  return reached;
}

/** List the rectangles of free cells that hold the middle of a side each: first and last row, first and last column. */
function* rectangles(free: readonly boolean[], count: number): Generator<[number, number, number, number]> {
  for (let x0 = 0; x0 < count; x0++) {
    const open = new Array<boolean>(count).fill(true);
    for (let x1 = x0; x1 < count; x1++) {
      for (let y = 0; y < count; y++) open[y] &&= free[x1 * count + y]!;
      for (let y0 = 0; y0 < count; y0++) {
        if (!open[y0]) continue;
        let y1 = y0;
        while (y1 + 1 < count && open[y1 + 1]) y1++;
        yield [x0, x1, y0, y1];
        y0 = y1;
      }
    }
  }
}

/** Tell whether the tool reaches every point of a grid over `region` at each of `yaws`, from the rest posture. */
export function isReached(
  robot: RobotModel,
  kinematics: InverseKinematics,
  { low, high }: Region,
  yaws: readonly number[],
): boolean {
  const along = (axis: 0 | 1 | 2, count: number) =>
    Array.from({ length: count }, (_, k) => low[axis] + (k * (high[axis] - low[axis])) / (count - 1));
  const points = along(0, 7).flatMap((x) =>
    along(1, 7).flatMap((y) => along(2, 4).map((z): Vec3 => [x, y, z])),
  );
  return yaws.every((yaw) =>
    points.every((point) => reaches(kinematics, Float64Array.from(robot.rest), point, yaw)),
  );
}

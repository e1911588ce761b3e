// Where things may start or be wanted: the same data is sampled by a task and drawn by the viewer.
import { IDENTITY_QUATERNION } from "../math/quaternion.js";
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { Vec3 } from "../math/vector.js";
import type { Region } from "../robots/models/robot-model.js";
import type { Color, SceneEntity } from "../scene/scene.js";

/** An axis-aligned box of positions, m; flat where low and high agree along an axis. */
export interface Area {
  /** Name in the scene, for example "goal area". */
  readonly name: string;
  /** Lower corner, m. */
  readonly low: Vec3;
  /** Upper corner, m. */
  readonly high: Vec3;
  /** How it is drawn. */
  readonly color: Color;
}

const SPAWN_COLOR: Color = [0.2, 0.45, 0.9, 0.1];
/** Colour of areas where goals lie. */
export const GOAL_COLOR: Color = [0.1, 0.75, 0.35, 0.08];

/** Tries before `sampleApart` draws all positions anew, and how often it does before it gives up. */
const MAX_TRIES = 1000;
const MAX_LAYOUTS = 50;
/** Share of each side of an area that is used at difficulty 0. */
const LEAST_SHARE = 0.2;
/** What is drawn of a flat area, m. */
const SHEET = 0.001;

/**
 * Make the area of a robot's task region where goals float, m.
 *
 * @throws Nothing.
 * @example
 * const area = airArea("goal area", findRobot("panda").taskRegion);
 */
export function airArea(name: string, { low, high }: Region): Area {
  return { name, low, high, color: GOAL_COLOR };
}

/**
 * Make the area of a robot's task region where centres of objects of half height `z` start, `inset` m from its edge.
 *
 * @throws Nothing.
 * @example
 * const area = tableArea("spawn area", robot.taskRegion, 0.02);
 */
export function tableArea(name: string, { low, high }: Region, z: number, inset = 0): Area {
  return {
    name,
    low: [low[0] + inset, low[1] + inset, z],
    high: [high[0] - inset, high[1] - inset, z],
    color: SPAWN_COLOR,
  };
}

/**
 * Draw a position; axes along which the area is flat draw nothing. A `difficulty` below 1 shrinks the area about its middle.
 *
 * @throws Nothing.
 * @example
 * const goal = sampleArea(area, random, difficulty);
 */
export function sampleArea(area: Area, random: Random, difficulty = 1): Vec3 {
  const { low, high } = shrink(area, difficulty);
  const draw = (axis: 0 | 1 | 2) =>
    low[axis] === high[axis] ? low[axis] : random.uniform(low[axis], high[axis]);
  return [draw(0), draw(1), draw(2)];
}

/** Return the part of `area` that is used at `difficulty`: all of it at 1, the middle fifth of each side at 0. */
function shrink(area: Area, difficulty: number): Pick<Area, "low" | "high"> {
  if (difficulty === 1) return area;
  const { low, high } = area;
  const share = LEAST_SHARE + (1 - LEAST_SHARE) * difficulty;
  const end = (side: 1 | -1, axis: 0 | 1 | 2) =>
    (low[axis] + high[axis] + side * share * (high[axis] - low[axis])) / 2;
  return { low: [end(-1, 0), end(-1, 1), end(-1, 2)], high: [end(1, 0), end(1, 1), end(1, 2)] };
}

/**
 * Draw `count` positions, any two at least `distance` (m) apart.
 *
 * A `difficulty` below 1 shrinks the area about its middle, as far as it still holds them.
 *
 * @throws UsageError where the area is too small for that.
 * @example
 * const [cube, goal] = sampleApart(area, 2, 0.08, random);
 */
export function sampleApart(
  area: Area,
  count: number,
  distance: number,
  random: Random,
  difficulty = 1,
): Vec3[] {
  let placed: Vec3[] = [];
  let used = difficulty;
  for (let tries = 1; placed.length < count; tries++) {
    // the first ones may lie so that no place is left for the rest: then all are drawn anew
    if (tries % MAX_TRIES === 0) {
      placed = [];
      used = Math.min(1, used + 0.1);
    }
    if (tries === MAX_TRIES * MAX_LAYOUTS) {
      const [width, depth] = [area.high[0] - area.low[0], area.high[1] - area.low[1]];
      throw new UsageError(
        `The ${area.name}, ${cm(width)} x ${cm(depth)} cm, cannot hold ${count} things ${cm(distance)} cm apart. ` +
          "Choose a robot that reaches further, or a smaller distance.",
      );
    }
    const [x, y, z] = sampleArea(area, random, used);
    if (placed.every((other) => Math.hypot(x - other[0], y - other[1], z - other[2]) >= distance))
      placed.push([x, y, z]);
  }
  return placed;
}

/**
 * Throw a UsageError where `area` is too small for `count` positions, any two at least `distance` (m) apart: in `build`, so that no
 * later reset has to.
 *
 * @throws UsageError with what the area measures.
 * @example
 * assertRoom(area, 2, config.goalDistance);
 */
export function assertRoom(area: Area, count: number, distance: number): void {
  sampleApart(area, count, distance, createRandom(area.name));
}

function cm(metres: number): number {
  return Math.round(100 * metres);
}

/** Describe an area to a viewer: a translucent box, or a sheet on the table where it has no height. */
export function areaEntity({ name, low, high, color }: Area): SceneEntity {
  const height = high[2] - low[2];
  const middle = height === 0 ? SHEET / 2 : (low[2] + high[2]) / 2;
  return {
    id: name,
    kind: "region",
    shapes: [
      {
        type: "box",
        size: [high[0] - low[0], high[1] - low[1], Math.max(height, SHEET)],
        position: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, middle],
        quaternion: IDENTITY_QUATERNION,
        color,
      },
    ],
  };
}

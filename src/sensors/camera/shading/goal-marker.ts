// Where the goal is, drawn so that nothing hides it: a translucent ball over everything, and a disc on the table below it.
import type { SceneDescription } from "../../../scene/scene.js";
import type { RayTarget } from "../raycast/ray-target.js";
import type { Viewpoint } from "../raycast/viewpoint.js";

/** Share of the marker's colour where it covers the picture. */
const COVER = 0.6;
/** How near to the table's top a point must be to lie on it, m. */
const ON_TABLE = 0.002;

/** A ball that marks a goal. */
export interface Goal {
  /** Index of its entity. */
  readonly entity: number;
  readonly radius: number;
  /** 0 to 255 */
  readonly color: readonly number[];
  /** It is seen in so many pictures of an episode, from the first on. */
  readonly seenInFirst: number;
}

/** Return the goal of a scene, where it has one that is a ball. */
export function goalOf({ entities }: SceneDescription): Goal | undefined {
  const entity = entities.findIndex(({ kind }) => kind === "goal");
  const { shapes = [], seenInFirst = Infinity } = entities[entity] ?? {};
  const [shape] = shapes;
  if (shape?.type !== "sphere") return undefined;
  const color = shape.color.slice(0, 3).map((value) => 255 * value);
  return { entity, radius: shape.radius, color, seenInFirst };
}

/** Blend the ball around (x, y, z), in the camera's frame, over `pixels`; `color` is 0 to 255. */
export function drawGoalOverlay(
  target: RayTarget,
  pixels: Uint8ClampedArray,
  [x, y, z]: Float64Array,
  radius: number,
  color: ArrayLike<number>,
): void {
  if (x === undefined || y === undefined || z === undefined || !target.boundBall(x, y, z, radius)) return;
  const { width, us, vs, left, right, top, bottom } = target;
  const outside = x * x + y * y + z * z - radius * radius;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    for (let column = left; column <= right; column++) {
      const u = us[column]!;
      const b = x * u + y * v + z;
      if (b < 0 || b * b < outside * (u * u + v * v + 1)) continue;
      const o = 3 * (row * width + column);
      for (let k = 0; k < 3; k++) pixels[o + k] = (1 - COVER) * pixels[o + k]! + COVER * color[k]!;
    }
  }
}

/**
 * Make the pixels of the table's top within `radius` of the goal the surface `part`.
 *
 * (goalX, goalY) is its place in the world, `centre` the point of the table below it in the camera's frame; `onTable` tells
 * which parts belong to the table.
 */
export function drawGoalDisc(
  target: RayTarget,
  goalX: number,
  goalY: number,
  centre: Float64Array,
  radius: number,
  { eye, view }: Viewpoint,
  onTable: Uint8Array,
  part: number,
): boolean {
  if (!target.boundBall(centre[0]!, centre[1]!, centre[2]!, radius)) return false;
  const { width, us, vs, inverseDepths, parts, left, right, top, bottom } = target;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    for (let column = left; column <= right; column++) {
      const o = row * width + column;
      if (onTable[parts[o]!] === 0) continue;
      const depth = 1 / inverseDepths[o]!;
      const u = us[column]!;
      const x = eye[0]! + depth * (view[0]! * u + view[3]! * v + view[6]!) - goalX;
      const y = eye[1]! + depth * (view[1]! * u + view[4]! * v + view[7]!) - goalY;
      const z = eye[2]! + depth * (view[2]! * u + view[5]! * v + view[8]!);
      if (x * x + y * y <= radius * radius && z * z < ON_TABLE * ON_TABLE) parts[o] = part;
    }
  }
  return true;
}

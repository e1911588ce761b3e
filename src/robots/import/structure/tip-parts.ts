// The parts of a hand's shapes that are at its finger tips: what holds things, without the rest of the fingers.

import type { ConvexHull } from "../../../math/convex-hull.js";
import { IDENTITY_QUATERNION } from "../../../math/quaternion.js";
import { add, dot, scale, subtract, type Vec3 } from "../../../math/vector.js";
import type { CollisionShape } from "../../../physics/articulation/articulation-model.js";
import { ColliderSet, type ColliderShape, colliderShape } from "../../../physics/collision/collider-set.js";
import { type Hand, originOf, tipShapes, turnInto } from "./hand.js";
import { type LinkShapes, reachAlong } from "./link-shapes.js";

/** Tips are this long, m. */
const LENGTH = 0.03;
/** Most corners of a part. */
const MOST_CORNERS = 64;

/** Parts at the tips of both sides, as shapes of their links. */
export interface TipParts {
  readonly shapes: LinkShapes;
  readonly sides: readonly [readonly number[], readonly number[]];
}

/** Cut the shapes at the tips of both sides, as the hand stands, to what lies within 3 cm of the tip. */
export function cutTips(hand: Hand): TipParts {
  const { arm, shapes, out } = hand;
  const colliders = new ColliderSet();
  const ofLink: number[][] = arm.model.links.map(() => []);
  const sides = ([0, 1] as const).map((side) => {
    const tips = tipShapes(hand, side);
    const top = tips.length === 0 ? 0 : reachAlong(shapes, tips, out);
    return tips.map((shape) => {
      const link = shapes.colliders.link[shape]!;
      const model = modelOf(hand, shape);
      const hull = shapes.colliders.hulls[shape];
      const part = hull && cutHull(hand, shape, hull, top - LENGTH);
      const index = part
        ? colliders.add(part, { link, free: -1 }, 1)
        : colliders.add(
            colliderShape(model),
            { link, free: -1 },
            1,
            model.position,
            (model.type === "sphere" ? undefined : model.quaternion) ?? IDENTITY_QUATERNION,
          );
      ofLink[link]!.push(index);
      return index;
    });
  }) as unknown as TipParts["sides"];
  return { shapes: { colliders, ofLink }, sides };
}

/** The shape of the model that a collider is. */
function modelOf({ arm, shapes }: Hand, shape: number): CollisionShape {
  const link = shapes.colliders.link[shape]!;
  return arm.model.links[link]!.collision[shapes.ofLink[link]!.indexOf(shape)]!;
}

/** What of a hull lies further out than `height` along the way out of the hand, in its link's frame; undefined where that is all or flat. */
function cutHull(
  { arm, shapes: { colliders }, out }: Hand,
  shape: number,
  hull: ConvexHull,
  height: number,
): ColliderShape | undefined {
  const link = colliders.link[shape]!;
  const R = colliders.rotations.subarray(9 * shape, 9 * shape + 9);
  const P = colliders.positions.subarray(3 * shape, 3 * shape + 3);
  const corners = Array.from({ length: hull.vertices.length / 3 }, (_, k) => {
    const [x, y, z] = hull.vertices.subarray(3 * k, 3 * k + 3);
    return [0, 1, 2].map(
      (row) => P[row]! + R[3 * row]! * x! + R[3 * row + 1]! * y! + R[3 * row + 2]! * z!,
    ) as unknown as Vec3;
  });
  const heights = corners.map((corner) => dot(corner, out) - height);
  if (heights.every((above) => above >= 0)) return undefined;
  const kept = corners.filter((_, k) => heights[k]! >= 0);
  for (let face = 0; face + 1 < hull.faceStart.length; face++) {
    const loop = hull.faceVertices.subarray(hull.faceStart[face], hull.faceStart[face + 1]);
    for (const [k, a] of loop.entries()) {
      const b = loop[(k + 1) % loop.length]!;
      // each edge belongs to two faces: once from above to below
      if (!(heights[a]! >= 0 && heights[b]! < 0)) continue;
      const share = heights[a]! / (heights[a]! - heights[b]!);
      kept.push(add(corners[a]!, scale(share, subtract(corners[b]!, corners[a]!))));
    }
  }
  if (kept.length > MOST_CORNERS) return undefined;
  const points = kept.map((point) => turnInto(arm, link, subtract(point, originOf(arm, link))));
  try {
    return colliderShape({ type: "convex", points });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

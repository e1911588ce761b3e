// The collision shapes of an arm's links where it stands: how far they reach, what faces where, and how far they are apart.
import { IDENTITY_QUATERNION } from "../../../math/quaternion.js";
import { add, dot, scale, type Vec3 } from "../../../math/vector.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import { ColliderSet, colliderShape } from "../../../physics/collision/collider-set.js";
import {
  coreRadius,
  MAX_FEATURE,
  supportFeature,
  supportPoint,
} from "../../../physics/collision/collider-support.js";
import { closestDirection } from "../../../physics/collision/gjk.js";

/** A face looks into a direction where its normal has this cosine with it. */
const FACING = 0.9;

/** Shapes of all links, as indices of `colliders`. */
export interface LinkShapes {
  readonly colliders: ColliderSet;
  /** Shapes of each link. [numLinks] */
  readonly ofLink: readonly (readonly number[])[];
}

/** A place on the surface of a shape and its normal. */
export interface SurfacePoint {
  readonly point: Vec3;
  readonly normal: Vec3;
}

/** Gather the shapes of the links of `arm`. */
export function linkShapes({ model: { links } }: Articulation): LinkShapes {
  const colliders = new ColliderSet();
  const ofLink = links.map(({ collision }, link) =>
    collision.map((shape) =>
      colliders.add(
        colliderShape(shape),
        { link, free: -1 },
        1,
        shape.position,
        (shape.type === "sphere" ? undefined : shape.quaternion) ?? IDENTITY_QUATERNION,
      ),
    ),
  );
  return { colliders, ofLink };
}

/** Put the shapes where `arm` stands. */
export function placeShapes({ colliders, ofLink }: LinkShapes, arm: Articulation): void {
  for (const [link, shapes] of ofLink.entries())
    for (const shape of shapes)
      colliders.place(shape, arm.linkPositions, 3 * link, arm.linkRotations, 9 * link);
}

/** Return the point of `shape` that lies furthest along the unit vector `direction`. */
export function furthest({ colliders }: LinkShapes, shape: number, direction: Vec3): Vec3 {
  const point = new Float64Array(3);
  supportPoint(colliders, shape, ...direction, point, 0);
  const core: Vec3 = [point[0]!, point[1]!, point[2]!];
  return add(core, scale(coreRadius(colliders, shape), direction));
}

/** Return how far `shapes` reach along the unit vector `direction`, m. */
export function reachAlong(shapes: LinkShapes, of: readonly number[], direction: Vec3): number {
  return Math.max(...of.map((shape) => dot(furthest(shapes, shape, direction), direction)));
}

/** Return the middle of the box around `of`, along the world's axes. */
export function middleOf(shapes: LinkShapes, of: readonly number[]): Vec3 {
  const axes: readonly Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return axes.map(
    (axis) => (reachAlong(shapes, of, axis) - reachAlong(shapes, of, scale(-1, axis))) / 2,
  ) as unknown as Vec3;
}

/** Return the least distance between two groups of shapes, m; 0 where any overlap. */
export function gapBetween(
  { colliders }: LinkShapes,
  one: readonly number[],
  other: readonly number[],
): number {
  const [shift, direction, point] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  let least = Number.POSITIVE_INFINITY;
  for (const a of one) {
    for (const b of other) {
      const cores = closestDirection(colliders, a, b, shift, direction, point);
      least = Math.min(least, cores - coreRadius(colliders, a) - coreRadius(colliders, b));
    }
  }
  return Math.max(0, least);
}

/** List corners of the faces of `shape` that look along the unit vector `direction`. */
export function facingPoints({ colliders }: LinkShapes, shape: number, direction: Vec3): SurfacePoint[] {
  const hull = colliders.hulls[shape];
  if (hull) {
    const R = colliders.rotations.subarray(9 * shape, 9 * shape + 9);
    const P = colliders.positions.subarray(3 * shape, 3 * shape + 3);
    const turned = (values: Float64Array, at: number): Vec3 =>
      [0, 1, 2].map(
        (row) =>
          R[3 * row]! * values[at]! + R[3 * row + 1]! * values[at + 1]! + R[3 * row + 2]! * values[at + 2]!,
      ) as unknown as Vec3;
    const points: SurfacePoint[] = [];
    for (let face = 0; face + 1 < hull.faceStart.length; face++) {
      const normal = turned(hull.normals, 3 * face);
      if (dot(normal, direction) < FACING) continue;
      for (let k = hull.faceStart[face]!; k < hull.faceStart[face + 1]!; k++) {
        const corner = turned(hull.vertices, 3 * hull.faceVertices[k]!);
        points.push({ point: add(corner, [P[0]!, P[1]!, P[2]!]), normal });
      }
    }
    if (points.length > 0) return points;
  }
  const corners = new Float64Array(3 * MAX_FEATURE);
  const normal = Float64Array.from(direction);
  const count = supportFeature(colliders, shape, ...direction, corners, normal);
  return Array.from({ length: count }, (_, k) => ({
    point: [corners[3 * k]!, corners[3 * k + 1]!, corners[3 * k + 2]!],
    normal: [normal[0]!, normal[1]!, normal[2]!],
  }));
}

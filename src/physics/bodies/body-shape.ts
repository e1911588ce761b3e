// What a free body can be shaped like, as plain data, and the mass properties that follow.

import { convexHull, integrateVolume } from "../../math/convex-hull.js";
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";

/** A solid of even density; lengths in m. */
export type BodyShape =
  | { readonly type: "box"; readonly halfExtents: Vec3 }
  | { readonly type: "sphere"; readonly radius: number }
  | {
      /** Along z; `length` is the straight part of a capsule, all of a cylinder. */
      readonly type: "capsule" | "cylinder";
      readonly radius: number;
      readonly length: number;
    }
  | {
      /** The convex hull of up to 64 points. */
      readonly type: "convex";
      readonly points: readonly Vec3[];
    };

/** Where the mass of a body is. */
export interface MassProperties {
  /** Centre of mass in the shape's frame, m. */
  readonly centre: Vec3;
  /** Inertia about it along the shape's axes: xx, yy, zz, xy, xz, yz, kg m². */
  readonly inertia: readonly [number, number, number, number, number, number];
}

/** Return the mass properties of `shape` at `mass` (kg), in closed form. */
export function massProperties(shape: BodyShape, mass: number): MassProperties {
  const about = (x: number, y: number, z: number): MassProperties => ({
    centre: [0, 0, 0],
    inertia: [x, y, z, 0, 0, 0],
  });
  if (shape.type === "box") {
    const [x, y, z] = shape.halfExtents;
    return about((mass / 3) * (y * y + z * z), (mass / 3) * (x * x + z * z), (mass / 3) * (x * x + y * y));
  }
  if (shape.type === "convex") {
    const { volume, centre, moments } = integrateVolume(convexHull(shape.points));
    const [xx, yy, zz, xy, xz, yz] = moments.map((moment) => (moment * mass) / volume) as Six;
    return { centre, inertia: [yy + zz, xx + zz, xx + yy, -xy, -xz, -yz] };
  }
  const { radius: r } = shape;
  if (shape.type === "sphere") {
    const inertia = 0.4 * mass * r * r;
    return about(inertia, inertia, inertia);
  }
  const { length: l } = shape;
  // share of the two half balls at the ends of a capsule
  const balls = shape.type === "capsule" ? (mass * 4 * r) / (4 * r + 3 * l) : 0;
  const tube = mass - balls;
  const across = tube * ((l * l) / 12 + (r * r) / 4) + balls * (0.4 * r * r + (l * l) / 4 + 0.375 * l * r);
  return about(across, across, tube * 0.5 * r * r + balls * 0.4 * r * r);
}

/** Return `shape` with every length times `factor`. */
export function scaleShape(shape: BodyShape, factor: number): BodyShape {
  const scaled = ([x, y, z]: Vec3): Vec3 => [factor * x, factor * y, factor * z];
  if (shape.type === "box") return { type: "box", halfExtents: scaled(shape.halfExtents) };
  if (shape.type === "convex") return { type: "convex", points: shape.points.map(scaled) };
  if (shape.type === "sphere") return { type: "sphere", radius: factor * shape.radius };
  return { type: shape.type, radius: factor * shape.radius, length: factor * shape.length };
}

/** Return how far a body of `shape` reaches below its centre of mass when turned by `quaternion`, m. */
export function depthBelow(shape: BodyShape, centre: Vec3, quaternion: Quat): number {
  // the world's vertical as the body sees it
  const [x, y, z, w] = quaternion;
  const down: Vec3 = [-2 * (x * z - y * w), -2 * (y * z + x * w), -(1 - 2 * (x * x + y * y))];
  if (shape.type === "sphere") return shape.radius;
  if (shape.type === "box") {
    const [hx, hy, hz] = shape.halfExtents;
    return Math.abs(down[0]) * hx + Math.abs(down[1]) * hy + Math.abs(down[2]) * hz;
  }
  if (shape.type === "convex") {
    const reach = shape.points.map(
      (p) => down[0] * (p[0] - centre[0]) + down[1] * (p[1] - centre[1]) + down[2] * (p[2] - centre[2]),
    );
    return Math.max(...reach);
  }
  const along = (Math.abs(down[2]) * shape.length) / 2;
  if (shape.type === "capsule") return along + shape.radius;
  return along + Math.hypot(down[0], down[1]) * shape.radius;
}

type Six = [number, number, number, number, number, number];

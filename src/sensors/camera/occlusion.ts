// Whether a primitive stands between a point and the light; all in the camera's frame.
import type { PlacedPrimitives } from "./placed-primitives.js";
import { CAPSULE, CONVEX, SPHERE } from "./primitives.js";

/** Nearer than this to a point nothing shades it: surfaces do not shade themselves by rounding, m. */
const BIAS = 1e-4;

/** Tell whether the ray from (x, y, z) in the direction (dx, dy, dz), a unit vector, meets primitive `p`. */
export function isShaded(
  placed: PlacedPrimitives,
  p: number,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
): boolean {
  const { primitives, centres, axes } = placed;
  const kind = primitives.kinds[p]!;
  if (kind === CONVEX) return isBehindFaces(placed, p, x, y, z, dx, dy, dz);
  const radius = primitives.radii[p]!;
  // from the point to the centre
  const cx = centres[3 * p]! - x;
  const cy = centres[3 * p + 1]! - y;
  const cz = centres[3 * p + 2]! - z;
  const along = cx * dx + cy * dy + cz * dz;
  if (kind === SPHERE) {
    const room = radius * radius - (cx * cx + cy * cy + cz * cz - along * along);
    return room > 0 && along + Math.sqrt(room) > BIAS;
  }
  const half = primitives.halves[p]!;
  const ax = axes[3 * p]!;
  const ay = axes[3 * p + 1]!;
  const az = axes[3 * p + 2]!;
  const slope = dx * ax + dy * ay + dz * az;
  const lift = cx * ax + cy * ay + cz * az;
  if (kind === CAPSULE) {
    // nearest points of the ray (t ≥ 0) and the axis (|s| ≤ half); Ericson, Real-Time Collision Detection, 5.1.9
    const across = 1 - slope * slope;
    let s = across > 1e-12 ? (slope * along - lift) / across : 0;
    s = s < -half ? -half : s > half ? half : s;
    let t = along + s * slope;
    if (t < 0) {
      t = 0;
      s = -lift < -half ? -half : -lift > half ? half : -lift;
    }
    const gapX = cx + s * ax - t * dx;
    const gapY = cy + s * ay - t * dy;
    const gapZ = cz + s * az - t * dz;
    return gapX * gapX + gapY * gapY + gapZ * gapZ < radius * radius * (1 - 1e-9) && t > BIAS;
  }
  // a cylinder: the endless one, cut by the planes of its lids
  const a = 1 - slope * slope;
  const b = along - slope * lift;
  const c = cx * cx + cy * cy + cz * cz - lift * lift - radius * radius;
  let enter = Number.NEGATIVE_INFINITY;
  let leave = Number.POSITIVE_INFINITY;
  if (a > 1e-12) {
    const root = b * b - a * c;
    if (root < 0) return false;
    const spread = Math.sqrt(root);
    enter = (b - spread) / a;
    leave = (b + spread) / a;
  } else if (c > 0) return false;
  if (slope * slope > 1e-18) {
    const one = (lift - half) / slope;
    const other = (lift + half) / slope;
    enter = Math.max(enter, Math.min(one, other));
    leave = Math.min(leave, Math.max(one, other));
  } else if (lift * lift > half * half) return false;
  return enter < leave && leave > BIAS;
}

function isBehindFaces(
  { primitives, normals, distances }: PlacedPrimitives,
  p: number,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
): boolean {
  const end = primitives.faceStart[p + 1]!;
  let enter = Number.NEGATIVE_INFINITY;
  let leave = Number.POSITIVE_INFINITY;
  for (let face = primitives.faceStart[p]!; face < end; face++) {
    const nx = normals[3 * face]!;
    const ny = normals[3 * face + 1]!;
    const nz = normals[3 * face + 2]!;
    const room = distances[face]! - (nx * x + ny * y + nz * z);
    const speed = nx * dx + ny * dy + nz * dz;
    if (speed > 0) {
      const t = room / speed;
      if (t < leave) leave = t;
    } else if (speed < 0) {
      const t = room / speed;
      if (t > enter) enter = t;
    } else if (room < 0) return false;
    if (leave <= BIAS || enter >= leave) return false;
  }
  return true;
}

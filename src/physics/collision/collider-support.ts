// What the narrowphase asks of any convex collider: its furthest point and its facing feature in a direction.
import { COLLIDER_KIND, type ColliderSet } from "./collider-set.js";

const { SPHERE, CAPSULE, CYLINDER } = COLLIDER_KIND;

/** Corners of the polygon that stands for a cylinder's end. */
const CAP_CORNERS = 8;
/** Most corners a feature can have. */
export const MAX_FEATURE = 64;
/** A cylinder shows its end where the direction is closer to its axis than this cosine, else its side. */
const CAP_COSINE = 0.7;
/** Tilt above which the first corner of a cylinder's end is its furthest point, rad; below, corners stay where they are. */
const CAP_TILT = 0.01;

/** Radius of the ball that is swept over the core of a collider: 0 unless it is a sphere or a capsule. */
export function coreRadius({ kind, sizes }: ColliderSet, index: number): number {
  return kind[index] === SPHERE || kind[index] === CAPSULE ? sizes[3 * index]! : 0;
}

/** Write to `out[o..]` the point of the core of collider `index` that lies furthest along (dx, dy, dz), world, m. */
export function supportPoint(
  colliders: ColliderSet,
  index: number,
  dx: number,
  dy: number,
  dz: number,
  out: Float64Array,
  o: number,
): void {
  const { positions: P, rotations: R, sizes } = colliders;
  const kind = colliders.kind[index]!;
  const p = 3 * index;
  const r = 9 * index;
  let x = P[p]!;
  let y = P[p + 1]!;
  let z = P[p + 2]!;
  if (kind === CAPSULE || kind === CYLINDER) {
    const ax = R[r + 2]!;
    const ay = R[r + 5]!;
    const az = R[r + 8]!;
    const along = dx * ax + dy * ay + dz * az;
    const reach = along < 0 ? -sizes[p + 1]! : sizes[p + 1]!;
    x += reach * ax;
    y += reach * ay;
    z += reach * az;
    if (kind === CYLINDER) {
      const rx = dx - along * ax;
      const ry = dy - along * ay;
      const rz = dz - along * az;
      const length = Math.sqrt(rx * rx + ry * ry + rz * rz);
      const scale = length > 1e-12 ? sizes[p]! / length : 0;
      x += scale * rx;
      y += scale * ry;
      z += scale * rz;
    }
  } else if (kind !== SPHERE) {
    const { vertices } = colliders.hulls[index]!;
    const lx = R[r]! * dx + R[r + 3]! * dy + R[r + 6]! * dz;
    const ly = R[r + 1]! * dx + R[r + 4]! * dy + R[r + 7]! * dz;
    const lz = R[r + 2]! * dx + R[r + 5]! * dy + R[r + 8]! * dz;
    let furthest = Number.NEGATIVE_INFINITY;
    let best = 0;
    for (let v = 0; v < vertices.length; v += 3) {
      const reach = lx * vertices[v]! + ly * vertices[v + 1]! + lz * vertices[v + 2]!;
      if (reach > furthest) {
        furthest = reach;
        best = v;
      }
    }
    const vx = vertices[best]!;
    const vy = vertices[best + 1]!;
    const vz = vertices[best + 2]!;
    x += R[r]! * vx + R[r + 1]! * vy + R[r + 2]! * vz;
    y += R[r + 3]! * vx + R[r + 4]! * vy + R[r + 5]! * vz;
    z += R[r + 6]! * vx + R[r + 7]! * vy + R[r + 8]! * vz;
  }
  out[o] = x;
  out[o + 1] = y;
  out[o + 2] = z;
}

/**
 * Write the corners of the surface feature that faces the unit direction (dx, dy, dz) to `out`, world, m, and return how
 * many there are: one of a sphere, two of a capsule or a cylinder's side, else a polygon, counter-clockwise from outside,
 * whose outward normal goes to `normal[3]`.
 */
export function supportFeature(
  colliders: ColliderSet,
  index: number,
  dx: number,
  dy: number,
  dz: number,
  out: Float64Array,
  normal: Float64Array,
): number {
  const { positions: P, rotations: R, sizes } = colliders;
  const kind = colliders.kind[index]!;
  const p = 3 * index;
  const r = 9 * index;
  const radius = sizes[p]!;
  if (kind === SPHERE) {
    out[0] = P[p]! + radius * dx;
    out[1] = P[p + 1]! + radius * dy;
    out[2] = P[p + 2]! + radius * dz;
    return 1;
  }
  if (kind !== CAPSULE && kind !== CYLINDER) return hullFeature(colliders, index, dx, dy, dz, out, normal);
  const ax = R[r + 2]!;
  const ay = R[r + 5]!;
  const az = R[r + 8]!;
  const half = sizes[p + 1]!;
  const along = dx * ax + dy * ay + dz * az;
  let sx = dx;
  let sy = dy;
  let sz = dz;
  if (kind === CYLINDER) {
    if (Math.abs(along) > CAP_COSINE) return capFeature(colliders, index, dx, dy, dz, along, out, normal);
    sx -= along * ax;
    sy -= along * ay;
    sz -= along * az;
    const scale = 1 / Math.sqrt(sx * sx + sy * sy + sz * sz);
    sx *= scale;
    sy *= scale;
    sz *= scale;
  }
  for (let end = 0; end < 2; end++) {
    const reach = end === 0 ? -half : half;
    out[3 * end] = P[p]! + reach * ax + radius * sx;
    out[3 * end + 1] = P[p + 1]! + reach * ay + radius * sy;
    out[3 * end + 2] = P[p + 2]! + reach * az + radius * sz;
  }
  return 2;
}

/** The end of a cylinder as a polygon with a corner at the furthest point, or fixed to the body where it stands straight. */
function capFeature(
  { positions: P, rotations: R, sizes }: ColliderSet,
  index: number,
  dx: number,
  dy: number,
  dz: number,
  along: number,
  out: Float64Array,
  normal: Float64Array,
): number {
  const p = 3 * index;
  const r = 9 * index;
  const sign = along < 0 ? -1 : 1;
  const nx = sign * R[r + 2]!;
  const ny = sign * R[r + 5]!;
  const nz = sign * R[r + 8]!;
  const lean = sign * along;
  let ux = dx - lean * nx;
  let uy = dy - lean * ny;
  let uz = dz - lean * nz;
  const tilt = Math.sqrt(ux * ux + uy * uy + uz * uz);
  if (tilt > CAP_TILT) {
    ux /= tilt;
    uy /= tilt;
    uz /= tilt;
  } else {
    ux = R[r]!;
    uy = R[r + 3]!;
    uz = R[r + 6]!;
  }
  const vx = ny * uz - nz * uy;
  const vy = nz * ux - nx * uz;
  const vz = nx * uy - ny * ux;
  const radius = sizes[p]!;
  const half = sizes[p + 1]!;
  for (let corner = 0; corner < CAP_CORNERS; corner++) {
    const c = radius * capCosines[corner]!;
    const s = radius * capCosines[(corner + 6) % CAP_CORNERS]!;
    out[3 * corner] = P[p]! + half * nx + c * ux + s * vx;
    out[3 * corner + 1] = P[p + 1]! + half * ny + c * uy + s * vy;
    out[3 * corner + 2] = P[p + 2]! + half * nz + c * uz + s * vz;
  }
  normal[0] = nx;
  normal[1] = ny;
  normal[2] = nz;
  return CAP_CORNERS;
}

const capCosines = Float64Array.from([1, Math.SQRT1_2, 0, -Math.SQRT1_2, -1, -Math.SQRT1_2, 0, Math.SQRT1_2]);

/** The face of a polytope that faces the direction most. */
function hullFeature(
  { positions: P, rotations: R, hulls }: ColliderSet,
  index: number,
  dx: number,
  dy: number,
  dz: number,
  out: Float64Array,
  normal: Float64Array,
): number {
  const { vertices, normals, faceStart, faceVertices } = hulls[index]!;
  const r = 9 * index;
  const lx = R[r]! * dx + R[r + 3]! * dy + R[r + 6]! * dz;
  const ly = R[r + 1]! * dx + R[r + 4]! * dy + R[r + 7]! * dz;
  const lz = R[r + 2]! * dx + R[r + 5]! * dy + R[r + 8]! * dz;
  let most = Number.NEGATIVE_INFINITY;
  let face = 0;
  for (let f = 0; 3 * f < normals.length; f++) {
    const facing = lx * normals[3 * f]! + ly * normals[3 * f + 1]! + lz * normals[3 * f + 2]!;
    if (facing > most) {
      most = facing;
      face = f;
    }
  }
  let count = 0;
  for (let k = faceStart[face]!; k < faceStart[face + 1]!; k++) {
    const v = 3 * faceVertices[k]!;
    for (let row = 0; row < 3; row++) {
      const q = r + 3 * row;
      out[3 * count + row] =
        P[3 * index + row]! +
        R[q]! * vertices[v]! +
        R[q + 1]! * vertices[v + 1]! +
        R[q + 2]! * vertices[v + 2]!;
    }
    count++;
  }
  const f = 3 * face;
  for (let row = 0; row < 3; row++) {
    const q = r + 3 * row;
    normal[row] = R[q]! * normals[f]! + R[q + 1]! * normals[f + 1]! + R[q + 2]! * normals[f + 2]!;
  }
  return count;
}

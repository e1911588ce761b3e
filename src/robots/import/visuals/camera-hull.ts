// The convex body that cameras see in place of a mesh.
import { convexHull } from "../../../math/convex-hull.js";
import { IDENTITY_QUATERNION, type Quat } from "../../../math/quaternion.js";
import type { Vec3 } from "../../../math/vector.js";
import { boundsOf } from "../../../scene/mesh-file.js";
import type { ShapeGeometry } from "../../../scene/scene.js";

/** What is thinner is no body, m. */
const THINNEST = 1e-3;
/** Corners are told to a tenth of a millimetre. */
const ROUNDING = 1e4;

/** To the faces, edges and corners of a cube: the corners of the hull are those of the mesh that lie furthest that way. */
const DIRECTIONS: readonly Vec3[] = [-1, 0, 1].flatMap((x) =>
  [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((z): Vec3 => [x, y, z])),
);

/** A body in the frame of its mesh. */
export interface CameraHull {
  readonly geometry: ShapeGeometry;
  readonly position: Vec3;
  readonly quaternion: Quat;
}

/** Return the convex hull of at most 26 corners (m, [n, 3]); a thin box where they lie in one plane. */
export function cameraHull(positions: Float32Array): CameraHull {
  const points = [...new Set(DIRECTIONS.flatMap((way) => JSON.stringify(furthest(positions, way))))].map(
    (text) => JSON.parse(text) as Vec3,
  );
  const { min, max } = boundsOf(positions);
  const size = max.map((high, k) => Math.max(THINNEST, high - min[k]!)) as unknown as Vec3;
  const isThin = max.some((high, k) => high - min[k]! < THINNEST);
  const quaternion = IDENTITY_QUATERNION;
  if (!isThin && isBody(points))
    return { geometry: { type: "convex", points }, position: [0, 0, 0], quaternion };
  const position = max.map((high, k) => (high + min[k]!) / 2) as unknown as Vec3;
  return { geometry: { type: "box", size }, position, quaternion };
}

function furthest(positions: Float32Array, [x, y, z]: Vec3): Vec3 {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let o = 0; o < positions.length; o += 3) {
    const height = x * positions[o]! + y * positions[o + 1]! + z * positions[o + 2]!;
    if (height > most) [best, most] = [o, height];
  }
  return [0, 1, 2].map((k) => Math.round(ROUNDING * positions[best + k]!) / ROUNDING) as unknown as Vec3;
}

function isBody(points: readonly Vec3[]): boolean {
  try {
    convexHull(points);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

// The convex hull of many points as a solid: its volume, its planes, and how much of the outside it covers.
import { integrateVolume, type VolumeIntegrals } from "../../../math/convex-hull.js";
import { type HullDetail, hullTriangles } from "../../../math/quick-hull.js";

/** A hull as a solid. */
export interface HullSolid {
  /** Corners. [n, 3] */
  readonly points: Float64Array;
  readonly volume: number;
  readonly integrals: VolumeIntegrals;
  /** Outward unit normal and offset of each triangle: n · x <= d inside. [m, 4] */
  readonly planes: Float64Array;
}

/** Return the hull of `points` [n, 3]; undefined where they lie in one plane. */
export function hullSolid(points: Float64Array, detail?: HullDetail): HullSolid | undefined {
  const triangles = hullTriangles(points, detail);
  if (!triangles) return undefined;
  const faceStart = Int32Array.from({ length: triangles.length / 3 + 1 }, (_, face) => 3 * face);
  const integrals = integrateVolume({ vertices: points, faceStart, faceVertices: triangles });
  const used = [...new Set(triangles)].sort((a, b) => a - b);
  return {
    points: Float64Array.from(used.flatMap((index) => [...points.subarray(3 * index, 3 * index + 3)])),
    volume: integrals.volume,
    integrals,
    planes: planesOf(points, triangles),
  };
}

function planesOf(points: Float64Array, triangles: Int32Array): Float64Array {
  const planes: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const u = [0, 1, 2].map((k) => points[b + k]! - points[a + k]!);
    const v = [0, 1, 2].map((k) => points[c + k]! - points[a + k]!);
    const n = [0, 1, 2].map((k) => u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!);
    const length = Math.hypot(...n);
    if (length === 0) continue;
    const unit = n.map((value) => value / length);
    planes.push(...unit, unit[0]! * points[a]! + unit[1]! * points[a + 1]! + unit[2]! * points[a + 2]!);
  }
  return Float64Array.from(planes);
}

/** Count the points [n, 3] that lie in the hull, and mark them where `marks` is given. */
export function countInside({ planes }: HullSolid, points: Float64Array, marks?: Uint8Array): number {
  let count = 0;
  for (let p = 0; p < points.length; p += 3) {
    let isInside = true;
    for (let f = 0; f < planes.length && isInside; f += 4) {
      isInside =
        planes[f]! * points[p]! + planes[f + 1]! * points[p + 1]! + planes[f + 2]! * points[p + 2]! <=
        planes[f + 3]!;
    }
    if (!isInside) continue;
    count++;
    if (marks) marks[p / 3] = 1;
  }
  return count;
}

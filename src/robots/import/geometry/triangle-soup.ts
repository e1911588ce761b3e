// Triangles without shared corners, which planes cut easily.
import type { TriangleMesh } from "./triangle-mesh.js";

/** Return the corners of all triangles, [numTriangles, 9]. */
export function soupOf({ vertices, triangles }: TriangleMesh): Float64Array {
  const soup = new Float64Array(3 * triangles.length);
  for (const [corner, index] of triangles.entries())
    for (let k = 0; k < 3; k++) soup[3 * corner + k] = vertices[3 * index + k]!;
  return soup;
}

/** Return what of the triangles lies on one `side` (-1 below, 1 above) of the plane where coordinate `axis` is `at`. */
export function clippedSoup(soup: Float64Array, axis: 0 | 1 | 2, at: number, side: number): Float64Array {
  const kept: number[] = [];
  for (let t = 0; t < soup.length; t += 9) {
    const heights = [0, 3, 6].map((corner) => side * (soup[t + corner + axis]! - at));
    if (heights.every((height) => height <= 0)) continue;
    const triangle = soup.subarray(t, t + 9);
    if (heights.every((height) => height >= 0)) for (const value of triangle) kept.push(value);
    else addFan(clippedTriangle(triangle, heights), kept);
  }
  return Float64Array.from(kept);
}

/** The corners of the part of a triangle where the height is 0 or more. */
function clippedTriangle(triangle: Float64Array, heights: readonly number[]): number[] {
  const polygon: number[] = [];
  for (let corner = 0; corner < 3; corner++) {
    const next = (corner + 1) % 3;
    const [from, to] = [heights[corner]!, heights[next]!];
    const [a, b] = [triangle.subarray(3 * corner, 3 * corner + 3), triangle.subarray(3 * next, 3 * next + 3)];
    if (from >= 0) polygon.push(...a);
    if (from * to >= 0) continue;
    const share = from / (from - to);
    for (let k = 0; k < 3; k++) polygon.push(a[k]! + share * (b[k]! - a[k]!));
  }
  return polygon;
}

function addFan(polygon: readonly number[], kept: number[]): void {
  for (let k = 6; k < polygon.length; k += 3)
    kept.push(...polygon.slice(0, 3), ...polygon.slice(k - 3, k + 3));
}

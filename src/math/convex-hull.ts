// The convex hull of a few points: faces for collision, volume integrals for mass.
import { hullTriangles } from "./quick-hull.js";
import { cross, dot, subtract, type Vec3 } from "./vector.js";

/** Most points a hull is made of; collision looks at each of them. */
const MAX_POINTS = 64;

/** A convex polytope. */
export interface ConvexHull {
  /** Corners, m. [numVertices, 3] */
  readonly vertices: Float64Array;
  /** Outward unit normals of the faces. [numFaces, 3] */
  readonly normals: Float64Array;
  /** Distance of each face from the origin along its normal, m. */
  readonly offsets: Float64Array;
  /** Corners of face f stand at `faceStart[f] .. faceStart[f + 1]` in `faceVertices`, counter-clockwise from outside. */
  readonly faceStart: Int32Array;
  readonly faceVertices: Int32Array;
}

/** Volume integrals of a hull of density 1, about the origin of its points. */
export interface VolumeIntegrals {
  /** m³ */
  readonly volume: number;
  /** Centre of volume, m. */
  readonly centre: Vec3;
  /** Second moments ∫xx, ∫yy, ∫zz, ∫xy, ∫xz, ∫yz about the centre, m⁵. */
  readonly moments: readonly [number, number, number, number, number, number];
}

/**
 * Build the hull of `points` (m); throws a RangeError where they are flat or more than 64.
 *
 * Points within `flatness` times their greatest coordinate of a plane lie in one face of it.
 */
export function convexHull(points: readonly Vec3[], flatness = 1e-9): ConvexHull {
  if (points.length < 4 || points.length > MAX_POINTS) {
    throw new RangeError(`a convex body needs 4 to ${MAX_POINTS} points, not ${points.length}`);
  }
  const faces = facesOf(points, flatness);
  if (faces.length < 4) throw new RangeError("the points of a convex body lie in one plane");
  const used = [...new Set(faces.flatMap(({ corners }) => corners))].sort((a, b) => a - b);
  const starts = [0];
  for (const { corners } of faces) starts.push(starts.at(-1)! + corners.length);
  return {
    vertices: Float64Array.from(used.flatMap((index) => points[index]!)),
    normals: Float64Array.from(faces.flatMap(({ normal }) => normal)),
    offsets: Float64Array.from(faces, ({ offset }) => offset),
    faceStart: Int32Array.from(starts),
    faceVertices: Int32Array.from(
      faces.flatMap(({ corners }) => corners.map((index) => used.indexOf(index))),
    ),
  };
}

interface HullFace {
  readonly normal: Vec3;
  readonly offset: number;
  readonly corners: readonly number[];
}

/** All faces, each by the first three points that span it, in the order of these. */
function facesOf(points: readonly Vec3[], flatness: number): HullFace[] {
  const size = Math.max(...points.flatMap((point) => point.map(Math.abs)));
  const tolerance = flatness * size;
  const triangles = hullTriangles(Float64Array.from(points.flat())) ?? [];
  const found = new Map<number, HullFace>();
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [points[triangles[t]!]!, points[triangles[t + 1]!]!, points[triangles[t + 2]!]!];
    const plane = planeThrough(a, b, c, size);
    if (!plane) continue;
    const near = points.flatMap((point, index) =>
      Math.abs(dot(plane, point) - dot(plane, a)) <= 2 * tolerance ? [index] : [],
    );
    const [rank, face] = spannedFace(points, near, size, tolerance) ?? [];
    if (face && ![...found.values()].some(({ normal }) => dot(normal, face.normal) > 1 - 1e-9))
      found.set(rank!, face);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, face]) => face);
}

/** The face of the first three of the points `near` a plane that have all others on one side, and the rank of these three. */
function spannedFace(
  points: readonly Vec3[],
  near: readonly number[],
  size: number,
  tolerance: number,
): readonly [number, HullFace] | undefined {
  for (const [first, i] of near.entries()) {
    for (const [second, j] of near.slice(first + 1).entries()) {
      for (const k of near.slice(first + second + 2)) {
        const plane = planeThrough(points[i]!, points[j]!, points[k]!, size);
        if (!plane) continue;
        const heights = points.map((point) => dot(plane, point) - dot(plane, points[i]!));
        const above = heights.some((height) => height > tolerance);
        if (above && heights.some((height) => height < -tolerance)) continue;
        const normal: Vec3 = above ? [-plane[0], -plane[1], -plane[2]] : plane;
        const within = points.flatMap((_, index) => (Math.abs(heights[index]!) <= tolerance ? [index] : []));
        const corners = outline(points, within, normal);
        return [(i * MAX_POINTS + j) * MAX_POINTS + k, { normal, offset: dot(normal, points[i]!), corners }];
      }
    }
  }
  return undefined;
}

/** Integrate over the volume by tetrahedra from the origin to the faces' triangles; the surface may be any closed one. */
export function integrateVolume({
  vertices,
  faceStart,
  faceVertices,
}: Pick<ConvexHull, "vertices" | "faceStart" | "faceVertices">): VolumeIntegrals {
  const corner = (index: number): Vec3 => {
    const o = 3 * faceVertices[index]!;
    return [vertices[o]!, vertices[o + 1]!, vertices[o + 2]!];
  };
  let volume = 0;
  const first = [0, 0, 0];
  const second = [0, 0, 0, 0, 0, 0];
  for (let face = 0; face + 1 < faceStart.length; face++) {
    const a = corner(faceStart[face]!);
    for (let k = faceStart[face]! + 1; k + 1 < faceStart[face + 1]!; k++) {
      const b = corner(k);
      const c = corner(k + 1);
      const part = dot(a, cross(b, c)) / 6;
      volume += part;
      for (let i = 0; i < 3; i++) first[i]! += (part * (a[i]! + b[i]! + c[i]!)) / 4;
      for (const [entry, [i, j]] of PAIRS.entries()) {
        // ∫ x_i x_j over a tetrahedron with one corner at the origin (Blow and Binstock, 2004)
        const sum = (a[i]! + b[i]! + c[i]!) * (a[j]! + b[j]! + c[j]!);
        second[entry]! += (part * (a[i]! * a[j]! + b[i]! * b[j]! + c[i]! * c[j]! + sum)) / 20;
      }
    }
  }
  const centre: Vec3 = [first[0]! / volume, first[1]! / volume, first[2]! / volume];
  const moments = PAIRS.map(([i, j], entry) => second[entry]! - volume * centre[i]! * centre[j]!);
  return { volume, centre, moments: moments as unknown as VolumeIntegrals["moments"] };
}

const PAIRS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Unit normal of the plane through three points; undefined where they are in one line. */
function planeThrough(a: Vec3, b: Vec3, c: Vec3, size: number): Vec3 | undefined {
  const normal = cross(subtract(b, a), subtract(c, a));
  const length = Math.hypot(...normal);
  if (length < 1e-9 * size * size) return undefined;
  return [normal[0] / length, normal[1] / length, normal[2] / length];
}

/** The corners of the points `within` a plane, counter-clockwise about `normal` (Andrew's monotone chain). */
function outline(points: readonly Vec3[], within: number[], normal: Vec3): number[] {
  const aside: Vec3 = Math.abs(normal[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0];
  const u = cross(aside, normal);
  const v = cross(normal, u);
  const flat = within
    .map((index) => ({ index, x: dot(u, points[index]!), y: dot(v, points[index]!) }))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (sorted: typeof flat) => {
    const chain: typeof flat = [];
    for (const point of sorted) {
      while (chain.length >= 2) {
        const [p, q] = chain.slice(-2) as [(typeof flat)[0], (typeof flat)[0]];
        if ((q.x - p.x) * (point.y - p.y) - (q.y - p.y) * (point.x - p.x) > 1e-12) break;
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(flat), ...half([...flat].reverse())].map(({ index }) => index);
}

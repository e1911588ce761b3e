// The convex hull of any number of points as triangles, whole or simplified (Barber, Dobkin and Huhdanpaa, 1996).
import { cross, dot, type Vec3 } from "./vector.js";

/** When to stop; default: never, the hull is whole. */
export interface HullDetail {
  /** Most corners of the hull. */
  readonly maxVertices?: number;
  /** Points that stand out by no more than this are left out, in the points' unit; default a 1e-10th of their extent. */
  readonly tolerance?: number;
}

/** A face while the hull grows. */
interface Face {
  /** Corners, counter-clockwise from outside, and the faces beyond the edges that begin at them. */
  readonly corners: readonly [number, number, number];
  readonly beyond: Face[];
  readonly normal: readonly [number, number, number];
  readonly offset: number;
  /** Points that stand out of it and of no earlier face, the furthest and its height. */
  readonly outside: number[];
  furthest: number;
  height: number;
  alive: boolean;
}

/**
 * Return the corners of the hull's triangles, indices into `points` [n, 3], counter-clockwise from outside; undefined where the
 * points lie in one plane.
 *
 * The point that stands out furthest of all becomes a corner next, so that a hull cut short is near the whole one.
 */
export function hullTriangles(points: Float64Array, detail: HullDetail = {}): Int32Array | undefined {
  const size = extentOf(points);
  const tolerance = Math.max(1e-10 * size, detail.tolerance ?? 0);
  const simplex = firstSimplex(points, 1e-10 * size);
  if (!simplex) return undefined;
  const faces = new Set<Face>(simplexFaces(points, simplex));
  share(points, points.length / 3, [...faces], 1e-10 * size);
  for (let count = 4; count < (detail.maxVertices ?? Number.POSITIVE_INFINITY); count++) {
    let best: Face | undefined;
    for (const face of faces) if (face.height > (best?.height ?? tolerance)) best = face;
    if (!best) break;
    grow(points, faces, best, 1e-10 * size);
  }
  return Int32Array.from([...faces].flatMap(({ corners }) => corners));
}

function extentOf(points: Float64Array): number {
  let size = 0;
  for (let k = 0; k < points.length; k++) size = Math.max(size, Math.abs(points[k]! - points[k % 3]!));
  return size;
}

/** Four points far apart; undefined where all lie within `flat` of a plane. */
function firstSimplex(points: Float64Array, flat: number): [number, number, number, number] | undefined {
  // the first is the lowest along a direction in which few points are level
  const a = furthestAlong(points, 0, -1, -1e-3, 0).index;
  const b = furthestFrom(points, a);
  const line = between(points, a, b);
  const length = Math.hypot(...line);
  if (!(length > flat)) return undefined;
  const c = furthestFromLine(points, a, line);
  const normal = cross(line, between(points, a, c));
  const area = Math.hypot(...normal);
  if (!(area > flat * length)) return undefined;
  const [x, y, z] = [normal[0] / area, normal[1] / area, normal[2] / area];
  const above = furthestAlong(points, a, x, y, z);
  const below = furthestAlong(points, a, -x, -y, -z);
  if (!(Math.max(above.height, below.height) > flat)) return undefined;
  return above.height >= below.height ? [a, c, b, above.index] : [a, b, c, below.index];
}

function between(points: Float64Array, a: number, b: number): [number, number, number] {
  return [
    points[3 * b]! - points[3 * a]!,
    points[3 * b + 1]! - points[3 * a + 1]!,
    points[3 * b + 2]! - points[3 * a + 2]!,
  ];
}

/** The point that lies furthest from point `a` in a direction, and how far. */
function furthestAlong(
  points: Float64Array,
  a: number,
  x: number,
  y: number,
  z: number,
): { readonly index: number; readonly height: number } {
  const from = x * points[3 * a]! + y * points[3 * a + 1]! + z * points[3 * a + 2]!;
  let [best, height] = [0, Number.NEGATIVE_INFINITY];
  for (let p = 0; p < points.length; p += 3) {
    const reach = x * points[p]! + y * points[p + 1]! + z * points[p + 2]! - from;
    if (reach <= height) continue;
    height = reach;
    best = p / 3;
  }
  return { index: best, height };
}

function furthestFrom(points: Float64Array, a: number): number {
  let [best, furthest] = [0, -1];
  for (let p = 0; p < points.length; p += 3) {
    const x = points[p]! - points[3 * a]!;
    const y = points[p + 1]! - points[3 * a + 1]!;
    const z = points[p + 2]! - points[3 * a + 2]!;
    const squared = x * x + y * y + z * z;
    if (squared <= furthest) continue;
    furthest = squared;
    best = p / 3;
  }
  return best;
}

function furthestFromLine(points: Float64Array, a: number, [dx, dy, dz]: Vec3): number {
  let [best, furthest] = [0, -1];
  for (let p = 0; p < points.length; p += 3) {
    const x = points[p]! - points[3 * a]!;
    const y = points[p + 1]! - points[3 * a + 1]!;
    const z = points[p + 2]! - points[3 * a + 2]!;
    const squared = (dy * z - dz * y) ** 2 + (dz * x - dx * z) ** 2 + (dx * y - dy * x) ** 2;
    if (squared <= furthest) continue;
    furthest = squared;
    best = p / 3;
  }
  return best;
}

function simplexFaces(points: Float64Array, [a, b, c, d]: readonly [number, number, number, number]): Face[] {
  const faces = [
    [a, b, c],
    [a, d, b],
    [b, d, c],
    [c, d, a],
  ].map((corners) => makeFace(points, corners as [number, number, number]));
  const [bottom, ab, bc, ca] = faces as [Face, Face, Face, Face];
  bottom.beyond.push(ab, bc, ca);
  ab.beyond.push(ca, bc, bottom);
  bc.beyond.push(ab, ca, bottom);
  ca.beyond.push(bc, ab, bottom);
  return faces;
}

function makeFace(points: Float64Array, corners: readonly [number, number, number]): Face {
  const [a, b, c] = corners.map((corner) => [0, 1, 2].map((k) => points[3 * corner + k]!)) as [
    ...[number[], number[], number[]],
  ];
  const normal = cross(
    [b[0]! - a[0]!, b[1]! - a[1]!, b[2]! - a[2]!],
    [c[0]! - a[0]!, c[1]! - a[1]!, c[2]! - a[2]!],
  );
  const length = Math.hypot(...normal) || 1;
  const unit: [number, number, number] = [normal[0] / length, normal[1] / length, normal[2] / length];
  const offset = dot(unit, a as [number, number, number]);
  return { corners, beyond: [], normal: unit, offset, outside: [], furthest: -1, height: 0, alive: true };
}

function heightOver(points: Float64Array, index: number, { normal, offset }: Face): number {
  const o = 3 * index;
  return normal[0] * points[o]! + normal[1] * points[o + 1]! + normal[2] * points[o + 2]! - offset;
}

/** Give each point (the first so many, or those listed) to the first of `faces` that it stands out of. */
function share(
  points: Float64Array,
  candidates: number | readonly number[],
  faces: readonly Face[],
  flat: number,
): void {
  const count = typeof candidates === "number" ? candidates : candidates.length;
  for (let k = 0; k < count; k++) {
    const index = typeof candidates === "number" ? k : candidates[k]!;
    for (const face of faces) {
      const height = heightOver(points, index, face);
      if (height <= flat) continue;
      face.outside.push(index);
      if (height > face.height) {
        face.height = height;
        face.furthest = index;
      }
      break;
    }
  }
}

/** Make the furthest point of `start` a corner: what it sees is replaced by faces to it. */
function grow(points: Float64Array, faces: Set<Face>, start: Face, flat: number): void {
  const eye = start.furthest;
  const seen = [start];
  start.alive = false;
  for (const face of seen) {
    for (const beyond of face.beyond) {
      if (!beyond.alive || heightOver(points, eye, beyond) <= flat) continue;
      beyond.alive = false;
      seen.push(beyond);
    }
  }
  const rim = rimOf(seen);
  if (!isLoop(rim)) {
    // rounding has torn what is seen apart: do without this point, which stands out by next to nothing
    for (const face of seen) face.alive = true;
    forget(points, start, eye);
    return;
  }
  const made = new Map<number, Face>();
  for (const [begin, { end, beyond }] of rim) {
    const face = makeFace(points, [begin, end, eye]);
    face.beyond.push(beyond);
    beyond.beyond[beyond.corners.indexOf(end)] = face;
    made.set(begin, face);
  }
  for (const face of made.values()) {
    const next = made.get(face.corners[1])!;
    face.beyond[1] = next;
    next.beyond[2] = face;
  }
  const fresh = [...made.values()];
  for (const face of seen) {
    faces.delete(face);
    share(
      points,
      face.outside.filter((index) => index !== eye),
      fresh,
      flat,
    );
  }
  for (const face of fresh) faces.add(face);
}

/** Edges between what is seen and what is not, by where they begin, each with the face beyond. */
function rimOf(seen: readonly Face[]): Map<number, { readonly end: number; readonly beyond: Face }> {
  const rim = new Map<number, { readonly end: number; readonly beyond: Face }>();
  for (const { corners, beyond: neighbours } of seen) {
    for (const [edge, beyond] of neighbours.entries())
      if (beyond.alive) rim.set(corners[edge]!, { end: corners[(edge + 1) % 3]!, beyond });
  }
  return rim;
}

/** Tell whether the edges are one loop. */
function isLoop(rim: ReadonlyMap<number, { readonly end: number }>): boolean {
  const start = rim.keys().next().value;
  let at = start;
  for (let steps = 0; at !== undefined && steps < rim.size; steps++) {
    at = rim.get(at)?.end;
    if (at === start) return steps === rim.size - 1;
  }
  return false;
}

function forget(points: Float64Array, face: Face, point: number): void {
  const others = face.outside.filter((index) => index !== point);
  face.outside.length = 0;
  face.height = 0;
  share(points, others, [face], 0);
}

// The direction between the nearest points of two convex colliders, by the Gilbert-Johnson-Keerthi algorithm.

import type { ColliderSet } from "./collider-set.js";
import { supportPoint } from "./collider-support.js";

const MAX_ITERATIONS = 40;
/** The nearest point is good enough once a step towards the other shape gains less than this share of the distance. */
const PRECISION = 1e-9;

/** Corners of the simplex of A − B, and those of A they came from. [4, 3] */
const simplex = new Float64Array(12);
const pointsA = new Float64Array(12);
const pointB = new Float64Array(3);
/** Weights of the simplex's corners at its point nearest to the origin. */
const weights = new Float64Array(4);
const nearest = new Float64Array(3);
let size = 0;

/**
 * Find where the cores of colliders `a` and `b`, the latter moved by `shift` [3] (m), are nearest to each other.
 *
 * Writes the unit direction from A to B to `direction[3]` and the nearest point of A to `point[3]` (world, m). Returns the
 * distance, m; 0, with nothing written, where the cores overlap.
 */
export function closestDirection(
  colliders: ColliderSet,
  a: number,
  b: number,
  shift: Float64Array,
  direction: Float64Array,
  point: Float64Array,
): number {
  const { positions: P } = colliders;
  for (let k = 0; k < 3; k++) nearest[k] = P[3 * a + k]! - P[3 * b + k]! - shift[k]!;
  if (nearest[0] === 0 && nearest[1] === 0 && nearest[2] === 0) nearest[2] = 1;
  size = 0;
  let squared = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const vx = nearest[0]!;
    const vy = nearest[1]!;
    const vz = nearest[2]!;
    const o = 3 * size;
    supportPoint(colliders, a, -vx, -vy, -vz, pointsA, o);
    supportPoint(colliders, b, vx, vy, vz, pointB, 0);
    for (let k = 0; k < 3; k++) simplex[o + k] = pointsA[o + k]! - pointB[k]! - shift[k]!;
    const gain = squared - (vx * simplex[o]! + vy * simplex[o + 1]! + vz * simplex[o + 2]!);
    if (size > 0 && gain <= PRECISION * squared) break;
    size++;
    const before = squared;
    squared = reduce();
    if (squared < 1e-20) return 0;
    if (size === 4 || squared >= before) break;
  }
  const distance = Math.sqrt(nearest[0]! ** 2 + nearest[1]! ** 2 + nearest[2]! ** 2);
  for (let k = 0; k < 3; k++) {
    direction[k] = -nearest[k]! / distance;
    let sum = 0;
    for (let corner = 0; corner < size; corner++) sum += weights[corner]! * pointsA[3 * corner + k]!;
    point[k] = sum;
  }
  return distance;
}

/**
 * Keep the corners of the simplex that span its point nearest to the origin and write that to `nearest`.
 *
 * All corners, edges and faces with the newest corner are tried (the earlier ones cannot be nearest again); the nearest
 * point that lies inside its own part wins, which needs no tests of regions and stands rounding well. The inside of a
 * tetrahedron is left out: the cores never overlap where this is used. Returns the squared distance.
 */
function reduce(): number {
  const newest = size - 1;
  best[0] = Number.POSITIVE_INFINITY;
  tryCorner(newest);
  for (let i = 0; i < newest; i++) {
    tryEdge(newest, i);
    for (let j = 0; j < i; j++) tryFace(newest, i, j);
  }
  // corners are kept in their order: each moves to a place at or before its own
  const { first, second, third } = part;
  let written = 0;
  for (let corner = 0; corner < size; corner++) {
    if (corner !== first && corner !== second && corner !== third) continue;
    for (let k = 0; k < 3; k++) {
      simplex[3 * written + k] = simplex[3 * corner + k]!;
      pointsA[3 * written + k] = pointsA[3 * corner + k]!;
    }
    weights[written++] = share[corner]!;
  }
  size = written;
  return best[0]!;
}

/** Least squared distance so far, the part of the simplex it belongs to, and the weights of all corners. */
const best = new Float64Array(1);
const part = { first: -1, second: -1, third: -1 };
const share = new Float64Array(4);

/** Take the point of the part `first`, `second`, `third` (-1: none) with these weights if it is nearer than the best. */
function take(first: number, second: number, third: number, u: number, v: number): void {
  const p = 3 * first;
  const q = 3 * (second < 0 ? first : second);
  const r = 3 * (third < 0 ? first : third);
  const rest = 1 - u - v;
  const x = rest * simplex[p]! + u * simplex[q]! + v * simplex[r]!;
  const y = rest * simplex[p + 1]! + u * simplex[q + 1]! + v * simplex[r + 1]!;
  const z = rest * simplex[p + 2]! + u * simplex[q + 2]! + v * simplex[r + 2]!;
  const squared = x * x + y * y + z * z;
  if (squared >= best[0]!) return;
  best[0] = squared;
  part.first = first;
  part.second = second;
  part.third = third;
  if (third >= 0) share[third] = v;
  if (second >= 0) share[second] = u;
  share[first] = rest;
  nearest[0] = x;
  nearest[1] = y;
  nearest[2] = z;
}

function tryCorner(corner: number): void {
  take(corner, -1, -1, 0, 0);
}

function tryEdge(corner: number, i: number): void {
  const p = 3 * corner;
  const ex = simplex[3 * i]! - simplex[p]!;
  const ey = simplex[3 * i + 1]! - simplex[p + 1]!;
  const ez = simplex[3 * i + 2]! - simplex[p + 2]!;
  const u = -(ex * simplex[p]! + ey * simplex[p + 1]! + ez * simplex[p + 2]!) / (ex * ex + ey * ey + ez * ez);
  if (u > 0 && u < 1) take(corner, i, -1, u, 0);
}

function tryFace(corner: number, i: number, j: number): void {
  const p = 3 * corner;
  const x = simplex[p]!;
  const y = simplex[p + 1]!;
  const z = simplex[p + 2]!;
  const ex = simplex[3 * i]! - x;
  const ey = simplex[3 * i + 1]! - y;
  const ez = simplex[3 * i + 2]! - z;
  const fx = simplex[3 * j]! - x;
  const fy = simplex[3 * j + 1]! - y;
  const fz = simplex[3 * j + 2]! - z;
  const ee = ex * ex + ey * ey + ez * ez;
  const ef = ex * fx + ey * fy + ez * fz;
  const ff = fx * fx + fy * fy + fz * fz;
  const e = -(ex * x + ey * y + ez * z);
  const f = -(fx * x + fy * y + fz * z);
  const determinant = ee * ff - ef * ef;
  if (!(determinant > 1e-14 * ee * ff)) return;
  const u = (e * ff - f * ef) / determinant;
  const v = (f * ee - e * ef) / determinant;
  if (u > 0 && v > 0 && u + v < 1) take(corner, i, j, u, v);
}

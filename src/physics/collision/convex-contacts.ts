// Contacts between two convex colliders of any kind: the normal of least overlap, then the features that face along it.

import { addAlong, featureContacts, type SurfaceFeature, segmentContacts } from "./clipping.js";
import { COLLIDER_KIND, type ColliderSet } from "./collider-set.js";
import { coreRadius, MAX_FEATURE, supportFeature, supportPoint } from "./collider-support.js";
import type { ContactBuffer } from "./contact-buffer.js";
import { closestDirection } from "./gjk.js";

const { SPHERE, CAPSULE } = COLLIDER_KIND;

/** A normal that is not a face's must beat the faces by this much overlap, m and share, or contacts would flicker. */
const FACE_PREFERENCE = 1e-5;
const FACE_PREFERENCE_RATIO = 0.05;
/** The cores are held this far apart while the normal is improved, m. */
const SEPARATION = 1e-3;
const MAX_REFINEMENTS = 6;

const normal = new Float64Array(3);
const least = new Float64Array(1);
const candidate = new Float64Array(3);
const shift = new Float64Array(3);
const pointA = new Float64Array(3);
const pointB = new Float64Array(3);
const witness = new Float64Array(3);
const featureA: SurfaceFeature = {
  count: 0,
  points: new Float64Array(3 * MAX_FEATURE),
  normal: new Float64Array(3),
};
const featureB: SurfaceFeature = {
  count: 0,
  points: new Float64Array(3 * MAX_FEATURE),
  normal: new Float64Array(3),
};

/**
 * Append up to eight contacts between the convex colliders `a` and `b` while they are closer than `margin` (m).
 *
 * The normal of least overlap is sought among the faces' normals, axes and the line between the centres, and then
 * improved: the shapes are moved apart along it, and the line between their nearest points overlaps no more than it did
 * (so that shapes that overlap need no other algorithm). Contacts follow from clipping the features that face each other.
 */
export function convexContacts(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  margin: number,
  contacts: ContactBuffer,
): void {
  const radii = coreRadius(colliders, a) + coreRadius(colliders, b);
  let overlap = bestCandidate(colliders, a, b) + radii;
  if (overlap < -margin) return;
  const round = isRound(colliders, a) || isRound(colliders, b);
  let needed = round ? 1e-9 : FACE_PREFERENCE + FACE_PREFERENCE_RATIO * Math.abs(overlap);
  let haveWitness = false;
  for (let refinement = 0; refinement < MAX_REFINEMENTS; refinement++) {
    const coreOverlap = overlap - radii;
    const apart = coreOverlap > -SEPARATION ? coreOverlap + SEPARATION : 0;
    for (let k = 0; k < 3; k++) shift[k] = apart * normal[k]!;
    if (closestDirection(colliders, a, b, shift, candidate, witness) === 0) break;
    haveWitness = true;
    const better = overlapAlong(colliders, a, b, candidate) + radii;
    if (better >= overlap - needed) break;
    overlap = better;
    normal.set(candidate);
    needed = 1e-9;
    if (overlap < -margin) return;
  }
  featureA.count = supportFeature(
    colliders,
    a,
    normal[0]!,
    normal[1]!,
    normal[2]!,
    featureA.points,
    featureA.normal,
  );
  featureB.count = supportFeature(
    colliders,
    b,
    -normal[0]!,
    -normal[1]!,
    -normal[2]!,
    featureB.points,
    featureB.normal,
  );
  if (segmentContacts(featureA, featureB, pair, a, b, normal, margin, contacts)) return;
  const smallest = featureContacts(featureA, featureB, pair, a, b, normal, margin, contacts);
  if (smallest <= -overlap + FACE_PREFERENCE + FACE_PREFERENCE_RATIO * Math.abs(overlap)) return;
  addDeepest(colliders, pair, a, b, overlap, haveWitness, contacts);
}

/** Append the contact at the deepest point: a sphere's, a corner's, or where two edges or curved sides cross. */
function addDeepest(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  overlap: number,
  haveWitness: boolean,
  contacts: ContactBuffer,
): void {
  if (featureA.count === 1) addAlong(pair, a, b, featureA.points, 0, 0, -overlap, normal, contacts);
  else if (featureB.count === 1)
    addAlong(pair, a, b, featureB.points, 0, -overlap, -overlap, normal, contacts);
  else {
    // the nearest point of A's core was found for the last direction tried; failing that, B's corner will do
    const radius = coreRadius(colliders, a);
    if (haveWitness) {
      addAlong(pair, a, b, witness, 0, -radius, -overlap, normal, contacts);
      return;
    }
    supportPoint(colliders, b, -normal[0]!, -normal[1]!, -normal[2]!, pointB, 0);
    addAlong(pair, a, b, pointB, 0, coreRadius(colliders, b) - overlap, -overlap, normal, contacts);
  }
}

/** Write the normal of least core overlap among the candidates to `normal`; returns the overlap, m. */
function bestCandidate(colliders: ColliderSet, a: number, b: number): number {
  const { positions: P, rotations: R, kind, hulls } = colliders;
  least[0] = Number.POSITIVE_INFINITY;
  for (let side = 0; side < 2; side++) {
    const own = side === 0 ? a : b;
    const other = side === 0 ? b : a;
    const sign = side === 0 ? 1 : -1;
    const hull = hulls[own];
    const r = 9 * own;
    if (hull) {
      const { normals } = hull;
      for (let f = 0; f < normals.length; f += 3) {
        for (let row = 0; row < 3; row++) {
          const q = r + 3 * row;
          candidate[row] =
            sign * (R[q]! * normals[f]! + R[q + 1]! * normals[f + 1]! + R[q + 2]! * normals[f + 2]!);
        }
        consider(colliders, a, b);
      }
    } else if (kind[own] !== SPHERE) {
      let along = 0;
      for (let k = 0; k < 3; k++) along += R[r + 3 * k + 2]! * (P[3 * other + k]! - P[3 * own + k]!);
      for (let k = 0; k < 3; k++) {
        candidate[k] = sign * (P[3 * other + k]! - P[3 * own + k]! - along * R[r + 3 * k + 2]!);
      }
      consider(colliders, a, b);
      const facing = along < 0 ? -sign : sign;
      for (let k = 0; k < 3; k++) candidate[k] = facing * R[r + 3 * k + 2]!;
      consider(colliders, a, b);
    }
  }
  for (let k = 0; k < 3; k++) candidate[k] = P[3 * b + k]! - P[3 * a + k]!;
  consider(colliders, a, b);
  if (least[0] === Number.POSITIVE_INFINITY) {
    // centres and axes coincide: any direction is as good
    candidate[0] = 0;
    candidate[1] = 0;
    candidate[2] = 1;
    consider(colliders, a, b);
  }
  return least[0];
}

/** Take `candidate`, of any length, as the normal where the cores overlap less along it than along any before. */
function consider(colliders: ColliderSet, a: number, b: number): void {
  const length = Math.sqrt(candidate[0]! ** 2 + candidate[1]! ** 2 + candidate[2]! ** 2);
  if (length < 1e-9) return;
  for (let k = 0; k < 3; k++) candidate[k]! /= length;
  const overlap = overlapAlong(colliders, a, b, candidate);
  if (overlap >= least[0]! - 1e-9) return;
  least[0] = overlap;
  normal.set(candidate);
}

/** Length over which the cores of A and B overlap along the unit direction `d` from A to B, m; negative while apart. */
function overlapAlong(colliders: ColliderSet, a: number, b: number, d: Float64Array): number {
  const x = d[0]!;
  const y = d[1]!;
  const z = d[2]!;
  supportPoint(colliders, a, x, y, z, pointA, 0);
  supportPoint(colliders, b, -x, -y, -z, pointB, 0);
  return x * (pointA[0]! - pointB[0]!) + y * (pointA[1]! - pointB[1]!) + z * (pointA[2]! - pointB[2]!);
}

function isRound({ kind }: ColliderSet, index: number): boolean {
  return kind[index] === SPHERE || kind[index] === CAPSULE;
}

/** Append the contacts of collider `a`, a capsule, cylinder or polytope, with the half-space `b`. */
export function convexHalfSpaceContacts(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  margin: number,
  contacts: ContactBuffer,
): void {
  const { positions: P, rotations: R } = colliders;
  // the normal from A to B points into the half-space
  for (let k = 0; k < 3; k++) normal[k] = -R[9 * b + 3 * k + 2]!;
  let height = 0;
  for (let k = 0; k < 3; k++) height -= normal[k]! * (P[3 * a + k]! - P[3 * b + k]!);
  if (height > colliders.boundingRadius[a]! + margin) return;
  const { points } = featureA;
  const hull = colliders.hulls[a];
  const count = hull
    ? placeVertices(colliders, a, hull.vertices, points)
    : supportFeature(colliders, a, normal[0]!, normal[1]!, normal[2]!, points, featureA.normal);
  for (let corner = 0; corner < count; corner++) {
    let gap = 0;
    for (let k = 0; k < 3; k++) gap -= normal[k]! * (points[3 * corner + k]! - P[3 * b + k]!);
    if (gap <= margin) addAlong(pair, a, b, points, 3 * corner, 0, gap, normal, contacts);
  }
}

function placeVertices(
  { positions: P, rotations: R }: ColliderSet,
  index: number,
  vertices: Float64Array,
  out: Float64Array,
): number {
  for (let v = 0; v < vertices.length; v += 3) {
    for (let row = 0; row < 3; row++) {
      const q = 9 * index + 3 * row;
      out[v + row] =
        P[3 * index + row]! +
        R[q]! * vertices[v]! +
        R[q + 1]! * vertices[v + 1]! +
        R[q + 2]! * vertices[v + 2]!;
    }
  }
  return vertices.length / 3;
}

// Rays against the faces of convex bodies, boxes and planes among them; all in the camera's frame.
import type { RayTarget } from "./ray-target.js";

/** Faces turned to the camera, and faces turned away, that are looked at without a loop: those of a box. */
const FEW_NEAR = 3;
const FEW_FAR = 5;
/** A hull of 64 points, the most that a convex body has, has fewer. */
const MAX_FACES = 128;

/** Coefficients of the faces' inverse depths, first of those turned to the camera, then of the others. */
const near = coefficients();
const far = coefficients();
const nearParts = new Int32Array(MAX_FACES);

/**
 * Cast the rays within the target's bounds at the body `normal · p <= distance` of faces `first .. end - 1`.
 *
 * The inverse depth of a face's plane is linear in u and v. A ray enters at the least one of the faces turned to the
 * camera and leaves at the greatest of the others. Parts are those of the faces, from `part` on.
 */
export function castConvex(
  target: RayTarget,
  normals: Float64Array,
  distances: Float64Array,
  first: number,
  end: number,
  part: number,
): void {
  let numNear = 0;
  let numFar = 0;
  for (let face = first; face < end; face++) {
    const distance = distances[face]!;
    const scale = distance === 0 ? 1e12 : 1 / distance;
    const side = distance < 0 ? near : far;
    const k = distance < 0 ? numNear++ : numFar++;
    side.u[k] = normals[3 * face]! * scale;
    side.v[k] = normals[3 * face + 1]! * scale;
    side.one[k] = normals[3 * face + 2]! * scale;
    if (distance < 0) nearParts[k] = part + face - first;
  }
  if (numNear === 0) return;
  if (numNear > FEW_NEAR || numFar > FEW_FAR) {
    castManyFaces(target, numNear, numFar);
    return;
  }
  if (numNear === 1) {
    castFace(target, numFar);
    return;
  }
  for (let k = numNear; k < FEW_NEAR; k++) {
    near.u[k] = 0;
    near.v[k] = 0;
    near.one[k] = Number.POSITIVE_INFINITY;
  }
  castFewFaces(target, numNear, numFar);
}

function castFace(target: RayTarget, numFar: number): void {
  const { width, us, vs, inverseDepths, parts, top, bottom } = target;
  const part = nearParts[0]!;
  const slope = near.u[0]!;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    boundRow(target, 1, numFar, v);
    const base = near.v[0]! * v + near.one[0]!;
    const right = target.rowRight;
    for (let column = target.rowLeft, o = row * width + column; column <= right; column++, o++) {
      const w = slope * us[column]! + base;
      if (w > inverseDepths[o]!) {
        inverseDepths[o] = w;
        parts[o] = part;
      }
    }
  }
}

function castFewFaces(target: RayTarget, numNear: number, numFar: number): void {
  const { width, us, vs, inverseDepths, parts, top, bottom } = target;
  const part0 = nearParts[0]!;
  const part1 = nearParts[1]!;
  const part2 = nearParts[2]!;
  const a0 = near.u[0]!;
  const a1 = near.u[1]!;
  const a2 = near.u[2]!;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    boundRow(target, numNear, numFar, v);
    const c0 = near.v[0]! * v + near.one[0]!;
    const c1 = near.v[1]! * v + near.one[1]!;
    const c2 = near.v[2]! * v + near.one[2]!;
    const right = target.rowRight;
    for (let column = target.rowLeft, o = row * width + column; column <= right; column++, o++) {
      const u = us[column]!;
      let w = a0 * u + c0;
      let hit = part0;
      const w1 = a1 * u + c1;
      if (w1 < w) {
        w = w1;
        hit = part1;
      }
      const w2 = a2 * u + c2;
      if (w2 < w) {
        w = w2;
        hit = part2;
      }
      if (w > inverseDepths[o]!) {
        inverseDepths[o] = w;
        parts[o] = hit;
      }
    }
  }
}

/** Look at the columns of a row where every face turned to the camera is met before every face turned away. */
function boundRow(target: RayTarget, numNear: number, numFar: number, v: number): void {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < numNear; i++) {
    const slope = near.u[i]!;
    const height = near.v[i]! * v + near.one[i]!;
    for (let j = 0; j < numFar; j++) {
      const rise = slope - far.u[j]!;
      const base = height - (far.v[j]! * v + far.one[j]!);
      if (rise > 0) {
        const u = -base / rise;
        if (u > low) low = u;
      } else if (rise < 0) {
        const u = -base / rise;
        if (u < high) high = u;
      } else if (base < 0) high = Number.NEGATIVE_INFINITY;
    }
  }
  target.boundRow(low, high, 0);
}

function castManyFaces(target: RayTarget, numNear: number, numFar: number): void {
  const { width, us, vs, inverseDepths, parts, left, right, top, bottom } = target;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    for (let column = left, o = row * width + left; column <= right; column++, o++) {
      const u = us[column]!;
      let w = Number.POSITIVE_INFINITY;
      let hit = 0;
      for (let k = 0; k < numNear; k++) {
        const face = near.u[k]! * u + near.v[k]! * v + near.one[k]!;
        if (face < w) {
          w = face;
          hit = nearParts[k]!;
        }
      }
      if (!(w > inverseDepths[o]!)) continue;
      let leaves = false;
      for (let k = 0; k < numFar && !leaves; k++) leaves = w < far.u[k]! * u + far.v[k]! * v + far.one[k]!;
      if (leaves) continue;
      inverseDepths[o] = w;
      parts[o] = hit;
    }
  }
}

function coefficients() {
  return {
    u: new Float64Array(MAX_FACES),
    v: new Float64Array(MAX_FACES),
    one: new Float64Array(MAX_FACES),
  };
}

// Contacts between two boxes: separating axes, then face clipping or the nearest points of two edges.
import type { ColliderSet } from "./collider-set.js";
import type { ContactBuffer } from "./contact-buffer.js";

const FACE_PREFERENCE_RATIO = 0.05;
const FACE_PREFERENCE = 1e-5;
const EDGE_PREFERENCE_RATIO = 0.1;
const EDGE_PREFERENCE = 1e-4;
/** Squared sine below which two edges count as parallel. */
const PARALLEL_EDGES = 1e-6;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0xffff;

/** Arrays of more than eight numbers lie outside of V8's heap, where compiled code finds them without a look-up. */
const scratch = () => new Float64Array(9);
const rotationA = scratch();
const rotationB = scratch();
const centreA = scratch();
const centreB = scratch();
const halfA = scratch();
const halfB = scratch();
/** Centre of B and axes of B (columns), both in A's frame. */
const offset = scratch();
const relative = scratch();
const absolute = scratch();
const edgeAxis = scratch();
const edgePointA = scratch();
const edgePointB = scratch();
const polygon = new Float64Array(64);
const clipped = new Float64Array(64);
const selected = new Int32Array(4);

/**
 * Append up to four contacts between the boxes `a` and `b` while they are closer than `margin` (m).
 *
 * The axis of least penetration is chosen among 15 (Gottschalk et al., OBBTree, 1996); faces of A are preferred to
 * faces of B and faces to edges by a small margin, so that a resting contact does not flicker between equal axes.
 */
export function boxBoxContacts(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  margin: number,
  contacts: ContactBuffer,
): void {
  load(colliders, a, centreA, rotationA, halfA);
  load(colliders, b, centreB, rotationB, halfB);
  for (let i = 0; i < 3; i++) {
    offset[i] = 0;
    for (let k = 0; k < 3; k++) {
      offset[i]! += rotationA[3 * k + i]! * (centreB[k]! - centreA[k]!);
    }
    for (let j = 0; j < 3; j++) {
      const cosine =
        rotationA[i]! * rotationB[j]! +
        rotationA[3 + i]! * rotationB[3 + j]! +
        rotationA[6 + i]! * rotationB[6 + j]!;
      relative[3 * i + j] = cosine;
      absolute[3 * i + j] = Math.abs(cosine);
    }
  }

  let depth = Number.POSITIVE_INFINITY;
  let face = -1;
  let side = 1;
  for (let i = 0; i < 3; i++) {
    const distance = offset[i]!;
    const overlap =
      halfA[i]! +
      halfB[0]! * absolute[3 * i]! +
      halfB[1]! * absolute[3 * i + 1]! +
      halfB[2]! * absolute[3 * i + 2]! -
      Math.abs(distance);
    if (overlap < -margin) return;
    if (overlap < depth) {
      depth = overlap;
      face = i;
      side = distance < 0 ? -1 : 1;
    }
  }
  for (let j = 0; j < 3; j++) {
    const distance =
      offset[0]! * relative[j]! + offset[1]! * relative[3 + j]! + offset[2]! * relative[6 + j]!;
    const overlap =
      halfB[j]! +
      halfA[0]! * absolute[j]! +
      halfA[1]! * absolute[3 + j]! +
      halfA[2]! * absolute[6 + j]! -
      Math.abs(distance);
    if (overlap < -margin) return;
    if (overlap < depth - FACE_PREFERENCE_RATIO * Math.abs(depth) - FACE_PREFERENCE) {
      depth = overlap;
      face = 3 + j;
      side = distance < 0 ? -1 : 1;
    }
  }
  let edge = -1;
  for (let i = 0; i < 3; i++) {
    const i1 = (i + 1) % 3;
    const i2 = (i + 2) % 3;
    for (let j = 0; j < 3; j++) {
      const j1 = (j + 1) % 3;
      const j2 = (j + 2) % 3;
      const sineSquared = 1 - relative[3 * i + j]! * relative[3 * i + j]!;
      if (sineSquared < PARALLEL_EDGES) continue;
      const distance = offset[i2]! * relative[3 * i1 + j]! - offset[i1]! * relative[3 * i2 + j]!;
      const reach =
        halfA[i1]! * absolute[3 * i2 + j]! +
        halfA[i2]! * absolute[3 * i1 + j]! +
        halfB[j1]! * absolute[3 * i + j2]! +
        halfB[j2]! * absolute[3 * i + j1]!;
      const scale = 1 / Math.sqrt(sineSquared);
      const overlap = (reach - Math.abs(distance)) * scale;
      if (overlap < -margin) return;
      if (overlap < depth - EDGE_PREFERENCE_RATIO * Math.abs(depth) - EDGE_PREFERENCE) {
        depth = overlap;
        edge = 3 * i + j;
        edgeAxis[i] = 0;
        edgeAxis[i1] = -relative[3 * i2 + j]! * scale;
        edgeAxis[i2] = relative[3 * i1 + j]! * scale;
      }
    }
  }
  if (edge >= 0) edgeContact(pair, a, b, edge, contacts);
  else faceContacts(pair, a, b, face, side, margin, contacts);
}

function load(
  { positions: P, rotations: R, sizes }: ColliderSet,
  index: number,
  centre: Float64Array,
  rotation: Float64Array,
  half: Float64Array,
): void {
  const o = 3 * (index & SMALL);
  for (let k = 0; k < 3; k++) {
    centre[k] = P[o + k]!;
    half[k] = sizes[o + k]!;
  }
  for (let k = 0; k < 9; k++) rotation[k] = R[3 * o + k]!;
}

/** The nearest points of edge `i` of A and edge `j` of B along the axis found. */
function edgeContact(pair: number, a: number, b: number, edge: number, contacts: ContactBuffer): void {
  const i = Math.floor(edge / 3);
  const j = edge % 3;
  const n = edgeAxis;
  if (offset[0]! * n[0]! + offset[1]! * n[1]! + offset[2]! * n[2]! < 0) {
    for (let k = 0; k < 3; k++) n[k] = -n[k]!;
  }
  for (let k = 0; k < 3; k++) {
    edgePointA[k] = k === i ? 0 : n[k]! > 0 ? halfA[k]! : -halfA[k]!;
    edgePointB[k] = offset[k]!;
  }
  for (let m = 0; m < 3; m++) {
    if (m === j) continue;
    const facing = n[0]! * relative[m]! + n[1]! * relative[3 + m]! + n[2]! * relative[6 + m]!;
    const signed = facing > 0 ? -halfB[m]! : halfB[m]!;
    for (let k = 0; k < 3; k++) edgePointB[k]! += signed * relative[3 * k + m]!;
  }
  // Closest points of two lines (Ericson, Real-Time Collision Detection, 5.1.8), A's edge along its axis i.
  const cosine = relative[3 * i + j]!;
  let alongB = 0;
  for (let k = 0; k < 3; k++) alongB += relative[3 * k + j]! * (edgePointB[k]! - edgePointA[k]!);
  const alongA = edgePointB[i]! - edgePointA[i]!;
  const denominator = 1 - cosine * cosine;
  edgePointA[i]! += (alongA - cosine * alongB) / denominator;
  const t = (cosine * alongA - alongB) / denominator;
  for (let k = 0; k < 3; k++) edgePointB[k]! += t * relative[3 * k + j]!;
  const R = rotationA;
  contacts.add(
    pair,
    a,
    b,
    rotated(R, 0, n),
    rotated(R, 3, n),
    rotated(R, 6, n),
    centreA[0]! + rotated(R, 0, edgePointA),
    centreA[1]! + rotated(R, 3, edgePointA),
    centreA[2]! + rotated(R, 6, edgePointA),
    centreA[0]! + rotated(R, 0, edgePointB),
    centreA[1]! + rotated(R, 3, edgePointB),
    centreA[2]! + rotated(R, 6, edgePointB),
  );
}

function rotated(rotation: Float64Array, row: number, v: Float64Array): number {
  return rotation[row]! * v[0]! + rotation[row + 1]! * v[1]! + rotation[row + 2]! * v[2]!;
}

/** Clip the incident face against the sides of the reference face and keep the points below it. */
function faceContacts(
  pair: number,
  a: number,
  b: number,
  face: number,
  side: number,
  margin: number,
  contacts: ContactBuffer,
): void {
  const referenceIsA = face < 3;
  const k = referenceIsA ? face : face - 3;
  const R = referenceIsA ? rotationA : rotationB;
  const S = referenceIsA ? rotationB : rotationA;
  const halfReference = referenceIsA ? halfA : halfB;
  const halfIncident = referenceIsA ? halfB : halfA;
  const centreReference = referenceIsA ? centreA : centreB;
  const centreIncident = referenceIsA ? centreB : centreA;
  const outward = referenceIsA ? side : -side;
  const nx = outward * R[k]!;
  const ny = outward * R[3 + k]!;
  const nz = outward * R[6 + k]!;

  let incident = 0;
  let most = -1;
  let sign = 1;
  for (let m = 0; m < 3; m++) {
    const facing = nx * S[m]! + ny * S[3 + m]! + nz * S[6 + m]!;
    if (Math.abs(facing) > most) {
      most = Math.abs(facing);
      incident = m;
      sign = facing > 0 ? -1 : 1;
    }
  }
  const u = (k + 1) % 3;
  const v = (k + 2) % 3;
  const p = (incident + 1) % 3;
  const q = (incident + 2) % 3;
  for (let corner = 0; corner < 4; corner++) {
    const along = sign * halfIncident[incident]!;
    const s = (corner === 0 || corner === 3 ? -1 : 1) * halfIncident[p]!;
    const t = (corner < 2 ? -1 : 1) * halfIncident[q]!;
    const x = centreIncident[0]! - centreReference[0]! + along * S[incident]! + s * S[p]! + t * S[q]!;
    const y =
      centreIncident[1]! - centreReference[1]! + along * S[3 + incident]! + s * S[3 + p]! + t * S[3 + q]!;
    const z =
      centreIncident[2]! - centreReference[2]! + along * S[6 + incident]! + s * S[6 + p]! + t * S[6 + q]!;
    polygon[3 * corner] = R[u]! * x + R[3 + u]! * y + R[6 + u]! * z;
    polygon[3 * corner + 1] = R[v]! * x + R[3 + v]! * y + R[6 + v]! * z;
    polygon[3 * corner + 2] = nx * x + ny * y + nz * z;
  }
  let count = clip(4, 0, halfReference[u]!);
  count = clip(count, 1, halfReference[v]!);
  const top = halfReference[k]!;
  const kept = select(keepBelow(count, top + margin));

  const gx = referenceIsA ? nx : -nx;
  const gy = referenceIsA ? ny : -ny;
  const gz = referenceIsA ? nz : -nz;
  for (let index = 0; index < kept; index++) {
    const m = 3 * selected[index]!;
    const x = centreReference[0]! + R[u]! * polygon[m]! + R[v]! * polygon[m + 1]!;
    const y = centreReference[1]! + R[3 + u]! * polygon[m]! + R[3 + v]! * polygon[m + 1]!;
    const z = centreReference[2]! + R[6 + u]! * polygon[m]! + R[6 + v]! * polygon[m + 1]!;
    const heightA = referenceIsA ? top : polygon[m + 2]!;
    const heightB = referenceIsA ? polygon[m + 2]! : top;
    contacts.add(
      pair,
      a,
      b,
      gx,
      gy,
      gz,
      x + nx * heightA,
      y + ny * heightA,
      z + nz * heightA,
      x + nx * heightB,
      y + ny * heightB,
      z + nz * heightB,
    );
  }
}

/** Cut the polygon of `count` corners to |coordinate `axis`| <= `limit` and return its new count. */
function clip(count: number, axis: number, limit: number): number {
  const half = cut(polygon, clipped, count, 2 * axis, limit);
  return cut(clipped, polygon, half, 2 * axis + 1, limit);
}

/**
 * Write what of the polygon `from` of `count` corners lies on the inner side of a plane to `to` (Sutherland-Hodgman); return
 * how many corners that has. Planes 2 k and 2 k + 1 stand `limit` (m) below and above 0 on axis k.
 */
function cut(from: Float64Array, to: Float64Array, count: number, plane: number, limit: number): number {
  const axis = plane >> 1;
  const sign = plane & 1 ? 1 : -1;
  const corners = count & SMALL;
  let written = 0;
  let here = sign * from[axis]! - limit;
  for (let m = 0; m < corners; m++) {
    const o = 3 * m;
    const next = m + 1 === corners ? 0 : o + 3;
    const there = sign * from[next + axis]! - limit;
    if (here <= 0) {
      const w = 3 * (written++ & SMALL);
      to[w] = from[o]!;
      to[w + 1] = from[o + 1]!;
      to[w + 2] = from[o + 2]!;
    }
    if ((here < 0 && there > 0) || (here > 0 && there < 0)) {
      const t = here / (here - there);
      const w = 3 * (written++ & SMALL);
      to[w] = from[o]! + t * (from[next]! - from[o]!);
      to[w + 1] = from[o + 1]! + t * (from[next + 1]! - from[o + 1]!);
      to[w + 2] = from[o + 2]! + t * (from[next + 2]! - from[o + 2]!);
    }
    here = there;
  }
  return written;
}

/** Move the polygon's corners no higher than `height` to its front and return how many there are. */
function keepBelow(count: number, height: number): number {
  let kept = 0;
  for (let m = 0; m < count; m++) {
    if (polygon[3 * m + 2]! > height) continue;
    for (let c = 0; c < 3; c++) polygon[3 * kept + c] = polygon[3 * m + c]!;
    kept++;
  }
  return kept;
}

/** Choose up to four of `count` corners, the furthest along the two diagonals, into `selected`; return how many. */
function select(count: number): number {
  if (count <= 4) {
    for (let m = 0; m < count; m++) selected[m] = m;
    return count;
  }
  let chosen = 0;
  for (let diagonal = 0; diagonal < 4; diagonal++) {
    const su = diagonal & 1 ? 1 : -1;
    const sv = diagonal & 2 ? 1 : -1;
    let best = -1;
    let furthest = Number.NEGATIVE_INFINITY;
    for (let m = 0; m < count; m++) {
      const reach = su * polygon[3 * m]! + sv * polygon[3 * m + 1]!;
      if (reach > furthest + 1e-9) {
        furthest = reach;
        best = m;
      }
    }
    let known = false;
    for (let m = 0; m < chosen; m++) known ||= selected[m] === best;
    if (!known) selected[chosen++] = best;
  }
  return chosen;
}

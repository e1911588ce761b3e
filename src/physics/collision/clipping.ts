// Contacts between two facing surface features: points, segments and polygons.
import type { ContactBuffer } from "./contact-buffer.js";

/** Most contacts of one pair: enough for a round foot to stand on all its rim. */
const MOST = 8;
/** Squared sine below which two segments count as parallel. */
const PARALLEL = 1e-4;

/** A feature of a collider's surface. */
export interface SurfaceFeature {
  /** 1 for a point, 2 for a segment, more for a polygon. */
  count: number;
  /** World, m. [count, 3] */
  readonly points: Float64Array;
  /** Outward normal of a polygon. */
  readonly normal: Float64Array;
}

let polygon = new Float64Array(3 * 160);
let clipped = new Float64Array(3 * 160);
/** Distance from A to B along the normal at each corner of `polygon`, m. */
const gaps = new Float64Array(160);
const chosen = new Int32Array(MOST);

/**
 * Append up to eight contacts where `featureA` and `featureB` face each other along the unit normal (nx, ny, nz) from A
 * to B and are closer than `margin` (m). Returns the smallest gap found, m; infinity where there is none.
 */
export function featureContacts(
  featureA: SurfaceFeature,
  featureB: SurfaceFeature,
  pair: number,
  a: number,
  b: number,
  n: Float64Array,
  margin: number,
  contacts: ContactBuffer,
): number {
  const alignedA = facing(featureA, n);
  const alignedB = -facing(featureB, n);
  // a slight preference for A keeps the choice from flickering between equals
  const referenceIsA = featureB.count < 3 || (featureA.count >= 3 && alignedA >= 0.999 * alignedB);
  const reference = referenceIsA ? featureA : featureB;
  const incident = referenceIsA ? featureB : featureA;
  if (reference.count < 3 || incident.count === 1) return Number.POSITIVE_INFINITY;
  let count = incident.count;
  for (let k = 0; k < 3 * count; k++) polygon[k] = incident.points[k]!;
  count = clipToSides(count, reference);
  const m = reference.normal;
  const slope = n[0]! * m[0]! + n[1]! * m[1]! + n[2]! * m[2]!;
  if (Math.abs(slope) < 1e-3) return Number.POSITIVE_INFINITY;
  const p = reference.points;
  let kept = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < count; k++) {
    const x = polygon[3 * k]!;
    const y = polygon[3 * k + 1]!;
    const z = polygon[3 * k + 2]!;
    // from the reference plane to the incident corner, along the normal from A to B
    const height = ((x - p[0]!) * m[0]! + (y - p[1]!) * m[1]! + (z - p[2]!) * m[2]!) / slope;
    const gap = referenceIsA ? height : -height;
    if (gap > margin) continue;
    polygon[3 * kept] = x;
    polygon[3 * kept + 1] = y;
    polygon[3 * kept + 2] = z;
    gaps[kept++] = gap;
    if (gap < smallest) smallest = gap;
  }
  const selected = choose(kept, n);
  for (let k = 0; k < selected; k++) {
    const corner = chosen[k]!;
    const gap = gaps[corner]!;
    // the corner lies on the incident shape; its partner on the reference plane
    const back = referenceIsA ? gap : 0;
    addAlong(pair, a, b, polygon, 3 * corner, back, gap, n, contacts);
  }
  return smallest;
}

function facing({ normal }: SurfaceFeature, n: Float64Array): number {
  return normal[0]! * n[0]! + normal[1]! * n[1]! + normal[2]! * n[2]!;
}

/** Append the contacts of two segments, which must be nearly parallel; returns whether they are. */
export function segmentContacts(
  featureA: SurfaceFeature,
  featureB: SurfaceFeature,
  pair: number,
  a: number,
  b: number,
  n: Float64Array,
  margin: number,
  contacts: ContactBuffer,
): boolean {
  if (featureA.count !== 2 || featureB.count !== 2) return false;
  const p = featureA.points;
  const q = featureB.points;
  let uu = 0;
  let uv = 0;
  let vv = 0;
  for (let k = 0; k < 3; k++) {
    const u = p[3 + k]! - p[k]!;
    const v = q[3 + k]! - q[k]!;
    uu += u * u;
    uv += u * v;
    vv += v * v;
  }
  if (uu * vv - uv * uv > PARALLEL * uu * vv) return false;
  // where the ends of B lie along A, as shares of A
  let first = 0;
  let last = 0;
  for (let k = 0; k < 3; k++) {
    const u = p[3 + k]! - p[k]!;
    first += (u * (q[k]! - p[k]!)) / uu;
    last += (u * (q[3 + k]! - p[k]!)) / uu;
  }
  const from = Math.max(0, Math.min(first, last));
  const to = Math.min(1, Math.max(first, last));
  if (from > to) return false;
  for (let end = 0; end < 2; end++) {
    const s = end === 0 ? from : to;
    const t = (s - first) / (last - first);
    let gap = 0;
    for (let k = 0; k < 3; k++) {
      const onA = p[k]! + s * (p[3 + k]! - p[k]!);
      polygon[k] = onA;
      gap += n[k]! * (q[k]! + t * (q[3 + k]! - q[k]!) - onA);
    }
    if (gap <= margin) addAlong(pair, a, b, polygon, 0, 0, gap, n, contacts);
  }
  return true;
}

/** Append a contact: A's point is `points[o..]` moved back by `back` along the normal, B's lies `gap` further. */
export function addAlong(
  pair: number,
  a: number,
  b: number,
  points: Float64Array,
  o: number,
  back: number,
  gap: number,
  n: Float64Array,
  contacts: ContactBuffer,
): void {
  const nx = n[0]!;
  const ny = n[1]!;
  const nz = n[2]!;
  const x = points[o]! - back * nx;
  const y = points[o + 1]! - back * ny;
  const z = points[o + 2]! - back * nz;
  contacts.add(pair, a, b, nx, ny, nz, x, y, z, x + gap * nx, y + gap * ny, z + gap * nz);
}

/** Cut `polygon` (an open segment where `count` is 2) to the prism over a polygon's sides (Sutherland-Hodgman). */
function clipToSides(count: number, { count: sides, points: p, normal: m }: SurfaceFeature): number {
  for (let side = 0; side < sides && count > 0; side++) {
    const i = 3 * side;
    const j = 3 * ((side + 1) % sides);
    const ex = p[j]! - p[i]!;
    const ey = p[j + 1]! - p[i + 1]!;
    const ez = p[j + 2]! - p[i + 2]!;
    // outward, in the polygon's plane
    const ox = ey * m[2]! - ez * m[1]!;
    const oy = ez * m[0]! - ex * m[2]!;
    const oz = ex * m[1]! - ey * m[0]!;
    let written = 0;
    for (let k = 0; k < count; k++) {
      const next = k + 1 === count ? 0 : k + 1;
      const here = above(k, p, i, ox, oy, oz);
      if (here <= 0) {
        for (let c = 0; c < 3; c++) clipped[3 * written + c] = polygon[3 * k + c]!;
        written++;
      }
      if (count === 2 && next === 0) break;
      const there = above(next, p, i, ox, oy, oz);
      if ((here < 0 && there > 0) || (here > 0 && there < 0)) {
        const t = here / (here - there);
        for (let c = 0; c < 3; c++) {
          clipped[3 * written + c] = polygon[3 * k + c]! + t * (polygon[3 * next + c]! - polygon[3 * k + c]!);
        }
        written++;
      }
    }
    count = written;
    const swap = polygon;
    polygon = clipped;
    clipped = swap;
  }
  return count;
}

function above(corner: number, p: Float64Array, i: number, ox: number, oy: number, oz: number): number {
  const k = 3 * corner;
  return (polygon[k]! - p[i]!) * ox + (polygon[k + 1]! - p[i + 1]!) * oy + (polygon[k + 2]! - p[i + 2]!) * oz;
}

/** Choose up to eight of `count` corners, the furthest in eight directions across the normal, into `chosen`. */
function choose(count: number, n: Float64Array): number {
  if (count <= MOST) {
    for (let k = 0; k < count; k++) chosen[k] = k;
    return count;
  }
  const steep = Math.abs(n[0]!) >= 0.7;
  const tx = steep ? -n[2]! : 0;
  const ty = steep ? 0 : n[2]!;
  const tz = steep ? n[0]! : -n[1]!;
  const ux = n[1]! * tz - n[2]! * ty;
  const uy = n[2]! * tx - n[0]! * tz;
  const uz = n[0]! * ty - n[1]! * tx;
  let selected = 0;
  for (let direction = 0; direction < MOST; direction++) {
    const c = Math.cos((direction * Math.PI) / 4);
    const s = Math.sin((direction * Math.PI) / 4);
    let best = 0;
    let furthest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const x = polygon[3 * k]!;
      const y = polygon[3 * k + 1]!;
      const z = polygon[3 * k + 2]!;
      const reach = c * (tx * x + ty * y + tz * z) + s * (ux * x + uy * y + uz * z);
      if (reach > furthest + 1e-9) {
        furthest = reach;
        best = k;
      }
    }
    let known = false;
    for (let k = 0; k < selected; k++) known ||= chosen[k] === best;
    if (!known) chosen[selected++] = best;
  }
  return selected;
}

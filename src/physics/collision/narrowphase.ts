// Contacts of all pairs of shapes; the pairs of spheres, boxes and half-spaces, which arms are made of, are written out.
import { boxBoxContacts } from "./box-box.js";
import type { ColliderMotion } from "./collider-motion.js";
import { COLLIDER_KIND, type ColliderSet } from "./collider-set.js";
import type { ContactBuffer } from "./contact-buffer.js";
import { convexContacts, convexHalfSpaceContacts } from "./convex-contacts.js";
import type { NearPairs } from "./near-pairs.js";

// V8 folds the constants of a module into its code, but reads imported ones at each use
const { BOX, HALF_SPACE, SPHERE } = COLLIDER_KIND;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0xffff;

/**
 * Write the contacts of the pairs that are near and whose bounds meet to `contacts`.
 *
 * Found are also those that pairs which move further than the margin come to within the step, but for two links of the arm.
 */
export function findContacts(
  colliders: ColliderSet,
  near: NearPairs,
  motion: ColliderMotion,
  contacts: ContactBuffer,
): void {
  const { kind, positions: P, rotations: R, boundingRadius, margin } = colliders;
  const { first, second, numOuter } = near.pairs;
  const { list, count } = near;
  const { reaches } = motion;
  contacts.count = 0;
  for (let k = 0; k < count; k++) {
    const pair = list[k]!;
    const a = first[pair]!;
    const b = second[pair]!;
    const approach = pair < numOuter ? reaches[a]! + reaches[b]! : 0;
    const dx = P[3 * a]! - P[3 * b]!;
    const dy = P[3 * a + 1]! - P[3 * b + 1]!;
    const dz = P[3 * a + 2]! - P[3 * b + 2]!;
    if (kind[b] === HALF_SPACE) {
      const height = R[9 * b + 2]! * dx + R[9 * b + 5]! * dy + R[9 * b + 8]! * dz;
      if (height > boundingRadius[a]! + margin + approach) continue;
    } else {
      const reach = boundingRadius[a]! + boundingRadius[b]! + margin + approach;
      if (dx * dx + dy * dy + dz * dz > reach * reach) continue;
    }
    if (approach > margin && motion.approach(a, b) > margin) motion.findAhead(pair, a, b, contacts, findPair);
    else findPair(colliders, pair, a, b, contacts, margin);
  }
}

function findPair(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  contacts: ContactBuffer,
  margin: number,
): void {
  const { kind } = colliders;
  const kindA = kind[a] as number;
  const kindB = kind[b] as number;
  if (kindB === HALF_SPACE) {
    if (kindA === SPHERE) sphereHalfSpace(colliders, pair, a, b, contacts, margin);
    else if (kindA === BOX) boxHalfSpace(colliders, pair, a, b, contacts, margin);
    else convexHalfSpaceContacts(colliders, pair, a, b, margin, contacts);
  } else if (kindA === BOX && kindB === BOX) boxBoxContacts(colliders, pair, a, b, margin, contacts);
  else if (kindA === SPHERE && kindB === BOX) sphereBox(colliders, pair, a, b, a, b, 1, contacts, margin);
  else if (kindA === BOX && kindB === SPHERE) sphereBox(colliders, pair, b, a, a, b, -1, contacts, margin);
  else if (kindA === SPHERE && kindB === SPHERE) sphereSphere(colliders, pair, a, b, contacts, margin);
  else convexContacts(colliders, pair, a, b, margin, contacts);
}

function sphereHalfSpace(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  contacts: ContactBuffer,
  margin: number,
): void {
  const { positions: P, rotations: R, sizes } = colliders;
  const nx = R[9 * b + 2] as number;
  const ny = R[9 * b + 5] as number;
  const nz = R[9 * b + 8] as number;
  const x = P[3 * a] as number;
  const y = P[3 * a + 1] as number;
  const z = P[3 * a + 2] as number;
  const height =
    nx * (x - (P[3 * b] as number)) +
    ny * (y - (P[3 * b + 1] as number)) +
    nz * (z - (P[3 * b + 2] as number));
  const radius = sizes[3 * a] as number;
  if (height > radius + margin) return;
  contacts.add(
    pair,
    a,
    b,
    -nx,
    -ny,
    -nz,
    x - nx * radius,
    y - ny * radius,
    z - nz * radius,
    x - nx * height,
    y - ny * height,
    z - nz * height,
  );
}

// arrays of more than eight numbers lie outside of V8's heap, where compiled code finds them without a look-up
const cornerX = new Float64Array(9);
const cornerY = new Float64Array(9);
const cornerZ = new Float64Array(9);
const cornerHeight = new Float64Array(9);

/** The up to four lowest corners of the box within the margin. */
function boxHalfSpace(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  contacts: ContactBuffer,
  margin: number,
): void {
  const { positions: P, rotations: R, sizes } = colliders;
  const o = 3 * (a & SMALL);
  const p = 3 * (b & SMALL);
  const nx = R[3 * p + 2]!;
  const ny = R[3 * p + 5]!;
  const nz = R[3 * p + 8]!;
  const x = P[o]!;
  const y = P[o + 1]!;
  const z = P[o + 2]!;
  const centre = nx * (x - P[p]!) + ny * (y - P[p + 1]!) + nz * (z - P[p + 2]!);
  if (centre > (colliders.boundingRadius[a] as number) + margin) return;
  const r = 3 * o;
  const hx = sizes[o]!;
  const hy = sizes[o + 1]!;
  const hz = sizes[o + 2]!;
  let touching = 0;
  for (let corner = 0; corner < 8; corner++) {
    const lx = corner & 1 ? hx : -hx;
    const ly = corner & 2 ? hy : -hy;
    const lz = corner & 4 ? hz : -hz;
    const ox = (R[r] as number) * lx + (R[r + 1] as number) * ly + (R[r + 2] as number) * lz;
    const oy = (R[r + 3] as number) * lx + (R[r + 4] as number) * ly + (R[r + 5] as number) * lz;
    const oz = (R[r + 6] as number) * lx + (R[r + 7] as number) * ly + (R[r + 8] as number) * lz;
    const height = centre + nx * ox + ny * oy + nz * oz;
    cornerX[corner] = x + ox;
    cornerY[corner] = y + oy;
    cornerZ[corner] = z + oz;
    cornerHeight[corner] = height;
    if (height <= margin) touching++;
  }
  // deeper than half a box: keep the four lowest corners
  for (; touching > 4; touching--) {
    let highest = -1;
    for (let corner = 0; corner < 8; corner++) {
      if ((cornerHeight[corner] as number) > margin) continue;
      if (highest < 0 || (cornerHeight[corner] as number) > (cornerHeight[highest] as number))
        highest = corner;
    }
    cornerHeight[highest] = Number.POSITIVE_INFINITY;
  }
  for (let corner = 0; corner < 8; corner++) {
    const height = cornerHeight[corner] as number;
    if (height > margin) continue;
    const cx = cornerX[corner] as number;
    const cy = cornerY[corner] as number;
    const cz = cornerZ[corner] as number;
    contacts.add(pair, a, b, -nx, -ny, -nz, cx, cy, cz, cx - nx * height, cy - ny * height, cz - nz * height);
  }
}

/** Nearest point of the box; `sign` is 1 where the sphere is the pair's first collider. */
function sphereBox(
  colliders: ColliderSet,
  pair: number,
  sphere: number,
  box: number,
  a: number,
  b: number,
  sign: number,
  contacts: ContactBuffer,
  margin: number,
): void {
  const { positions: P, rotations: R, sizes } = colliders;
  const r = 9 * box;
  const radius = sizes[3 * sphere] as number;
  const reach = radius + margin;
  const sx = P[3 * sphere] as number;
  const sy = P[3 * sphere + 1] as number;
  const sz = P[3 * sphere + 2] as number;
  const bx = P[3 * box] as number;
  const by = P[3 * box + 1] as number;
  const bz = P[3 * box + 2] as number;
  const dx = sx - bx;
  const dy = sy - by;
  const dz = sz - bz;
  const lx = (R[r] as number) * dx + (R[r + 3] as number) * dy + (R[r + 6] as number) * dz;
  const ly = (R[r + 1] as number) * dx + (R[r + 4] as number) * dy + (R[r + 7] as number) * dz;
  const lz = (R[r + 2] as number) * dx + (R[r + 5] as number) * dy + (R[r + 8] as number) * dz;
  const hx = sizes[3 * box] as number;
  const hy = sizes[3 * box + 1] as number;
  const hz = sizes[3 * box + 2] as number;
  let cx = Math.max(-hx, Math.min(hx, lx));
  let cy = Math.max(-hy, Math.min(hy, ly));
  let cz = Math.max(-hz, Math.min(hz, lz));
  let nx = lx - cx;
  let ny = ly - cy;
  let nz = lz - cz;
  const squared = nx * nx + ny * ny + nz * nz;
  if (squared > reach * reach) return;
  if (squared > 1e-18) {
    const scale = 1 / Math.sqrt(squared);
    nx *= scale;
    ny *= scale;
    nz *= scale;
  } else {
    // centre inside the box: leave by the nearest face
    const px = hx - Math.abs(lx);
    const py = hy - Math.abs(ly);
    const pz = hz - Math.abs(lz);
    nx = 0;
    ny = 0;
    nz = 0;
    if (px <= py && px <= pz) {
      nx = lx < 0 ? -1 : 1;
      cx = nx * hx;
    } else if (py <= pz) {
      ny = ly < 0 ? -1 : 1;
      cy = ny * hy;
    } else {
      nz = lz < 0 ? -1 : 1;
      cz = nz * hz;
    }
  }
  // outward from the box, world
  const wx = (R[r] as number) * nx + (R[r + 1] as number) * ny + (R[r + 2] as number) * nz;
  const wy = (R[r + 3] as number) * nx + (R[r + 4] as number) * ny + (R[r + 5] as number) * nz;
  const wz = (R[r + 6] as number) * nx + (R[r + 7] as number) * ny + (R[r + 8] as number) * nz;
  const ox = sx - wx * radius;
  const oy = sy - wy * radius;
  const oz = sz - wz * radius;
  const qx = bx + (R[r] as number) * cx + (R[r + 1] as number) * cy + (R[r + 2] as number) * cz;
  const qy = by + (R[r + 3] as number) * cx + (R[r + 4] as number) * cy + (R[r + 5] as number) * cz;
  const qz = bz + (R[r + 6] as number) * cx + (R[r + 7] as number) * cy + (R[r + 8] as number) * cz;
  if (sign > 0) contacts.add(pair, a, b, -wx, -wy, -wz, ox, oy, oz, qx, qy, qz);
  else contacts.add(pair, a, b, wx, wy, wz, qx, qy, qz, ox, oy, oz);
}

function sphereSphere(
  colliders: ColliderSet,
  pair: number,
  a: number,
  b: number,
  contacts: ContactBuffer,
  margin: number,
): void {
  const { positions: P, sizes } = colliders;
  const dx = (P[3 * b] as number) - (P[3 * a] as number);
  const dy = (P[3 * b + 1] as number) - (P[3 * a + 1] as number);
  const dz = (P[3 * b + 2] as number) - (P[3 * a + 2] as number);
  const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
  const radiusA = sizes[3 * a] as number;
  const radiusB = sizes[3 * b] as number;
  if (distance > radiusA + radiusB + margin) return;
  const coincident = distance < 1e-9;
  const nx = coincident ? 0 : dx / distance;
  const ny = coincident ? 0 : dy / distance;
  const nz = coincident ? 1 : dz / distance;
  contacts.add(
    pair,
    a,
    b,
    nx,
    ny,
    nz,
    (P[3 * a] as number) + nx * radiusA,
    (P[3 * a + 1] as number) + ny * radiusA,
    (P[3 * a + 2] as number) + nz * radiusA,
    (P[3 * b] as number) - nx * radiusB,
    (P[3 * b + 1] as number) - ny * radiusB,
    (P[3 * b + 2] as number) - nz * radiusB,
  );
}

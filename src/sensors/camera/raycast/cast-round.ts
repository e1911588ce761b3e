// Rays against spheres, capsules and cylinders; all in the camera's frame.
import type { RayTarget } from "./ray-target.js";

/** Cast the rays within the target's bounds at a sphere; its surface is `part`. */
export function castSphere(
  target: RayTarget,
  x: number,
  y: number,
  z: number,
  radius: number,
  part: number,
): void {
  const { width, us, vs, inverseDepths, parts, left, right, top, bottom } = target;
  const outside = x * x + y * y + z * z - radius * radius;
  if (!(outside > 0)) return;
  const scale = 1 / outside;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    const along = y * v + z;
    const square = v * v + 1;
    for (let column = left, o = row * width + left; column <= right; column++, o++) {
      const u = us[column]!;
      // outside * w² - 2 b w + |d|² = 0 for the inverse depth w
      const b = x * u + along;
      const root = b * b - outside * (square + u * u);
      if (root < 0 || b < 0) continue;
      const w = (b + Math.sqrt(root)) * scale;
      if (w > inverseDepths[o]!) {
        inverseDepths[o] = w;
        parts[o] = part;
      }
    }
  }
}

/**
 * Cast the rays within the target's bounds at a capsule around (x, y, z) along the unit vector (ax, ay, az).
 *
 * Its parts are `part` (side), the next (end ahead along the axis) and the one after (the other end).
 */
export function castCapsule(
  target: RayTarget,
  x: number,
  y: number,
  z: number,
  ax: number,
  ay: number,
  az: number,
  radius: number,
  half: number,
  part: number,
): void {
  const { width, us, vs, inverseDepths, parts, left, right, top, bottom } = target;
  const m = x * ax + y * ay + z * az;
  const squared = x * x + y * y + z * z;
  const outside = squared - m * m - radius * radius;
  const scale = outside > 1e-12 ? 1 / outside : 0;
  // the balls at both ends
  const headOutside = squared + 2 * half * m + half * half - radius * radius;
  const tailOutside = squared - 2 * half * m + half * half - radius * radius;
  if (!(headOutside > 0 && tailOutside > 0)) return;
  const headScale = 1 / headOutside;
  const tailScale = 1 / tailOutside;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    const rowCentre = y * v + z;
    const rowAxis = ay * v + az;
    const square = v * v + 1;
    for (let column = left, o = row * width + left; column <= right; column++, o++) {
      const u = us[column]!;
      const s = ax * u + rowAxis;
      const c = x * u + rowCentre;
      const length = square + u * u;
      let w = 0;
      let hit = part;
      if (scale > 0) {
        const b = c - s * m;
        const root = b * b - outside * (length - s * s);
        if (root < 0) continue;
        w = (b + Math.sqrt(root)) * scale;
        const height = s - m * w;
        const limit = half * w;
        if (height > limit) {
          const e = c + half * s;
          const ball = e * e - headOutside * length;
          if (ball < 0) continue;
          w = (e + Math.sqrt(ball)) * headScale;
          hit = part + 1;
        } else if (height < -limit) {
          const e = c - half * s;
          const ball = e * e - tailOutside * length;
          if (ball < 0) continue;
          w = (e + Math.sqrt(ball)) * tailScale;
          hit = part + 2;
        }
      } else {
        // seen along its axis from within the endless cylinder: only the ends can be hit
        const head = c + half * s;
        const tail = c - half * s;
        const headRoot = head * head - headOutside * length;
        const tailRoot = tail * tail - tailOutside * length;
        if (headRoot >= 0) {
          w = (head + Math.sqrt(headRoot)) * headScale;
          hit = part + 1;
        }
        if (tailRoot >= 0) {
          const other = (tail + Math.sqrt(tailRoot)) * tailScale;
          if (other > w) {
            w = other;
            hit = part + 2;
          }
        }
      }
      if (w > inverseDepths[o]!) {
        inverseDepths[o] = w;
        parts[o] = hit;
      }
    }
  }
}

/** Cast the rays within the target's bounds at a cylinder; arguments as for a capsule, the ends are flat lids. */
export function castCylinder(
  target: RayTarget,
  x: number,
  y: number,
  z: number,
  ax: number,
  ay: number,
  az: number,
  radius: number,
  half: number,
  part: number,
): void {
  const { width, us, vs, inverseDepths, parts, left, right, top, bottom } = target;
  const m = x * ax + y * ay + z * az;
  const outside = x * x + y * y + z * z - m * m - radius * radius;
  const within = outside <= 1e-12;
  const scale = 1 / (within ? Math.min(outside, -1e-12) : outside);
  // inverse depths at the planes of the lids are s * headScale and s * tailScale; one at most faces the camera
  const headScale = 1 / (m + half);
  const tailScale = 1 / (m - half);
  const headFaces = m + half < 0;
  const tailFaces = m - half > 0;
  for (let row = top; row <= bottom; row++) {
    const v = vs[row]!;
    const rowCentre = y * v + z;
    const rowAxis = ay * v + az;
    const square = v * v + 1;
    for (let column = left, o = row * width + left; column <= right; column++, o++) {
      const u = us[column]!;
      const s = ax * u + rowAxis;
      const b = x * u + rowCentre - s * m;
      const root = b * b - outside * (square + u * u - s * s);
      // from within it is never negative, but for rounding along the axis
      if (root < 0 && !within) continue;
      const spread = root > 0 ? Math.sqrt(root) : 0;
      // the ray is inside from inverse depth `enter` down to `leave`
      let enter = within ? Number.POSITIVE_INFINITY : (b + spread) * scale;
      let leave = (b - spread) * scale;
      let hit = part;
      const head = s * headScale;
      const tail = s * tailScale;
      if (headFaces) {
        if (head < enter) {
          enter = head;
          hit = part + 1;
        }
      } else if (head > leave) leave = head;
      if (tailFaces) {
        if (tail < enter) {
          enter = tail;
          hit = part + 2;
        }
      } else if (tail > leave) leave = tail;
      if (enter >= leave && enter > inverseDepths[o]! && enter < Number.POSITIVE_INFINITY) {
        inverseDepths[o] = enter;
        parts[o] = hit;
      }
    }
  }
}

// Patterns on surfaces, computed from where a point lies in its entity's frame.
import type { Texture } from "../../../scene/camera-description.js";

/** Numbers of the patterns; 0 is none. */
export const TEXTURES: Readonly<Record<Texture, number>> = { plain: 0, checker: 1, stripes: 2, mosaic: 3 };

/** Faces of boxes often lie at whole multiples of a pattern's size: shifted, none of them lies between two fields. */
const SHIFT = 0.37;

/** Return how far a point's brightness is lowered, 0 to 1; `scale` is 1 / size of a field, 1/m. */
export function patternAt(texture: number, x: number, y: number, z: number, scale: number): number {
  const i = Math.floor(x * scale + SHIFT);
  const j = Math.floor(y * scale + SHIFT);
  if (texture === 2) return i & 1;
  const k = Math.floor(z * scale + SHIFT);
  if (texture === 1) return (i + j + k) & 1;
  return hash(i, j, k) / 0xffffffff;
}

/** Mix three whole numbers into one of 32 bits (constants of MurmurHash3's finaliser). */
export function hash(i: number, j: number, k: number): number {
  let h = Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca6b) ^ Math.imul(k, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

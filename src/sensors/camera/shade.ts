// Painting: the colour of what each pixel shows, by its light, its pattern and the shadows on it.
import type { Look } from "../../replay/camera-description.js";
import type { PlacedPrimitives } from "./placed-primitives.js";
import type { RayTarget } from "./ray-target.js";
import type { ShadowGrid } from "./shadow-grid.js";
import type { SurfaceLight } from "./surface-light.js";
import { patternAt } from "./texture.js";

/** What painting reads besides the surfaces' light. */
export interface Paints {
  /** Per part: number of its pattern, 1 / size of its fields, contrast. */
  readonly textures: Uint8Array;
  readonly scales: Float64Array;
  readonly contrasts: Float64Array;
  /** Per part: its primitive. */
  readonly primitives: Int16Array;
}

/** Paint the pixels within the spans whose part is `firstPart` or a later one. */
export function shade(
  target: RayTarget,
  surface: SurfaceLight,
  placed: PlacedPrimitives,
  paints: Paints,
  shadows: readonly ShadowGrid[],
  { ambient, diffuse }: Look,
  spanLeft: Int16Array,
  spanRight: Int16Array,
  firstPart: number,
  pixels: Uint8ClampedArray,
): void {
  const { width, height, us, vs, inverseDepths, parts } = target;
  const { x, y, z, offset, red, green, blue } = surface;
  // neighbours mostly show the same part
  let last = -1;
  let isPlain = false;
  let dx = 0;
  let dy = 0;
  let dz = 0;
  let shift = 0;
  let r = 0;
  let g = 0;
  let b = 0;
  for (let row = 0; row < height; row++) {
    const v = vs[row]!;
    const end = spanRight[row]!;
    for (let column = spanLeft[row]!; column <= end; column++) {
      const o = row * width + column;
      const part = parts[o]!;
      if (part < firstPart) continue;
      if (part !== last) {
        last = part;
        dx = x[part]!;
        dy = y[part]!;
        dz = z[part]!;
        shift = offset[part]!;
        r = red[part]!;
        g = green[part]!;
        b = blue[part]!;
        // flat, one colour, no shadow on it: the same everywhere
        const isFlat = dx === 0 && dy === 0 && dz === 0;
        isPlain = isFlat && paints.textures[part] === 0 && (shift >= 0 || shadows.length === 0);
        if (isPlain) {
          const brightness = shift < 0 ? ambient - diffuse * shift : ambient;
          r *= brightness;
          g *= brightness;
          b *= brightness;
        }
      }
      let brightness = 1;
      if (!isPlain) {
        const u = us[column]!;
        const depth = 1 / inverseDepths[o]!;
        const light = (dx * u + dy * v + dz) * depth - shift;
        brightness = ambient;
        if (light > 0 && !isCovered(shadows, u * depth, v * depth, depth, paints.primitives[part]!))
          brightness += diffuse * light;
        if (paints.textures[part] !== 0)
          brightness *= pattern(placed, paints, part, u * depth, v * depth, depth);
      }
      pixels[3 * o] = brightness * r;
      pixels[3 * o + 1] = brightness * g;
      pixels[3 * o + 2] = brightness * b;
    }
  }
}

function isCovered(shadows: readonly ShadowGrid[], x: number, y: number, z: number, own: number): boolean {
  for (let k = 0; k < shadows.length; k++) if (shadows[k]!.covers(x, y, z, own)) return true;
  return false;
}

/** Return what a part's brightness is multiplied by at a point in the camera's frame. */
function pattern(
  { turns, places, primitives }: PlacedPrimitives,
  paints: Paints,
  part: number,
  x: number,
  y: number,
  z: number,
): number {
  const slot = primitives.entities[paints.primitives[part]!]! + 1;
  const a = x - places[3 * slot]!;
  const b = y - places[3 * slot + 1]!;
  const c = z - places[3 * slot + 2]!;
  const t = 9 * slot;
  const value = patternAt(
    paints.textures[part]!,
    turns[t]! * a + turns[t + 3]! * b + turns[t + 6]! * c,
    turns[t + 1]! * a + turns[t + 4]! * b + turns[t + 7]! * c,
    turns[t + 2]! * a + turns[t + 5]! * b + turns[t + 8]! * c,
    paints.scales[part]!,
  );
  return 1 - paints.contrasts[part]! * value;
}

// Painting: the colour of what each pixel shows, by its light, its pattern and the shadows on it.
import type { Look } from "../../../scene/camera-description.js";
import type { PlacedPrimitives } from "../raycast/placed-primitives.js";
import type { RayTarget } from "../raycast/ray-target.js";
import type { ShadowGrid } from "../raycast/shadow-grid.js";
import type { Paints } from "./paints.js";
import type { SurfaceLight } from "./surface-light.js";
import { patternAt } from "./texture.js";

/** What painting reads and where it writes. */
export interface Canvas {
  readonly target: RayTarget;
  readonly surface: SurfaceLight;
  readonly placed: PlacedPrimitives;
  readonly paints: Paints;
  /** Columns of each row that something may have been drawn in. */
  readonly spanLeft: Int16Array;
  readonly spanRight: Int16Array;
  readonly pixels: Uint8ClampedArray;
}

/** Paint the pixels within the spans whose part is `firstPart` or a later one. */
export function shade(canvas: Canvas, look: Look, shadows: ShadowGrid | undefined, firstPart: number): void {
  const { spanLeft, spanRight, paints } = canvas;
  const { width, height, parts } = canvas.target;
  const { x, y, z, offset } = canvas.surface;
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const end = start + spanRight[row]! + 1;
    let o = start + spanLeft[row]!;
    while (o < end) {
      const part = parts[o]!;
      if (part < firstPart) {
        o++;
        continue;
      }
      // neighbours mostly show the same part
      let stop = o + 1;
      while (stop < end && parts[stop] === part) stop++;
      const isFlat = x[part] === 0 && y[part] === 0 && z[part] === 0;
      const mayBeLit = !isFlat || offset[part]! < 0;
      if (paints.textures[part] !== 0) paintPattern(canvas, look, shadows, part, row, o, stop);
      else if (shadows && mayBeLit) paintShadowed(canvas, look, shadows, part, row, o, stop);
      else if (isFlat) paintFlat(canvas, look, part, o, stop);
      else paintRound(canvas, look, part, row, o, stop);
      o = stop;
    }
  }
}

// what follows paints pixels o .. stop - 1 of a row, all of one part

/** One colour, and no shadow on it. */
function paintFlat({ surface, pixels }: Canvas, look: Look, part: number, o: number, stop: number): void {
  const shift = surface.offset[part]!;
  const brightness = shift < 0 ? look.ambient - look.diffuse * shift : look.ambient;
  const red = (brightness * surface.red[part]! + 0.5) | 0;
  const green = (brightness * surface.green[part]! + 0.5) | 0;
  const blue = (brightness * surface.blue[part]! + 0.5) | 0;
  for (let to = 3 * o; to < 3 * stop; to += 3) {
    pixels[to] = red;
    pixels[to + 1] = green;
    pixels[to + 2] = blue;
  }
}

/** Light that changes from pixel to pixel. */
function paintRound(
  { target, surface, pixels }: Canvas,
  { ambient, diffuse }: Look,
  part: number,
  row: number,
  o: number,
  stop: number,
): void {
  const { width, us, vs, inverseDepths } = target;
  const slope = surface.x[part]!;
  const base = surface.y[part]! * vs[row]! + surface.z[part]!;
  const shift = surface.offset[part]!;
  const red = surface.red[part]!;
  const green = surface.green[part]!;
  const blue = surface.blue[part]!;
  const start = row * width;
  for (let k = o; k < stop; k++) {
    const light = (slope * us[k - start]! + base) / inverseDepths[k]! - shift;
    const brightness = light > 0 ? ambient + diffuse * light : ambient;
    pixels[3 * k] = (brightness * red + 0.5) | 0;
    pixels[3 * k + 1] = (brightness * green + 0.5) | 0;
    pixels[3 * k + 2] = (brightness * blue + 0.5) | 0;
  }
}

/** Light that a shadow may keep away. */
function paintShadowed(
  { target, surface, paints, pixels }: Canvas,
  { ambient, diffuse }: Look,
  shadows: ShadowGrid,
  part: number,
  row: number,
  o: number,
  stop: number,
): void {
  const { width, us, vs, inverseDepths } = target;
  const v = vs[row]!;
  const slope = surface.x[part]!;
  const base = surface.y[part]! * v + surface.z[part]!;
  const shift = surface.offset[part]!;
  const red = surface.red[part]!;
  const green = surface.green[part]!;
  const blue = surface.blue[part]!;
  const own = paints.primitives[part]!;
  const { point, first, second, light: up } = shadows.casters;
  const firstBase = first[1]! * v + first[2]!;
  const secondBase = second[1]! * v + second[2]!;
  const upBase = up[1]! * v + up[2]!;
  const [firstSlope, secondSlope, upSlope] = [first[0]!, second[0]!, up[0]!];
  const start = row * width;
  for (let k = o; k < stop; k++) {
    const depth = 1 / inverseDepths[k]!;
    const u = us[k - start]!;
    const light = (slope * u + base) * depth - shift;
    let brightness = ambient;
    if (light > 0) {
      point[0] = (firstSlope * u + firstBase) * depth;
      point[1] = (secondSlope * u + secondBase) * depth;
      point[2] = (upSlope * u + upBase) * depth;
      if (!shadows.covers(own)) brightness += diffuse * light;
    }
    pixels[3 * k] = (brightness * red + 0.5) | 0;
    pixels[3 * k + 1] = (brightness * green + 0.5) | 0;
    pixels[3 * k + 2] = (brightness * blue + 0.5) | 0;
  }
}

/** A pattern, with shadows on it where there are any. */
function paintPattern(
  { target, surface, placed, paints, pixels }: Canvas,
  { ambient, diffuse }: Look,
  shadows: ShadowGrid | undefined,
  part: number,
  row: number,
  o: number,
  stop: number,
): void {
  const { width, us, vs, inverseDepths } = target;
  const own = paints.primitives[part]!;
  for (let k = o; k < stop; k++) {
    const depth = 1 / inverseDepths[k]!;
    const x = us[k - row * width]! * depth;
    const y = vs[row]! * depth;
    const light =
      surface.x[part]! * x + surface.y[part]! * y + surface.z[part]! * depth - surface.offset[part]!;
    let brightness = ambient;
    if (light > 0) {
      shadows?.casters.setPoint(x, y, depth);
      if (!shadows?.covers(own)) brightness += diffuse * light;
    }
    brightness *= pattern(placed, paints, part, x, y, depth);
    pixels[3 * k] = (brightness * surface.red[part]! + 0.5) | 0;
    pixels[3 * k + 1] = (brightness * surface.green[part]! + 0.5) | 0;
    pixels[3 * k + 2] = (brightness * surface.blue[part]! + 0.5) | 0;
  }
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

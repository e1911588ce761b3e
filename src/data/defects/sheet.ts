// The grid that a part is drawn on, and lines drawn on it: coordinates are in 1/64 of the edge, so that a part looks the same at any size.
import type { Random } from "../../math/random.js";

/** Edge of every picture in its own coordinates. */
export const EDGE = 64;

/** A point or a direction, in 1/64 of the edge; x to the right, y down. */
export type Point = readonly [number, number];

/** Pixels of a square picture. */
export interface Sheet {
  /** Pixels of an edge. */
  readonly size: number;
  /** Edge of a pixel in 1/64 of the picture's edge. */
  readonly pixel: number;
}

/** What a defect does to a surface. */
export interface Mark {
  /** Difference of each pixel in any unit; 0 outside of the mask. [size, size] */
  readonly pattern: Float32Array;
  /** 1 where the defect lies. [size, size] */
  readonly mask: Uint8Array;
}

/** Where the nearest of some lines runs, for each pixel. */
export interface LineField {
  /** To the nearest line; infinite beyond the reach. */
  readonly distance: Float32Array;
  /** The same, below 0 to the left of the line's direction. */
  readonly side: Float32Array;
  /** Where along its line the nearest point lies, 0 to 1. */
  readonly along: Float32Array;
}

/** Return the grid of `size` x `size` pixels. */
export function sheetOf(size: number): Sheet {
  return { size, pixel: EDGE / size };
}

/** Return an empty mark. */
export function emptyMark({ size }: Sheet): Mark {
  return { pattern: new Float32Array(size * size), mask: new Uint8Array(size * size) };
}

/** Call `visit` for the pixels whose centres lie within `reach` of `center`, row by row. */
export function visitNear(
  { size, pixel }: Sheet,
  [centerX, centerY]: Point,
  reach: number,
  visit: (k: number, x: number, y: number) => void,
): void {
  const [left, right] = pixelRange(centerX - reach, centerX + reach, pixel, size);
  const [top, bottom] = pixelRange(centerY - reach, centerY + reach, pixel, size);
  for (let j = top; j <= bottom; j++)
    for (let i = left; i <= right; i++) visit(j * size + i, (i + 0.5) * pixel, (j + 0.5) * pixel);
}

/** Find the nearest of some lines for every pixel within `reach` of one. */
export function lineField(sheet: Sheet, lines: readonly (readonly Point[])[], reach: number): LineField {
  const count = sheet.size * sheet.size;
  const field: LineField = {
    distance: new Float32Array(count).fill(Number.POSITIVE_INFINITY),
    side: new Float32Array(count),
    along: new Float32Array(count),
  };
  for (const line of lines)
    for (let n = 0; n + 1 < line.length; n++)
      visitSegment(sheet, line[n]!, line[n + 1]!, reach, (k, distance, side, t) => {
        if (distance >= field.distance[k]!) return;
        field.distance[k] = distance;
        field.side[k] = side;
        field.along[k] = (n + t) / (line.length - 1);
      });
  return field;
}

/** Return the share of a pixel that lies inside of an edge, which is `inside` away from its centre. */
export function coverage({ pixel }: Sheet, inside: number): number {
  return Math.max(0, Math.min(1, inside / pixel + 0.5));
}

/** Draw a point no nearer than `margin` to the edges. */
export function drawPoint(random: Random, margin: number): Point {
  return [random.uniform(margin, EDGE - margin), random.uniform(margin, EDGE - margin)];
}

/** Return a number or its negative; the number with a probability of `share`. */
export function drawSign(random: Random, share: number): 1 | -1 {
  return random.uniform() < share ? 1 : -1;
}

/** Draw an uneven outline: the factor of a mean radius by the angle in radians. */
export function drawOutline(random: Random, amount: number): (angle: number) => number {
  const waves = Array.from({ length: 4 }, (_, n) => ({
    turns: n + 2,
    amount: random.uniform(0.3, 1) * amount,
    phase: random.uniform(0, 2 * Math.PI),
  }));
  return (angle) =>
    waves.reduce((sum, wave) => sum + wave.amount * Math.cos(wave.turns * angle + wave.phase), 1);
}

function visitSegment(
  sheet: Sheet,
  [x0, y0]: Point,
  [x1, y1]: Point,
  reach: number,
  visit: (k: number, distance: number, side: number, t: number) => void,
): void {
  const { size, pixel } = sheet;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy || 1;
  const length = Math.sqrt(squared);
  const [left, right] = pixelRange(Math.min(x0, x1) - reach, Math.max(x0, x1) + reach, pixel, size);
  const [top, bottom] = pixelRange(Math.min(y0, y1) - reach, Math.max(y0, y1) + reach, pixel, size);
  for (let j = top; j <= bottom; j++)
    for (let i = left; i <= right; i++) {
      const [px, py] = [(i + 0.5) * pixel - x0, (j + 0.5) * pixel - y0];
      const t = Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
      const [ex, ey] = [px - t * dx, py - t * dy];
      const distance = Math.sqrt(ex * ex + ey * ey);
      if (distance > reach) continue;
      const side = (dx * py - dy * px) / length;
      visit(j * size + i, distance, side < 0 ? -distance : distance, t);
    }
}

function pixelRange(low: number, high: number, pixel: number, size: number): [number, number] {
  return [Math.max(0, Math.floor(low / pixel)), Math.min(size - 1, Math.ceil(high / pixel))];
}

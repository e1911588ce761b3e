// Defects that cover an area: dents, stains and oil.
import type { Random } from "../../math/random.js";
import {
  coverage,
  drawOutline,
  drawPoint,
  drawSign,
  emptyMark,
  type Mark,
  type Point,
  type Sheet,
  visitNear,
} from "./sheet.js";
import { NOISE_PERIOD, smoothNoise } from "./value-noise.js";

/** A dent: a hollow that is bright on the side away from the light, and in the shade on the side of the light. */
export function drawDent(sheet: Sheet, random: Random, direction: number): Mark {
  const center = drawPoint(random, 13);
  const radius = random.uniform(4.6, 9);
  const ratio = random.uniform(0.75, 1.35);
  const tilt = random.uniform(0, Math.PI);
  const depth = random.uniform(0.5, 1);
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const [lx, ly] = [Math.cos(direction), Math.sin(direction)];
  const mark = emptyMark(sheet);
  visitNear(sheet, center, 1.4 * radius, (k, x, y) => {
    const [dx, dy] = [(x - center[0]) / radius, (y - center[1]) / radius];
    const p = (dx * cos + dy * sin) * ratio;
    const q = (dy * cos - dx * sin) / ratio;
    const squared = p * p + q * q;
    if (squared >= 1) return;
    mark.mask[k] = 1;
    const inner = 1 - squared;
    // the gradient of the hollow (1 - d²)² toward the light, and its bottom that gets less of it
    mark.pattern[k] = -inner * (2.6 * (dx * lx + dy * ly)) - 0.3 * depth * inner * inner;
  });
  return mark;
}

/** A stain: a dull blot with an uneven edge, darker or lighter all over, often with a rim where it dried. */
export function drawStain(sheet: Sheet, random: Random): Mark {
  const center = drawPoint(random, 14);
  const radius = random.uniform(5.4, 11);
  const outline = drawOutline(random, 0.16);
  const sign = drawSign(random, 0.3);
  const rim = random.uniform() < 0.5 ? random.uniform(0.3, 0.7) : 0;
  const origin: Point = [random.uniform(0, NOISE_PERIOD), random.uniform(0, NOISE_PERIOD)];
  const mark = emptyMark(sheet);
  visitNear(sheet, center, 1.7 * radius, (k, x, y) => {
    const [dx, dy] = [x - center[0], y - center[1]];
    const uneven = smoothNoise(x / 3 + origin[0], y / 3 + origin[1]);
    const inside = radius * outline(Math.atan2(dy, dx)) + 0.5 * uneven - Math.sqrt(dx * dx + dy * dy);
    const share = coverage(sheet, inside);
    if (share === 0) return;
    mark.mask[k] = 1;
    const dried = rim * Math.max(0, 1 - Math.abs(inside - 0.8) / 1.2);
    mark.pattern[k] = sign * share * (0.75 + 0.16 * uneven + dried);
  });
  return mark;
}

/** Oil: drops that run into each other, dark, with a bright spot on the side of the light, and bands as the film thins out. */
export function drawOil(
  sheet: Sheet,
  random: Random,
  direction: number,
  { texture }: { readonly texture: Float32Array },
): Mark {
  const center = drawPoint(random, 15);
  const radius = random.uniform(6, 9);
  const drops = [{ center, radius }];
  for (let more = random.integer(4); more > 0; more--) {
    const angle = random.uniform(0, 2 * Math.PI);
    const size = radius * random.uniform(0.4, 0.8);
    const away = radius * random.uniform(0.6, 1.1);
    drops.push({
      center: [center[0] + away * Math.cos(angle), center[1] + away * Math.sin(angle)],
      radius: size,
    });
  }
  const bands = random.uniform(0.9, 1.8);
  const body = random.uniform(0.35, 0.55);
  const spot: Point = [
    center[0] + 0.45 * radius * Math.cos(direction),
    center[1] + 0.45 * radius * Math.sin(direction),
  ];
  const spotRadius = radius * random.uniform(0.25, 0.4);
  const mark = emptyMark(sheet);
  visitNear(sheet, center, 2.3 * radius, (k, x, y) => {
    let film = 0;
    for (const drop of drops) {
      const squared = squaredDistance(x, y, drop.center) / (drop.radius * drop.radius * 1.8);
      if (squared < 1) film += (1 - squared) * (1 - squared);
    }
    // the outline where drops touch is round, as a meniscus is
    const thickness = film - 0.18;
    if (thickness <= 0) return;
    mark.mask[k] = 1;
    const edge = Math.min(1, thickness / 0.08);
    const band = 0.28 * Math.cos(2 * Math.PI * bands * Math.sqrt(thickness));
    const glint = Math.max(0, 1 - squaredDistance(x, y, spot) / (spotRadius * spotRadius));
    // the film fills the grain
    mark.pattern[k] = edge * (band - body + 1.5 * glint * glint - 0.018 * texture[k]!);
  });
  return mark;
}

function squaredDistance(x: number, y: number, [x0, y0]: Point): number {
  return (x - x0) ** 2 + (y - y0) ** 2;
}

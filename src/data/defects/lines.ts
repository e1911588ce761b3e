// Defects that are lines: scratches and cracks.
import type { Random } from "../../math/random.js";
import {
  drawPoint,
  drawSign,
  EDGE,
  emptyMark,
  lineField,
  type Mark,
  type Point,
  type Sheet,
} from "./sheet.js";

/** A scratch: a long, nearly straight, tapered groove with a bright and a dark flank; one in four has a second beside it. */
export function drawScratch(sheet: Sheet, random: Random): Mark {
  const center = drawPoint(random, 16);
  const heading = random.uniform(0, 2 * Math.PI);
  const length = random.uniform(22, 46);
  const bend = random.uniform(-0.18, 0.18);
  const halfWidth = random.uniform(0.55, 1.25);
  const sign = drawSign(random, 0.65);
  const flank = random.uniform(0.25, 0.6);
  const lines = [arc(center, heading, length, bend)];
  if (random.uniform() < 0.25) {
    const gap = random.uniform(3, 5);
    const beside: Point = [center[0] - gap * Math.sin(heading), center[1] + gap * Math.cos(heading)];
    lines.push(arc(beside, heading + random.uniform(-0.08, 0.08), length * random.uniform(0.4, 0.8), bend));
  }
  const reach = 1.3 * halfWidth + sheet.pixel / 2;
  const { distance, side, along } = lineField(sheet, lines, reach);
  const mark = emptyMark(sheet);
  for (let k = 0; k < distance.length; k++) {
    const t = along[k]!;
    // thin at the ends, widest in the middle
    const width = halfWidth * (0.55 + 1.8 * t * (1 - t)) + sheet.pixel / 2;
    if (distance[k]! >= width) continue;
    const u = side[k]! / width;
    mark.mask[k] = 1;
    // a groove: one flank catches the light, the other lies in the shade
    mark.pattern[k] = sign * (u < flank ? 1 - u * u : -0.6 * (1 - u * u));
  }
  return mark;
}

/** A crack: a thin dark line that turns at every grain, with branches. */
export function drawCrack(sheet: Sheet, random: Random): Mark {
  const halfWidth = random.uniform(0.4, 0.75);
  const steps = 10 + random.integer(6);
  const main = walk(random, drawPoint(random, 18), random.uniform(0, 2 * Math.PI), steps);
  const lines = [main];
  for (let branches = 1 + random.integer(3); branches > 0; branches--) {
    const root = main[1 + random.integer(main.length - 2)]!;
    lines.push(walk(random, root, random.uniform(0, 2 * Math.PI), 3 + random.integer(4)));
  }
  const { distance, along } = lineField(sheet, lines, halfWidth + sheet.pixel / 2);
  const mark = emptyMark(sheet);
  for (let k = 0; k < distance.length; k++) {
    const width = halfWidth * (1.1 - 0.5 * along[k]!) + sheet.pixel / 2;
    if (distance[k]! >= width) continue;
    mark.mask[k] = 1;
    mark.pattern[k] = -(1 - (distance[k]! / width) ** 2) * (1.05 - 0.4 * along[k]!);
  }
  return mark;
}

function arc([x, y]: Point, heading: number, length: number, bend: number): Point[] {
  return Array.from({ length: 7 }, (_, n) => {
    const s = n / 6 - 0.5;
    const angle = heading + bend * s;
    return [x + s * length * Math.cos(angle), y + s * length * Math.sin(angle)];
  });
}

/** Walk in short steps that turn, away from the edges. */
function walk(random: Random, start: Point, heading: number, steps: number): Point[] {
  const points = [start];
  let [x, y] = start;
  let angle = heading;
  for (let n = 0; n < steps; n++) {
    angle += 0.62 * random.normal();
    const step = random.uniform(2, 4);
    if (!isInside(x + step * Math.cos(angle), y + step * Math.sin(angle)))
      angle = Math.atan2(EDGE / 2 - y, EDGE / 2 - x);
    x += step * Math.cos(angle);
    y += step * Math.sin(angle);
    points.push([x, y]);
  }
  return points;
}

function isInside(x: number, y: number): boolean {
  return x > 4 && y > 4 && x < EDGE - 4 && y < EDGE - 4;
}

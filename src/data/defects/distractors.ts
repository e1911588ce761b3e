// What lies on good parts, too, and is no defect: dust, fibres and reflections.
import type { Random } from "../../math/random.js";
import { coverage, drawPoint, drawSign, lineField, type Point, type Sheet, visitNear } from "./sheet.js";
import type { PartSurface } from "./surface.js";

/** Add dust, fibres and reflections to a picture, in grey levels. */
export function addDistractors(
  sheet: Sheet,
  random: Random,
  image: Float32Array,
  surface: PartSurface,
): void {
  for (let specks = random.integer(7); specks > 0; specks--) addDust(sheet, random, image);
  if (random.uniform() < 0.2) addFibre(sheet, random, image);
  if (random.uniform() < 0.25) addBand(sheet, random, image);
  if (random.uniform() < (surface === "glass" ? 0.5 : 0.06)) addWindow(sheet, random, image);
}

function addDust(sheet: Sheet, random: Random, image: Float32Array): void {
  const center = drawPoint(random, 0);
  const radius = random.uniform(0.45, 1.1);
  const level = drawSign(random, 0.5) * random.uniform(12, 50);
  visitNear(sheet, center, 3 * radius, (k, x, y) => {
    const squared = (x - center[0]) ** 2 + (y - center[1]) ** 2;
    image[k]! += level * Math.exp(-squared / (2 * radius * radius));
  });
}

/** A curl of lint: short, thin and much bent. */
function addFibre(sheet: Sheet, random: Random, image: Float32Array): void {
  let [x, y] = drawPoint(random, 6);
  let angle = random.uniform(0, 2 * Math.PI);
  const bend = drawSign(random, 0.5) * random.uniform(0.5, 0.9);
  const points: Point[] = [[x, y]];
  for (let n = 4 + random.integer(3); n > 0; n--) {
    angle += bend;
    x += 1.5 * Math.cos(angle);
    y += 1.5 * Math.sin(angle);
    points.push([x, y]);
  }
  const level = drawSign(random, 0.6) * random.uniform(14, 36);
  const { distance } = lineField(sheet, [points], 0.35 + sheet.pixel);
  for (let k = 0; k < distance.length; k++)
    if (distance[k]! < 2) image[k]! += level * coverage(sheet, 0.35 - distance[k]!);
}

/** A wide soft band of light. */
function addBand({ size, pixel }: Sheet, random: Random, image: Float32Array): void {
  const [x0, y0] = drawPoint(random, 4);
  const angle = random.uniform(0, Math.PI);
  const width = random.uniform(6, 13);
  const level = random.uniform(8, 28);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let k = 0; k < image.length; k++) {
    const x = ((k % size) + 0.5) * pixel - x0;
    const y = (Math.floor(k / size) + 0.5) * pixel - y0;
    const across = (x * sin - y * cos) / width;
    image[k]! += level * Math.exp(-0.5 * across * across);
  }
}

/** A window that is mirrored: a bright slanted square with a bar. */
function addWindow(sheet: Sheet, random: Random, image: Float32Array): void {
  const center = drawPoint(random, 8);
  const turn = random.uniform(-0.5, 0.5);
  const slant = random.uniform(-0.3, 0.3);
  const [width, height] = [random.uniform(9, 16), random.uniform(9, 18)];
  const level = random.uniform(10, 26);
  const soft = random.uniform(1.2, 2.5);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  visitNear(sheet, center, 1.6 * (width + height), (k, x, y) => {
    const v = (y - center[1]) * cos - (x - center[0]) * sin;
    const u = (x - center[0]) * cos + (y - center[1]) * sin + slant * v;
    const inside = Math.min(width - Math.abs(u), height - Math.abs(v), 3 * (Math.abs(u) - 0.8));
    image[k]! += level * Math.max(0, Math.min(1, inside / soft));
  });
}

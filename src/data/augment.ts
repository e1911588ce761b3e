// Augmentation: rows of a minibatch changed at random, as much as what they show stays the same.
import type { Random } from "../math/random.js";

/** Pictures of a minibatch, with masks that move along. */
export interface PictureBatch {
  /** [rows, height, width, channels] */
  readonly pictures: Uint8Array;
  /** Of a picture: [height, width, channels]. */
  readonly shape: readonly number[];
  /** [rows, height, width, 1]; absent: none. */
  readonly masks?: Uint8Array;
}

/** How pictures are changed; what is absent is not. */
export interface PictureAugmentation {
  /** Greatest shift along each axis, pixels. */
  readonly shift?: number;
  /** Greatest turn around the middle, rad. */
  readonly rotate?: number;
  /** Greatest change of size, as a share: 0.1 is from 0.9 to 1.1 times as large. */
  readonly scale?: number;
  /** Mirrored with a probability of a half: left and right, top and bottom, or each by itself. */
  readonly flip?: "horizontal" | "vertical" | "both";
  /** Greatest number that is added to all pixels, grey levels. */
  readonly brightness?: number;
  /** Greatest change of contrast around the picture's mean, as a share. */
  readonly contrast?: number;
  /** Standard deviation of each number's noise, grey levels. */
  readonly noise?: number;
  /** Edge of a square somewhere that gets the picture's mean, pixels (DeVries and Taylor, "Cutout", 2017). */
  readonly cutout?: number;
}

/** How series are changed; what is absent is not. */
export interface SeriesAugmentation {
  /** Standard deviation of each number's noise, in units of its entry; one for all entries, or one for each. */
  readonly jitter?: number | readonly number[];
  /** Standard deviation of the factor that a whole entry of a row is multiplied by, around 1. */
  readonly scale?: number;
}

/** Where a pixel of the new picture comes from: x = a x' + b y' + c, y = d x' + e y' + f. */
type Map2d = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Change the first `rows` pictures of a minibatch in place; their masks are moved with them.
 *
 * What comes from beyond the border is the pixel at the border; masks take the nearest pixel, pictures the mean of four. The same stream gives
 * the same pictures.
 *
 * @throws Nothing.
 * @example
 * augmentPictures({ pictures: batch.image as Uint8Array, shape: [28, 28, 1] }, rows, { shift: 2, rotate: 0.1 }, random);
 */
export function augmentPictures(
  { pictures, shape, masks }: PictureBatch,
  rows: number,
  augmentation: PictureAugmentation,
  random: Random,
): void {
  const [height, width, channels] = shape as [number, number, number];
  const size = height * width;
  const source = new Uint8Array(size * channels);
  for (let row = 0; row < rows; row++) {
    const picture = pictures.subarray(row * size * channels, (row + 1) * size * channels);
    const map = drawMap(augmentation, width, height, random);
    if (map) {
      source.set(picture);
      moveBilinear(source, picture, [height, width, channels], map);
      if (masks) moveNearest(masks.subarray(row * size, (row + 1) * size), width, map);
    }
    changeLevels(picture, augmentation, random);
    if (augmentation.cutout) cutOut(picture, [height, width, channels], augmentation.cutout, random);
  }
}

/**
 * Change the first `rows` series of a minibatch in place; `shape` is that of one, [T, F].
 *
 * @throws Nothing.
 * @example
 * augmentSeries(batch.wrench as Float32Array, [15, 6], rows, { jitter: 2, scale: 0.1 }, random);
 */
export function augmentSeries(
  series: Float32Array,
  [steps, width]: readonly [number, number],
  rows: number,
  { jitter = 0, scale = 0 }: SeriesAugmentation,
  random: Random,
): void {
  const deviations = Array.from({ length: width }, (_, entry) =>
    typeof jitter === "number" ? jitter : (jitter[entry] ?? 0),
  );
  for (let row = 0; row < rows; row++)
    for (let entry = 0; entry < width; entry++) {
      const factor = scale > 0 ? 1 + scale * random.normal() : 1;
      const deviation = deviations[entry]!;
      for (let t = 0; t < steps; t++) {
        const k = (row * steps + t) * width + entry;
        series[k] = series[k]! * factor + (deviation > 0 ? deviation * random.normal() : 0);
      }
    }
}

/** Where pixels come from; undefined where nothing moves. */
function drawMap(
  { shift = 0, rotate = 0, scale = 0, flip }: PictureAugmentation,
  width: number,
  height: number,
  random: Random,
): Map2d | undefined {
  // whole pixels: a shift alone blurs nothing
  const right = shift > 0 ? random.integer(2 * shift + 1) - shift : 0;
  const down = shift > 0 ? random.integer(2 * shift + 1) - shift : 0;
  const angle = rotate > 0 ? random.uniform(-rotate, rotate) : 0;
  const factor = scale > 0 ? 1 / random.uniform(1 - scale, 1 + scale) : 1;
  const isMirrored = (flip === "horizontal" || flip === "both") && random.uniform() < 0.5;
  const isUpsideDown = (flip === "vertical" || flip === "both") && random.uniform() < 0.5;
  if (!(right || down || angle || factor !== 1 || isMirrored || isUpsideDown)) return undefined;
  const [cos, sin] = [factor * Math.cos(angle), factor * Math.sin(angle)];
  const [h, v] = [isMirrored ? -1 : 1, isUpsideDown ? -1 : 1];
  const [mx, my] = [(width - 1) / 2, (height - 1) / 2];
  // around the middle: shifted back, turned back, then mirrored
  const [a, b, d, e] = [h * cos, h * sin, -v * sin, v * cos];
  return [a, b, mx - a * (mx + right) - b * (my + down), d, e, my - d * (mx + right) - e * (my + down)];
}

function moveBilinear(
  source: Uint8Array,
  target: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  [a, b, c, d, e, f]: Map2d,
): void {
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const x = clamp(a * column + b * row + c, width - 1);
      const y = clamp(d * column + e * row + f, height - 1);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - left, y - top];
      const from = (top * width + left) * channels;
      const across = left + 1 < width ? channels : 0;
      const below = top + 1 < height ? width * channels : 0;
      const to = (row * width + column) * channels;
      for (let k = 0; k < channels; k++) {
        const upper = (1 - fx) * source[from + k]! + fx * source[from + k + across]!;
        const lower = (1 - fx) * source[from + k + below]! + fx * source[from + k + across + below]!;
        target[to + k] = Math.round((1 - fy) * upper + fy * lower);
      }
    }
}

function moveNearest(mask: Uint8Array, width: number, [a, b, c, d, e, f]: Map2d): void {
  const source = mask.slice();
  const height = mask.length / width;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const x = Math.round(clamp(a * column + b * row + c, width - 1));
      const y = Math.round(clamp(d * column + e * row + f, height - 1));
      mask[row * width + column] = source[y * width + x]!;
    }
}

/** Brightness, contrast and noise. */
function changeLevels(
  picture: Uint8Array,
  { brightness = 0, contrast = 0, noise = 0 }: PictureAugmentation,
  random: Random,
): void {
  const added = brightness > 0 ? random.uniform(-brightness, brightness) : 0;
  const factor = contrast > 0 ? random.uniform(1 - contrast, 1 + contrast) : 1;
  if (added === 0 && factor === 1 && noise === 0) return;
  const middle = meanOf(picture);
  for (let k = 0; k < picture.length; k++) {
    const level = middle + factor * (picture[k]! - middle) + added;
    picture[k] = clamp(Math.round(noise > 0 ? level + noise * random.normal() : level), 255);
  }
}

function cutOut(
  picture: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  edge: number,
  random: Random,
): void {
  const left = random.integer(Math.max(1, width - edge + 1));
  const top = random.integer(Math.max(1, height - edge + 1));
  const middle = Math.round(meanOf(picture));
  const right = Math.min(width, left + edge);
  for (let row = top; row < Math.min(height, top + edge); row++)
    picture.fill(middle, (row * width + left) * channels, (row * width + right) * channels);
}

function meanOf(picture: Uint8Array): number {
  let sum = 0;
  for (const level of picture) sum += level;
  return sum / picture.length;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

// What a lens and a sensor do to a picture: blur and noise.
import { hash } from "./texture.js";

/** Standard deviation of the sum of four uniform bytes, and its mean. */
const BYTES_DEVIATION = Math.sqrt((4 * (256 * 256 - 1)) / 12);
const BYTES_MEAN = 2 * 255;

/** Replace each pixel by the mean over `radius` pixels to each side, first along rows, then along columns. */
export function blurPicture(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  radius: number,
  scratch: Uint8ClampedArray,
): void {
  blurLines(pixels, scratch, height, 3 * width, width, 3, radius);
  blurLines(scratch, pixels, width, 3, height, 3 * width, radius);
}

function blurLines(
  from: Uint8ClampedArray,
  to: Uint8ClampedArray,
  numLines: number,
  lineStep: number,
  length: number,
  step: number,
  radius: number,
): void {
  for (let line = 0; line < numLines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = line * lineStep + channel;
      for (let i = 0; i < length; i++) {
        const first = i < radius ? 0 : i - radius;
        const last = i + radius < length ? i + radius : length - 1;
        let sum = 0;
        for (let k = first; k <= last; k++) sum += from[start + k * step]!;
        to[start + i * step] = sum / (last - first + 1);
      }
    }
  }
}

/** Add noise of standard deviation `deviation`, nearly normal, to every value; equal seeds and frames give equal noise. */
export function addNoise(pixels: Uint8ClampedArray, deviation: number, seed: number, frame: number): void {
  const scale = deviation / BYTES_DEVIATION;
  for (let o = 0; o < pixels.length; o++) {
    const h = hash(seed, frame, o);
    const sum = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24);
    pixels[o] = pixels[o]! + scale * (sum - BYTES_MEAN);
  }
}

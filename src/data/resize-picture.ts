// Pictures of another size or in grey.
import type { Picture } from "./readers/png.js";

/** Weights of the lines or columns that one of the new picture is the mean of. */
interface Share {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Return a picture of another size: each pixel is the mean of those around it, weighted by a triangle, which is as wide as a pixel of the coarser
 * picture (bilinear with antialiasing, as PIL does it).
 */
export function resizePicture(picture: Picture, width: number, height: number): Picture {
  if (picture.width === width && picture.height === height) return picture;
  const { channels } = picture;
  const columns = sharesOf(picture.width, width);
  const rows = sharesOf(picture.height, height);
  const narrow = new Float32Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++)
    for (const [x, { first, weights }] of columns.entries())
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [k, weight] of weights.entries())
          sum += weight * picture.pixels[(y * picture.width + first + k) * channels + c]!;
        narrow[(y * width + x) * channels + c] = sum;
      }
  const pixels = new Uint8Array(height * width * channels);
  const line = width * channels;
  for (const [y, { first, weights }] of rows.entries())
    for (let k = 0; k < line; k++) {
      let sum = 0;
      for (const [r, weight] of weights.entries()) sum += weight * narrow[(first + r) * line + k]!;
      pixels[y * line + k] = Math.round(sum);
    }
  return { width, height, channels, pixels };
}

/** Return a picture of another size, each pixel the nearest one: for masks, whose numbers are no brightness. */
export function resizeNearest(picture: Picture, width: number, height: number): Picture {
  const { channels } = picture;
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = Math.floor(((y + 0.5) * picture.height) / height);
      const from = (row * picture.width + Math.floor(((x + 0.5) * picture.width) / width)) * channels;
      pixels.set(picture.pixels.subarray(from, from + channels), (y * width + x) * channels);
    }
  return { width, height, channels, pixels };
}

/** Return a picture with 1 channel, its luma by Rec. 601, or with 3, all alike where it was grey. */
export function withChannels(picture: Picture, channels: number): Picture {
  if (picture.channels === channels) return picture;
  const { width, height } = picture;
  const pixels = new Uint8Array(width * height * channels);
  for (let k = 0; k < width * height; k++) {
    if (channels === 3) pixels.fill(picture.pixels[k]!, 3 * k, 3 * k + 3);
    else {
      const [r, g, b] = picture.pixels.subarray(3 * k, 3 * k + 3);
      pixels[k] = Math.round(0.299 * r! + 0.587 * g! + 0.114 * b!);
    }
  }
  return { width, height, channels, pixels };
}

function sharesOf(from: number, to: number): readonly Share[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  return Array.from({ length: to }, (_, k) => {
    const center = (k + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - support + 0.5));
    const end = Math.min(from, Math.floor(center + support + 0.5));
    const weights = Array.from({ length: end - first }, (_unused, n) =>
      Math.max(0, 1 - Math.abs((first + n + 0.5 - center) / support)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

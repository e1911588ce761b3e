// A camera's picture as colours for the screen: as it is, by depth, or by what each pixel shows.
import type { Picture } from "../live/protocol.js";

/** How a picture is drawn. */
export type PictureView = "color" | "depth" | "segments";

/** Nearest and farthest depth of a picture, m; undefined where it shows only sky. */
export function depthRange({ depth }: Picture): readonly [number, number] | undefined {
  let [near, far] = [Infinity, 0];
  for (const value of depth) {
    if (!Number.isFinite(value)) continue;
    near = Math.min(near, value);
    far = Math.max(far, value);
  }
  return near <= far ? [near, far] : undefined;
}

/** Return the picture as red, green, blue and opacity, 0 to 255. [height, width, 4] */
export function pictureColors(picture: Picture, view: PictureView): Uint8ClampedArray<ArrayBuffer> {
  const { rgb, depth, entities, width, height } = picture;
  const out = new Uint8ClampedArray(4 * width * height).fill(255);
  const [near, far] = depthRange(picture) ?? [0, 1];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const color =
      view === "color"
        ? rgb.subarray(3 * pixel, 3 * pixel + 3)
        : view === "depth"
          ? grey((far - depth[pixel]!) / Math.max(far - near, 1e-9))
          : entityColor(entities[pixel]!);
    out.set(color, 4 * pixel);
  }
  return out;
}

/** Share of the pixels that count most and are drawn alike: a few would leave nothing to see of the others. */
const STRONGEST = 0.005;

/** Return the part of a pixel that is drawn in full colour, for pictures that are shown together. */
export function fullPart(pictures: readonly Float32Array[]): number {
  const sizes = Float32Array.from(pictures.flatMap((weights) => [...weights.map(Math.abs)])).sort();
  return Math.max(sizes[Math.ceil((1 - STRONGEST) * sizes.length) - 1] ?? 0, 1e-12);
}

/** Return a pixel's part as a colour over the picture: orange raises the output, blue lowers it. [height, width, 4] */
export function pixelColors(weights: Float32Array, full: number): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * weights.length);
  for (const [pixel, weight] of weights.entries()) {
    const opacity = 225 * Math.min(1, Math.abs(weight) / full);
    out.set(weight < 0 ? [30, 120, 255, opacity] : [255, 110, 0, opacity], 4 * pixel);
  }
  return out;
}

/** Near is bright; the sky is black. */
function grey(nearness: number): number[] {
  const value = Number.isFinite(nearness) ? 40 + 215 * nearness : 0;
  return [value, value, value];
}

/** Neighbours in the scene are far apart in hue. */
function entityColor(entity: number): number[] {
  if (entity === 0) return [34, 36, 42];
  const hue = (entity * 137.5) % 360;
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    return 255 * (0.58 - 0.32 * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  });
}

// A film as an animated GIF: one palette for all of it, and of each picture only what has changed.

import type { Gifenc, PaletteColor } from "gifenc";
import * as library from "gifenc";
import type { Film } from "./film.js";
import { MARK_COLORS } from "./mark.js";
import { BACKGROUND, TEXT_COLOR } from "./words.js";

/** Called when `done` pictures have been encoded, and waited for. */
export type PictureDone = (done: number) => Promise<void>;

/** Node gives the names of the package in its default export alone, bundlers beside it. */
const gifenc: Gifenc =
  "quantize" in library ? (library as Gifenc) : (library as { readonly default: Gifenc }).default;

/** The colour that stands for "as it was". */
const UNCHANGED = 255;
const OWN_COLORS = [BACKGROUND, TEXT_COLOR, ...MARK_COLORS];
const UNUSED: PaletteColor = [0, 0, 0];
/** Pictures that the palette is made from, spread over the film. */
const SAMPLES = 5;
/** Steps of time in a GIF, per second. */
const TICKS = 100;

/** Encode a film; pictures that are the same as the one before only make that one last longer. */
export async function encodeGif(film: Film, pictureDone: PictureDone): Promise<Uint8Array> {
  const { width, height, fps, numPictures } = film;
  const colors = colorsOf(film);
  const palette = Array.from({ length: UNCHANGED + 1 }, (_, index) => colors[index] ?? UNUSED);
  const indexOf = nearestColors(colors);
  const encoder = gifenc.GIFEncoder();
  let shown: Uint8Array | undefined;
  let pending: { readonly changes: Uint8Array; readonly from: number } | undefined;
  const write = (until: number) => {
    if (!pending) return;
    const isFirst = pending.from === 0;
    encoder.writeFrame(pending.changes, width, height, {
      ...(isFirst ? { palette } : { transparent: true, transparentIndex: UNCHANGED }),
      delay: (1000 / TICKS) * (tickOf(until, fps) - tickOf(pending.from, fps)),
      dispose: 1,
    });
  };
  for (let index = 0; index < numPictures; index++) {
    const picture = indexed(film.draw(index), indexOf);
    const changes = shown ? changesFrom(shown, picture) : picture;
    if (changes) {
      write(index);
      pending = { changes, from: index };
    }
    shown = picture;
    await pictureDone(index + 1);
  }
  write(numPictures);
  encoder.finish();
  return encoder.bytes();
}

function tickOf(index: number, fps: number): number {
  return Math.round((TICKS * index) / fps);
}

/** The colours of words and marks as they are, and the others as near as is possible with 255 in all. */
function colorsOf(film: Film): PaletteColor[] {
  const { width, height, numPictures } = film;
  const pixels = width * height;
  const samples = Math.min(SAMPLES, numPictures);
  const rgba = new Uint8Array(4 * pixels * samples);
  for (let sample = 0; sample < samples; sample++) {
    const rgb = film.draw(Math.round((sample * (numPictures - 1)) / Math.max(1, samples - 1)));
    for (let from = 0, to = 4 * pixels * sample; from < rgb.length; from += 3, to += 4) {
      rgba[to] = rgb[from]!;
      rgba[to + 1] = rgb[from + 1]!;
      rgba[to + 2] = rgb[from + 2]!;
      rgba[to + 3] = 255;
    }
  }
  const found = gifenc.quantize(rgba, UNCHANGED - OWN_COLORS.length, { format: "rgb565" });
  return [...OWN_COLORS, ...found].map(([red, green, blue]) => [red, green, blue]);
}

/** Return what finds the index of the colour that is nearest to one, written 0xRRGGBB. */
function nearestColors(colors: readonly PaletteColor[]): (color: number) => number {
  /** Of each colour the index + 1; 0: not looked for yet. */
  const known = new Uint16Array(2 ** 24);
  return (color) => {
    known[color] ||= 1 + nearest(colors, color >> 16, (color >> 8) & 255, color & 255);
    return known[color]! - 1;
  };
}

function nearest(colors: readonly PaletteColor[], red: number, green: number, blue: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, [r, g, b]] of colors.entries()) {
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function indexed(rgb: Uint8Array, indexOf: (color: number) => number): Uint8Array {
  const indices = new Uint8Array(rgb.length / 3);
  for (let o = 0, from = 0; o < indices.length; o++, from += 3)
    indices[o] = indexOf((rgb[from]! << 16) | (rgb[from + 1]! << 8) | rgb[from + 2]!);
  return indices;
}

/** Return `picture` with `UNCHANGED` where it is as `before`; undefined where that is everywhere. */
function changesFrom(before: Uint8Array, picture: Uint8Array): Uint8Array | undefined {
  let changed = 0;
  const changes = new Uint8Array(picture.length).fill(UNCHANGED);
  for (let o = 0; o < picture.length; o++) {
    if (picture[o] === before[o]) continue;
    changes[o] = picture[o]!;
    changed++;
  }
  return changed > 0 ? changes : undefined;
}

// A picture that can be drawn into: boxes, other pictures, and words.
import { isFilled, LETTER_HEIGHT, LETTER_WIDTH } from "./bitmap-font.js";

/** Red, green, blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** A box in a picture, pixels from its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of `width` times `height` pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** uint8 [height, width, 3] */
  readonly rgb: Uint8Array;
}

/** Make a black picture. */
export function emptyPicture(width: number, height: number): Picture {
  return { width, height, rgb: new Uint8Array(3 * width * height) };
}

/** Fill a box with one colour; what lies outside of the picture is left out. */
export function fillBox({ width, height, rgb }: Picture, box: Box, [red, green, blue]: Rgb): void {
  const [left, right] = [Math.max(0, box.x), Math.min(width, box.x + box.width)];
  const [top, bottom] = [Math.max(0, box.y), Math.min(height, box.y + box.height)];
  for (let y = top; y < bottom; y++) {
    for (let o = 3 * (y * width + left); o < 3 * (y * width + right); o += 3) {
      rgb[o] = red;
      rgb[o + 1] = green;
      rgb[o + 2] = blue;
    }
  }
}

/** Copy `source` into the picture, its upper left corner at `x`, `y`; it must fit. */
export function paste({ width, rgb }: Picture, source: Picture, x: number, y: number): void {
  const row = 3 * source.width;
  for (let line = 0; line < source.height; line++)
    rgb.set(source.rgb.subarray(line * row, (line + 1) * row), 3 * ((y + line) * width + x));
}

/** Where words stand, how large and in which colour. */
export interface TextStyle {
  readonly x: number;
  readonly y: number;
  /** Pixels per square of a letter. */
  readonly scale: number;
  readonly color: Rgb;
}

/** Write `text` in one line, its upper left corner at `x`, `y`. */
export function drawText(picture: Picture, text: string, { x, y, scale, color }: TextStyle): void {
  for (const [index, letter] of [...text].entries()) {
    for (let column = 0; column < LETTER_WIDTH; column++) {
      for (let row = 0; row < LETTER_HEIGHT; row++) {
        if (!isFilled(letter, column, row)) continue;
        const left = x + scale * (index * LETTER_WIDTH + column);
        fillBox(picture, { x: left, y: y + scale * row, width: scale, height: scale }, color);
      }
    }
  }
}

/** Return how many pixels wide `text` is written. */
export function textWidth(text: string, scale: number): number {
  return scale * ([...text].length * LETTER_WIDTH - 1);
}

/** Cut `text` to what fits into `width` pixels; what is cut ends in "..". */
export function fitText(text: string, width: number, scale: number): string {
  const most = Math.max(0, Math.floor((width / scale + 1) / LETTER_WIDTH));
  const letters = [...text];
  return letters.length <= most
    ? text
    : `${letters.slice(0, Math.max(0, most - 2)).join("")}..`.slice(0, most);
}

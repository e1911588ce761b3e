// Lines of words beside pictures.
import { LETTER_HEIGHT } from "./bitmap-font.js";
import { type Box, drawText, fillBox, fitText, type Picture, type Rgb, textWidth } from "./canvas.js";

/** What words stand on. */
export const BACKGROUND: Rgb = [24, 26, 31];
/** Colour of words. */
export const TEXT_COLOR: Rgb = [228, 230, 235];

/** Rows of squares that a line of words takes, those above its letters, and the columns beside them. */
const LINE = 14;
const TOP = 3;
const SIDE = 4;
/** Width of a picture per pixel of a letter's square. */
const WIDTH_PER_SCALE = 200;

/** Return how many pixels a square of a letter has beside pictures of a width. */
export function textScale(width: number): number {
  return Math.max(1, Math.round(width / WIDTH_PER_SCALE));
}

/** Return the height of a line of words, pixels. */
export function lineHeight(scale: number): number {
  return scale * LINE;
}

/** Write a line of words into `box`: one text at its left, smaller and at last shortened where it must be, and one at its right. */
export function drawLine(picture: Picture, box: Box, left: string, right: string, scale: number): void {
  fillBox(picture, box, BACKGROUND);
  const style = { y: box.y + scale * TOP, scale, color: TEXT_COLOR };
  const side = scale * SIDE;
  const start = box.x + side;
  let end = box.x + box.width - side;
  if (right !== "") {
    end -= textWidth(right, scale);
    drawText(picture, right, { ...style, x: end });
    end -= side;
  }
  const room = end - start;
  // what is long is written smaller before it is cut
  const smaller = scaleThatFits(left, room, scale);
  const y = style.y + Math.floor((LETTER_HEIGHT * (scale - smaller)) / 2);
  drawText(picture, fitText(left, room, smaller), { ...style, x: start, y, scale: smaller });
}

function scaleThatFits(text: string, width: number, most: number): number {
  let scale = most;
  while (scale > 1 && textWidth(text, scale) > width) scale--;
  return scale;
}

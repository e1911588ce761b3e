// A tick or a cross in the corner of a picture.
import { type Box, fillBox, type Picture, type Rgb } from "./canvas.js";

const TICK = ["......#", ".....##", "#...##.", "##.##..", ".###...", "..#...."];
const CROSS = ["#.....#", ".#...#.", "..#.#..", "...#...", "..#.#..", ".#...#.", "#.....#"];

const GREEN: Rgb = [38, 142, 62];
const RED: Rgb = [200, 40, 48];
const WHITE: Rgb = [255, 255, 255];
/** Colours of the marks. */
export const MARK_COLORS: readonly Rgb[] = [GREEN, RED, WHITE];
/** Squares of the mark's box along each side, those around the sign, and those to the picture's corner. */
const SIZE = 11;
const MARGIN = 2;
const CORNER = 3;

/** Draw the mark of an outcome in the upper right corner of `box`; a square of it has `scale` pixels a side. */
export function drawMark(picture: Picture, box: Box, outcome: "solved" | "failed", scale: number): void {
  const left = box.x + box.width - scale * (SIZE + CORNER);
  const top = box.y + scale * CORNER;
  const square = { width: scale * SIZE, height: scale * SIZE };
  fillBox(picture, { x: left, y: top, ...square }, outcome === "solved" ? GREEN : RED);
  const sign = outcome === "solved" ? TICK : CROSS;
  for (const [row, squares] of sign.entries()) {
    for (const [column, square] of [...squares].entries()) {
      if (square !== "#") continue;
      const x = left + scale * (MARGIN + column);
      const y = top + scale * (MARGIN + row);
      fillBox(picture, { x, y, width: scale, height: scale }, WHITE);
    }
  }
}

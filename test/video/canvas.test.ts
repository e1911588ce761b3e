import { expect, test } from "vitest";
import { drawText, emptyPicture, fillBox, fitText, paste, textWidth } from "../../src/video/canvas.js";
import { drawLine } from "../../src/video/words.js";

/** A picture's red values, a line a row; "." is 0. */
function drawn({ width, height, rgb }: ReturnType<typeof emptyPicture>): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (rgb[3 * (y * width + x)] === 0 ? "." : "#")).join(""),
  );
}

test("letters stand in squares of 6 x 8, at any scale, and one that the font lacks is a question mark", () => {
  const picture = emptyPicture(17, 8);
  drawText(picture, "Tg?", { x: 0, y: 0, scale: 1, color: [255, 0, 0] });
  expect(drawn(picture)).toEqual([
    "#####........###.",
    "#.#.#.......#...#",
    "..#....###......#",
    "..#...#..##...##.",
    "..#...#..##...#..",
    "..#....##.#......",
    "..#.......#...#..",
    ".......###.......",
  ]);
  const [one, other] = [emptyPicture(5, 8), emptyPicture(5, 8)];
  drawText(one, "?", { x: 0, y: 0, scale: 1, color: [255, 0, 0] });
  drawText(other, "ä", { x: 0, y: 0, scale: 1, color: [255, 0, 0] });
  expect(drawn(other)).toEqual(drawn(one));
});

test("words are measured, and cut to what fits", () => {
  expect(textWidth("abc", 2)).toBe(2 * 17);
  expect(fitText("abc", 34, 2)).toBe("abc");
  expect(fitText("abcdef", 5 * 6 * 2, 2)).toBe("abc..");
  expect(fitText("abcdef", 8, 1)).toBe(".");
  expect(fitText("abcdef", 0, 1)).toBe("");
});

test("boxes are cut at the picture's edges, and pictures pasted where they should be", () => {
  const picture = emptyPicture(4, 3);
  fillBox(picture, { x: 2, y: -1, width: 9, height: 2 }, [9, 8, 7]);
  expect(drawn(picture)).toEqual(["..##", "....", "...."]);
  const part = emptyPicture(1, 2);
  part.rgb.fill(5);
  paste(picture, part, 1, 1);
  expect(drawn(picture)).toEqual(["..##", ".#..", ".#.."]);
  expect([...picture.rgb.subarray(6, 9)]).toEqual([9, 8, 7]);
});

test("a line has one text at its left, written smaller before it is cut, and one at its right", () => {
  const line = (left: string) => {
    const picture = emptyPicture(100, 28);
    drawLine(picture, { x: 0, y: 0, width: 100, height: 28 }, left, "9", 2);
    const isWord = (x: number) =>
      Array.from({ length: 28 }, (_, y) => y).some((y) => picture.rgb[3 * (100 * y + x)] === 228);
    const columns = Array.from({ length: 100 }, (_, x) => x).filter(isWord);
    return [columns.find((x) => x >= 0), columns.findLast((x) => x < 74), columns.at(-1)];
  };
  // 8 columns aside; "9" takes 10 and ends 8 before the edge; letters of 12 columns, or of 6
  expect(line("HHHH")).toEqual([8, 8 + 3 * 12 + 9, 91]);
  expect(line("HHHHHHHH")).toEqual([8, 8 + 7 * 6 + 4, 91]);
  expect(line("H".repeat(50))[1]).toBeLessThan(74);
});

// Pictures of another size, worked by hand.
import { expect, test } from "vitest";
import { resizeNearest, resizePicture, withChannels } from "../../src/data/resize-picture.js";

const picture = (width: number, height: number, channels: number, pixels: readonly number[]) => ({
  width,
  height,
  channels,
  pixels: Uint8Array.from(pixels),
});

test("a picture that is made smaller keeps its mean, with the weights of a triangle", () => {
  const even = resizePicture(picture(4, 4, 1, Array(16).fill(90)), 3, 2);
  expect([even.width, even.height, [...even.pixels]]).toEqual([3, 2, Array(6).fill(90)]);
  // 4 to 2: pixels 0 to 2 with weights 3 3 1 of the triangle two pixels wide around 1, and the same from the other side
  const half = resizePicture(picture(4, 1, 1, [0, 70, 140, 210]), 2, 1);
  expect([...half.pixels]).toEqual([
    Math.round((3 * 70 + 140) / 7),
    Math.round((70 + 3 * 140 + 3 * 210) / 7),
  ]);
});

test("a picture that is made larger is interpolated", () => {
  const large = resizePicture(picture(2, 1, 3, [0, 10, 20, 100, 110, 120]), 4, 1);
  expect([...large.pixels]).toEqual([0, 10, 20, 25, 35, 45, 75, 85, 95, 100, 110, 120]);
});

test("masks are resized to their nearest pixels", () => {
  const mask = resizeNearest(picture(2, 2, 1, [0, 1, 2, 3]), 3, 4);
  expect([...mask.pixels]).toEqual([0, 1, 1, 0, 1, 1, 2, 3, 3, 2, 3, 3]);
});

test("colour becomes its luma, and grey colour", () => {
  expect([...withChannels(picture(2, 1, 3, [255, 0, 0, 10, 20, 30]), 1).pixels]).toEqual([76, 18]);
  expect([...withChannels(picture(2, 1, 1, [7, 9]), 3).pixels]).toEqual([7, 7, 7, 9, 9, 9]);
});

// Colours of pictures, pixel by pixel.
import { expect, test } from "vitest";
import { depthRange, fullPart, pictureColors, pixelColors } from "../../../viewer/insight/picture-colors.js";

const picture = {
  name: "front",
  width: 3,
  height: 1,
  rgb: Uint8Array.of(1, 2, 3, 40, 50, 60, 250, 0, 255),
  depth: Float32Array.of(0.5, 1.5, Infinity),
  entities: Uint16Array.of(4, 0, 4),
};

test("a picture is drawn as it is, near things bright, and things apart from the floor", () => {
  expect([...pictureColors(picture, "color")]).toEqual([1, 2, 3, 255, 40, 50, 60, 255, 250, 0, 255, 255]);
  expect(depthRange(picture)).toEqual([0.5, 1.5]);
  expect(depthRange({ ...picture, depth: Float32Array.of(Infinity) })).toBe(undefined);
  const depth = pictureColors(picture, "depth");
  expect([depth[0], depth[4], depth[8]]).toEqual([255, 40, 0]);
  const segments = [...pictureColors(picture, "segments")];
  expect(segments.slice(0, 4)).toEqual(segments.slice(8, 12));
  expect(segments.slice(0, 4)).not.toEqual(segments.slice(4, 8));
});

test("pixels that raise an output are orange, those that lower it blue, the strongest in full", () => {
  const weights = Float32Array.of(-0.5, 0.25, 0);
  expect(fullPart([weights, Float32Array.of(1)])).toBe(1);
  expect(fullPart([])).toBeGreaterThan(0);
  const colors = pixelColors(weights, 0.5);
  expect([...colors.subarray(0, 4)]).toEqual([30, 120, 255, 225]);
  expect([...colors.subarray(4, 8)]).toEqual([255, 110, 0, 112]);
  expect(colors[11]).toBe(0);
});

import { decode } from "fast-png";
import { expect, test } from "vitest";
import { filmstrip } from "../../src/video/filmstrip.js";
import { isCube, liftedCube, pixelAt } from "./recorded.js";

test("an episode in one picture: five frames from its start to its end", () => {
  const { width, height, png } = filmstrip(liftedCube(9))!;
  const picture = decode(png);
  expect([picture.width, picture.height, width, height]).toEqual([808, 134, 808, 134]);
  const rgb = picture.data as Uint8Array;
  const tops = [0, 1, 2, 3, 4].map((k) =>
    Array.from({ length: 120 }, (_, y) => y).find((y) =>
      Array.from({ length: 160 }, (_, x) => x).some((x) => isCube(pixelAt(rgb, width, 162 * k + x, y))),
    ),
  );
  expect(tops).toEqual([...tops].sort((a, b) => b! - a!));
  expect(new Set(tops).size).toBe(5);
});

test("a short episode has as many frames as there are, and one without shapes no picture", () => {
  expect(filmstrip(liftedCube(1))!.width).toBe(160 + 2 + 160);
  const { header, frames } = liftedCube(1);
  expect(filmstrip({ header: { ...header, scene: { entities: [] } }, frames })).toBeUndefined();
});

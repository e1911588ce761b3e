// GIFs, read back by another program's decoder.
import { GifReader } from "omggif";
import { expect, test } from "vitest";
import { encodeGif } from "../../src/video/encode-gif.js";
import { episodeFilm } from "../../src/video/film.js";
import { isCube, liftedCube, pixelAt } from "./recorded.js";

const OPTIONS = { width: 80, height: 60, fps: 10, columns: 2, camera: "overview" };
const recordings = [liftedCube(6, { solvedAt: 4 }), liftedCube(3, { solvedAt: 99 })];
const film = () => episodeFilm(recordings, OPTIONS, "lift.mcap");
const done = async () => {};

/** The pictures of a GIF as they are shown, red, green and blue, and for how long each, in hundredths of a second. */
function shownBy(bytes: Uint8Array): { readonly rgb: Uint8Array; readonly delay: number }[] {
  const reader = new GifReader(bytes as Buffer);
  const rgba = new Uint8Array(4 * reader.width * reader.height);
  return Array.from({ length: reader.numFrames() }, (_, index) => {
    reader.decodeAndBlitFrameRGBA(index, rgba);
    return { rgb: rgba.filter((_, k) => k % 4 !== 3), delay: reader.frameInfo(index).delay };
  });
}

test("an independent decoder sees the film's size, pictures, time and colours", async () => {
  const expected = film();
  const bytes = await encodeGif(film(), done);
  const reader = new GifReader(bytes as Buffer);
  expect([reader.width, reader.height]).toEqual([expected.width, expected.height]);
  // for ever
  expect(reader.loopCount()).toBe(0);
  const shown = shownBy(bytes);
  // six steps of 0.1 s and the start; what then stands for a second is one picture
  expect(shown.map(({ delay }) => delay)).toEqual([10, 10, 10, 10, 10, 10, 10 + 100]);
  for (const [index, { rgb }] of shown.entries()) {
    const drawn = expected.draw(index);
    const off = drawn.map((value, k) => Math.abs(value - rgb[k]!));
    expect(Math.max(...off)).toBeLessThan(24);
    expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(1.5);
  }
  const last = shown.at(-1)!.rgb;
  // words and marks keep their colours
  expect(pixelAt(last, expected.width, 76, 14 + 4)).toEqual([38, 142, 62]);
  expect(pixelAt(last, expected.width, 82 + 76, 14 + 4)).toEqual([200, 40, 48]);
  expect(pixelAt(last, expected.width, 0, 0)).toEqual([24, 26, 31]);
  const middle = Array.from({ length: 60 }, (_, y) => pixelAt(last, expected.width, 40, 14 + y));
  expect(middle.filter(isCube).length).toBeGreaterThan(5);
});

test("the same film is the same bytes, and each picture is reported", async () => {
  const reported: number[] = [];
  const [one, other] = [
    await encodeGif(film(), async (count) => void reported.push(count)),
    await encodeGif(film(), done),
  ];
  expect(other).toEqual(one);
  expect(reported).toEqual(Array.from({ length: film().numPictures }, (_, k) => k + 1));
});

test("times that are no hundredths of a second add up all the same", async () => {
  const bytes = await encodeGif(episodeFilm([liftedCube(9)], { ...OPTIONS, fps: 30 }, "lift.mcap"), done);
  const delays = shownBy(bytes).map(({ delay }) => delay);
  // 0.9 s, a picture, and a second
  expect(delays.reduce((sum, delay) => sum + delay)).toBe(Math.round((100 * (27 + 1 + 30)) / 30));
});

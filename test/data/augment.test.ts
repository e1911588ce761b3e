// Augmentation: each change by itself, on pictures that show which pixel went where.
import { expect, test } from "vitest";
import { augmentPictures, augmentSeries, type PictureAugmentation } from "../../src/data/augment.js";
import { createRandom } from "../../src/math/random.js";

const [HEIGHT, WIDTH] = [5, 7];
const SIZE = HEIGHT * WIDTH;
/** A picture whose every pixel is its own number. */
const NUMBERED = Uint8Array.from({ length: SIZE }, (_, k) => 3 * k);

function changed(augmentation: PictureAugmentation, rows = 40, seed = "0", picture = NUMBERED): number[][] {
  const pictures = new Uint8Array(rows * SIZE);
  for (let row = 0; row < rows; row++) pictures.set(picture, row * SIZE);
  augmentPictures({ pictures, shape: [HEIGHT, WIDTH, 1] }, rows, augmentation, createRandom(seed));
  return Array.from({ length: rows }, (_, row) => [...pictures.subarray(row * SIZE, (row + 1) * SIZE)]);
}

const pixels = (from: (x: number, y: number) => readonly [number, number]) =>
  Array.from({ length: SIZE }, (_, k) => {
    const [x, y] = from(k % WIDTH, Math.floor(k / WIDTH));
    const inside = [Math.min(WIDTH - 1, Math.max(0, x)), Math.min(HEIGHT - 1, Math.max(0, y))] as const;
    return NUMBERED[inside[1] * WIDTH + inside[0]]!;
  });

test("nothing is changed where nothing is asked for, and beyond the rows that are", () => {
  expect(changed({}, 2)).toEqual([[...NUMBERED], [...NUMBERED]]);
  const pictures = new Uint8Array(2 * SIZE).fill(9);
  augmentPictures({ pictures, shape: [HEIGHT, WIDTH, 1] }, 1, { noise: 5 }, createRandom("0"));
  expect(pictures.subarray(0, SIZE).some((level) => level !== 9)).toBe(true);
  expect(pictures.subarray(SIZE).every((level) => level === 9)).toBe(true);
});

test("the same stream gives the same pictures", () => {
  const all = {
    shift: 1,
    rotate: 0.3,
    scale: 0.2,
    flip: "both",
    brightness: 20,
    noise: 3,
    cutout: 2,
  } as const;
  expect(changed(all)).toEqual(changed(all));
  expect(changed(all)).not.toEqual(changed(all, 40, "1"));
});

test("shifts are of whole pixels, all of them up to the greatest, with the border repeated", () => {
  const shifts = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => pixels((x, y) => [x - dx, y - dy])));
  const seen = changed({ shift: 1 }, 200).map((picture) =>
    shifts.findIndex((other) => other.join() === picture.join()),
  );
  expect(new Set(seen)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]));
});

test("flips mirror a half of the pictures", () => {
  const mirrored = pixels((x, y) => [WIDTH - 1 - x, y]).join();
  const flipped = changed({ flip: "horizontal" }, 200).filter(
    (picture) => picture.join() === mirrored,
  ).length;
  expect(flipped).toBeGreaterThan(70);
  expect(flipped).toBeLessThan(130);
  const upsideDown = pixels((x, y) => [x, HEIGHT - 1 - y]).join();
  expect(changed({ flip: "vertical" }, 20).some((picture) => picture.join() === upsideDown)).toBe(true);
});

test("a turn moves a spot around the middle, and its mask with it", () => {
  const size = 21;
  const rows = 30;
  const pictures = new Uint8Array(rows * size * size);
  const masks = new Uint8Array(rows * size * size);
  for (let row = 0; row < rows; row++)
    for (let y = 9; y <= 11; y++)
      for (let x = 15; x <= 17; x++) {
        pictures[(row * size + y) * size + x] = 200;
        masks[(row * size + y) * size + x] = 1;
      }
  augmentPictures({ pictures, shape: [size, size, 1], masks }, rows, { rotate: 0.5 }, createRandom("0"));
  const centre = (values: Uint8Array) => {
    let [sum, sx, sy] = [0, 0, 0];
    for (const [k, value] of values.entries()) {
      sum += value;
      sx += value * ((k % size) - 10);
      sy += value * (Math.floor(k / size) - 10);
    }
    return [sx / sum, sy / sum] as const;
  };
  const angles = Array.from({ length: rows }, (_, row) => {
    const part = (values: Uint8Array) => values.subarray(row * size * size, (row + 1) * size * size);
    const [x, y] = centre(part(pictures));
    const [mx, my] = centre(part(masks));
    expect(Math.hypot(x, y)).toBeCloseTo(6, 0);
    expect(Math.hypot(x - mx, y - my)).toBeLessThan(0.6);
    return Math.atan2(y, x);
  });
  expect(Math.max(...angles)).toBeGreaterThan(0.3);
  expect(Math.min(...angles)).toBeLessThan(-0.3);
  expect(Math.max(...angles.map(Math.abs))).toBeLessThan(0.52);
});

test("brightness is added to all pixels, contrast turns around the mean, both clipped", () => {
  const grey = new Uint8Array(SIZE).fill(100);
  const levels = changed({ brightness: 30 }, 50, "0", grey).map((picture) => {
    expect(new Set(picture).size).toBe(1);
    return picture[0]!;
  });
  expect([Math.min(...levels) < 80, Math.max(...levels) > 120]).toEqual([true, true]);
  expect(levels.every((level) => level >= 70 && level <= 130)).toBe(true);
  const bright = NUMBERED.map((level) => level + 60);
  for (const picture of changed({ contrast: 0.5 }, 40, "0", bright)) {
    const mean = picture.reduce((sum, level) => sum + level, 0) / SIZE;
    expect(Math.abs(mean - 111)).toBeLessThan(1);
    const spread = (picture.at(-1)! - picture[0]!) / 102;
    expect([spread >= 0.49, spread <= 1.51]).toEqual([true, true]);
  }
  const white = new Uint8Array(SIZE).fill(255);
  expect(
    changed({ brightness: 50 }, 20, "0", white)
      .flat()
      .every((level) => level >= 205),
  ).toBe(true);
});

test("noise has its deviation, and a square of the cutout's edge gets the mean", () => {
  const grey = new Uint8Array(SIZE).fill(100);
  const numbers = changed({ noise: 8 }, 300, "0", grey).flat();
  const variance = numbers.reduce((sum, level) => sum + (level - 100) ** 2, 0) / numbers.length;
  expect(Math.sqrt(variance)).toBeGreaterThan(7.7);
  expect(Math.sqrt(variance)).toBeLessThan(8.3);
  // the mean is 51, which one pixel is by itself
  const corners = changed({ cutout: 3 }, 100).map((picture) => {
    const cut = picture.flatMap((level, k) => (level === NUMBERED[k] ? [] : [k]));
    expect([8, 9]).toContain(cut.length);
    expect(cut.every((k) => picture[k] === 51)).toBe(true);
    return cut[0];
  });
  expect(new Set(corners).size).toBeGreaterThan(8);
});

test("series get noise for each entry, and one factor for each entry of a row", () => {
  const rows = 500;
  const series = new Float32Array(rows * 4 * 2).fill(10);
  augmentSeries(series, [4, 2], rows, { jitter: [0, 2] }, createRandom("0"));
  expect(series.filter((_, k) => k % 2 === 0).every((value) => value === 10)).toBe(true);
  const second = [...series.filter((_, k) => k % 2 === 1)];
  const deviation = Math.sqrt(second.reduce((sum, value) => sum + (value - 10) ** 2, 0) / second.length);
  expect(Math.abs(deviation - 2)).toBeLessThan(0.15);

  const scaled = new Float32Array(3 * 4 * 2).fill(10);
  augmentSeries(scaled, [4, 2], 2, { scale: 0.1 }, createRandom("0"));
  for (let k = 0; k < 16; k++) expect(scaled[k]).toBe(scaled[Math.floor(k / 8) * 8 + (k % 2)]);
  expect(new Set(scaled.subarray(0, 16)).size).toBe(4);
  expect([...scaled.subarray(16)]).toEqual(Array(8).fill(10));
});

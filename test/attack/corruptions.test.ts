import { expect, test } from "vitest";
import { CORRUPTIONS, type Corruption, corruptRows } from "../../src/attack/corruptions.js";

const image = {
  shape: [4, 5, 1],
  range: { reach: new Float32Array(20).fill(255), low: 0, high: 255 },
};
const series = {
  shape: [3, 2],
  range: { reach: Float32Array.of(1, 2, 1, 2, 1, 2), low: -Infinity, high: Infinity },
};
const picture = Float32Array.from({ length: 40 }, (_, k) => (k * 13) % 256);

test("a strength of 0 changes nothing, greater ones change more, the same seed gives the same bits", () => {
  for (const corruption of Object.keys(CORRUPTIONS) as Corruption[]) {
    const at = (strength: number) => corruptRows(picture, image, corruption, { strength, seed: 4 });
    const changed = (strength: number) =>
      at(strength).reduce((sum, value, k) => sum + Math.abs(value - picture[k]!), 0);
    expect(at(0), corruption).toEqual(picture);
    expect(changed(1), corruption).toBeGreaterThan(changed(0.3));
    expect(changed(0.3), corruption).toBeGreaterThan(0);
    expect(at(0.7), corruption).toEqual(at(0.7));
    expect(Math.max(...at(1)), corruption).toBeLessThanOrEqual(255);
    expect(Math.min(...at(1)), corruption).toBeGreaterThanOrEqual(0);
  }
});

test("brightness, darkness and contrast are worked by hand", () => {
  const row = Float32Array.from({ length: 20 }, (_, k) => (k < 10 ? 100 : 200));
  const first = (corruption: Corruption) => {
    const changed = corruptRows(row, image, corruption, { strength: 0.5 });
    return [changed[0], changed[19]];
  };
  expect(first("brightness")).toEqual([176.5, 255]);
  expect(first("darkness")).toEqual([23.5, 123.5]);
  // the average is 150, what is left of the contrast 0.55
  expect(first("contrast")[0]).toBeCloseTo(122.5, 4);
  expect(first("contrast")[1]).toBeCloseTo(177.5, 4);
});

test("a blurred point keeps its sum, and dirt covers a third of the pixels", () => {
  const large = { shape: [41, 41, 1], range: { reach: new Float32Array(1681).fill(255), low: 0, high: 255 } };
  const point = new Float32Array(1681);
  point[20 * 41 + 20] = 200;
  const blurred = corruptRows(point, large, "blur", { strength: 0.5 });
  expect(blurred.reduce((sum, value) => sum + value, 0)).toBeCloseTo(200, 2);
  // a Gaussian of 2.05 pixels has 1 / (2 π σ²) at its middle
  expect(blurred[20 * 41 + 20]! / 200).toBeCloseTo(1 / (2 * Math.PI * 2.05 ** 2), 3);
  const white = new Float32Array(1681).fill(200);
  const dirty = corruptRows(white, large, "dirt", { strength: 1 });
  expect(dirty.filter((value) => value < 100).length).toBe(561);
});

test("a calibration scales and shifts each entry of a series alike at all steps", () => {
  const steps = Float32Array.of(1, 10, 2, 20, 4, 40);
  const changed = corruptRows(steps, series, "calibration", { strength: 0.4, seed: 2 });
  for (const entry of [0, 1]) {
    const gain = (changed[2 + entry]! - changed[entry]!) / (steps[2 + entry]! - steps[entry]!);
    const offset = changed[entry]! - gain * steps[entry]!;
    expect(changed[4 + entry]).toBeCloseTo(gain * steps[4 + entry]! + offset, 3);
    expect(Math.abs(gain - 1)).toBeLessThanOrEqual(0.2 + 1e-5);
    expect(Math.abs(offset)).toBeLessThanOrEqual(0.4 * series.range.reach[entry]! + 1e-4);
  }
});

test("corruptions of images are refused for a series", () => {
  expect(() => corruptRows(new Float32Array(6), series, "dirt", { strength: 1 })).toThrow(
    '"dirt" changes images, and the input is of the shape [3, 2]. Choose brightness, darkness, noise or calibration.',
  );
});

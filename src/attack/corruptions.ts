// Natural corruptions: what light, lens, dirt and a sensor's calibration do to inputs, with a strength from 0 to 1.
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { InputRange } from "./attacked-model.js";

/** Corruptions by name, each with what a strength of 1 is. */
export const CORRUPTIONS = {
  brightness: "all numbers rise by 60 % of the range",
  darkness: "all numbers fall by 60 % of the range",
  contrast: "an image loses 90 % of its contrast about its average",
  light:
    "an image is lit from one side: a ramp from -60 % to +60 % of the range, its direction drawn for each row",
  blur: "an image is blurred by a Gaussian of a tenth of its shorter side",
  dirt: "dark spots cover a third of an image, drawn for each row",
  noise: "normal noise with a deviation of 40 % of the range, or of two standard deviations of training",
  calibration:
    "each entry of a series or vector is scaled by up to 50 % and shifted by up to one standard deviation, drawn for each row and entry, the same at all steps",
} as const;

/** A corruption's name. */
export type Corruption = keyof typeof CORRUPTIONS;

/** Rows of an input that are corrupted. */
export interface CorruptedInput {
  /** Of one row. */
  readonly shape: readonly number[];
  /** What numbers may be, and how far a strength of 1 reaches. */
  readonly range: InputRange;
}

const IMAGES_ONLY: readonly Corruption[] = ["contrast", "light", "blur", "dirt"];

/**
 * Corrupt rows [rows * size] of an input; the same seed gives the same bits.
 *
 * Throws a UsageError for a corruption of images on an input that is none.
 */
export function corruptRows(
  values: Float32Array,
  input: CorruptedInput,
  corruption: Corruption,
  { strength, seed = 0 }: { readonly strength: number; readonly seed?: number | string },
): Float32Array {
  const { shape, range } = input;
  if (IMAGES_ONLY.includes(corruption) && shape.length !== 3)
    throw new UsageError(
      `"${corruption}" changes images, and the input is of the shape [${shape.join(", ")}]. Choose brightness, darkness, noise or calibration.`,
    );
  const random = createRandom(`${seed}/corruption/${corruption}`);
  const size = range.reach.length;
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += size) {
    const changed = corruptRow(values.subarray(start, start + size), input, corruption, { strength, random });
    for (let k = 0; k < size; k++) result[start + k] = Math.min(range.high, Math.max(range.low, changed[k]!));
  }
  return result;
}

function corruptRow(
  row: Float32Array,
  { shape, range: { reach } }: CorruptedInput,
  corruption: Corruption,
  { strength, random }: { readonly strength: number; readonly random: Random },
): Float32Array {
  const [height = 1, width = 1, channels = 1] = shape;
  switch (corruption) {
    case "brightness":
      return row.map((value, k) => value + 0.6 * strength * reach[k]!);
    case "darkness":
      return row.map((value, k) => value - 0.6 * strength * reach[k]!);
    case "contrast": {
      const average = row.reduce((sum, value) => sum + value, 0) / row.length;
      return row.map((value) => average + (1 - 0.9 * strength) * (value - average));
    }
    case "light": {
      const angle = random.uniform(-Math.PI, Math.PI);
      const [down, across] = [Math.sin(angle), Math.cos(angle)];
      return row.map((value, k) => {
        const pixel = Math.floor(k / channels);
        const y = (2 * (Math.floor(pixel / width) + 0.5)) / height - 1;
        const x = (2 * ((pixel % width) + 0.5)) / width - 1;
        return value + 0.6 * strength * reach[k]! * (down * y + across * x);
      });
    }
    case "blur":
      return blurred(row, [height, width, channels], 0.1 * strength * Math.min(height, width));
    case "dirt":
      return withDirt(row, [height, width, channels], strength / 3, random);
    case "noise": {
      const deviation = strength * (channels > 1 || shape.length === 3 ? 0.4 : 2);
      return row.map((value, k) => value + deviation * reach[k]! * random.normal());
    }
    case "calibration": {
      const entries = shape.at(-1) ?? 1;
      const drawn = Array.from({ length: entries }, () => [random.uniform(-0.5, 0.5), random.uniform(-1, 1)]);
      return row.map((value, k) => {
        const [gain, offset] = drawn[k % entries]!;
        return value * (1 + strength * gain!) + strength * offset! * reach[k]!;
      });
    }
  }
}

/** Blur down, then across; beyond the borders an image goes on as it ends. */
function blurred(row: Float32Array, shape: readonly [number, number, number], sigma: number): Float32Array {
  if (sigma === 0) return row.slice();
  const radius = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const [height, width, channels] = shape;
  const along = (values: Float32Array, isDown: boolean): Float32Array =>
    values.map((_, k) => {
      const pixel = Math.floor(k / channels);
      const [y, x] = [Math.floor(pixel / width), pixel % width];
      let sum = 0;
      for (const [j, weight] of weights.entries()) {
        const at = (isDown ? y : x) + j - radius;
        const inside = Math.min(Math.max(at, 0), (isDown ? height : width) - 1);
        const place = isDown ? inside * width + x : y * width + inside;
        sum += weight * values[place * channels + (k % channels)]!;
      }
      return sum / total;
    });
  return along(along(row, true), false);
}

/** Spots of up to a sixth of the shorter side, darker by nine tenths, until they cover `share` of the pixels. */
function withDirt(
  row: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  share: number,
  random: Random,
): Float32Array {
  const result = row.slice();
  const covered = new Uint8Array(height * width);
  let count = 0;
  while (count < share * covered.length) {
    const [y, x] = [random.uniform(0, height), random.uniform(0, width)];
    const radius = Math.max(0.75, random.uniform(0, Math.min(height, width) / 6));
    for (let pixel = 0; pixel < covered.length && count < share * covered.length; pixel++) {
      const [down, across] = [Math.floor(pixel / width) + 0.5 - y, (pixel % width) + 0.5 - x];
      if (covered[pixel] === 1 || down ** 2 + across ** 2 > radius ** 2) continue;
      covered[pixel] = 1;
      count++;
      for (let k = pixel * channels; k < (pixel + 1) * channels; k++) result[k]! *= 0.1;
    }
  }
  return result;
}

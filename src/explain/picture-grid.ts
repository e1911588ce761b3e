// An input as a grid of places that can be covered: pixels of an image, steps and entries of a series, entries of a vector.
import type { Arrays } from "../compile/engines/engine.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { Model } from "../model/model.js";

/** An input's rows as grids. */
export interface InputGrid {
  /** Name of the input. */
  readonly input: string;
  /** Pixels down, steps of a series, or entries of a vector. */
  readonly height: number;
  /** Pixels across, entries of a step, or 1. */
  readonly width: number;
  /** Numbers of a place. */
  readonly channels: number;
}

/**
 * Take an input as a grid: an image [height, width, channels] by its pixels, a series [steps, entries] by its numbers, a vector by
 * its entries. Default: the model's image, or its first input.
 *
 * Throws a UsageError for an unknown input, and one of another number of axes.
 */
export function inputGrid({ inputs }: Model, name = defaultInput(inputs)): InputGrid {
  const shape = inputs[name]?.shape;
  if (!shape)
    throw new UsageError(
      `The model has no input "${name}". Its inputs are: ${Object.keys(inputs).join(", ")}.`,
    );
  const [height = 1, width = 1, channels = 1] = shape;
  if (shape.length > 3)
    throw new UsageError(`The input "${name}" has ${shape.length} axes, at most 3 can be covered in parts.`);
  return { input: name, height, width, channels };
}

/** Return the average of each channel of each row: what covers a place. [rows * channels] */
export function averageOfRows(
  values: ArrayLike<number>,
  { height, width, channels }: InputGrid,
): Float32Array {
  const size = height * width * channels;
  const averages = new Float64Array((values.length / size) * channels);
  for (let k = 0; k < values.length; k++)
    averages[Math.floor(k / size) * channels + (k % channels)]! += values[k]! / (height * width);
  return Float32Array.from(averages);
}

/**
 * Mix each place of each row with the row's average: `keep` of 1 leaves it, 0 covers it.
 *
 * `keep` has a number for each place of each row. Bytes are rounded.
 */
export function coverPlaces(
  values: Arrays[string],
  grid: InputGrid,
  averages: Float32Array,
  keep: ArrayLike<number>,
): Arrays[string] {
  const { channels } = grid;
  const places = grid.height * grid.width;
  const covered = values.slice();
  const round = values instanceof Float32Array ? (value: number) => value : Math.round;
  for (let place = 0; place < keep.length; place++) {
    const share = keep[place]!;
    if (share === 1) continue;
    const row = Math.floor(place / places);
    for (let channel = 0; channel < channels; channel++) {
      const k = place * channels + channel;
      covered[k] = round(share * values[k]! + (1 - share) * averages[row * channels + channel]!);
    }
  }
  return covered;
}

/** Sum attributions over the numbers of each place. [rows * height * width] */
export function sumOfPlaces(attributions: Float32Array, { channels }: InputGrid): Float32Array {
  if (channels === 1) return attributions;
  return Float32Array.from({ length: attributions.length / channels }, (_, place) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += attributions[place * channels + channel]!;
    return sum;
  });
}

function defaultInput(inputs: Model["inputs"]): string {
  const named = Object.entries(inputs);
  const image =
    named.find(([, { shape }]) => shape.length === 3) ?? named.find(([, { shape }]) => sizeOf(shape) > 1);
  return (image ?? named[0]!)[0];
}

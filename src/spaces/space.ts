// What an observation or action may be: shape, type and bounds.
import type { Random } from "../math/random.js";
import { sizeOf } from "../math/shape.js";

/** An array of numbers within bounds. */
export interface Box {
  /** Tells the kinds of spaces apart. */
  readonly kind: "box";
  /** Lengths of its dimensions. */
  readonly shape: readonly number[];
  /** Type of its numbers. */
  readonly dtype: "float32" | "uint8";
  /** Least value of each entry, flattened. */
  readonly low: readonly number[];
  /** Greatest value of each entry, flattened. */
  readonly high: readonly number[];
}

/** An integer from 0 to n - 1. */
export interface Discrete {
  /** Tells the kinds of spaces apart. */
  readonly kind: "discrete";
  /** Samples are 0 to n - 1. */
  readonly n: number;
}

/** Named spaces. */
export interface Dict {
  /** Tells the kinds of spaces apart. */
  readonly kind: "dict";
  /** Its spaces by name. */
  readonly spaces: Readonly<Record<string, Space>>;
}

/** Any space. */
export type Space = Box | Discrete | Dict;

/**
 * Make a one-dimensional float32 box from its bounds.
 *
 * @throws RangeError where there are not as many of both.
 * @example
 * const actions = box([-1, -1, -1], [1, 1, 1]);
 */
export function box(low: readonly number[], high: readonly number[]): Box {
  if (low.length !== high.length)
    throw new RangeError(`low has ${low.length} entries, high has ${high.length}`);
  const wrong = low.findIndex((value, index) => !(value <= high[index]!));
  if (wrong >= 0) throw new RangeError(`entry ${wrong}: low ${low[wrong]} is not <= high ${high[wrong]}`);
  return { kind: "box", shape: [low.length], dtype: "float32", low, high };
}

/** Bounds of images by their number of values: every environment of a group shares them. */
const imageBounds = new Map<number, { readonly low: readonly number[]; readonly high: readonly number[] }>();

/** Make the uint8 box of an image [height, width, channels]: every value from 0 to 255. */
export function imageBox(shape: readonly [number, number, number]): Box {
  const size = shape[0] * shape[1] * shape[2];
  let bounds = imageBounds.get(size);
  if (!bounds) {
    const all = (value: number) => Object.freeze(new Array<number>(size).fill(value));
    bounds = { low: all(0), high: all(255) };
    imageBounds.set(size, bounds);
  }
  return { kind: "box", shape, dtype: "uint8", ...bounds };
}

/**
 * Make a space of named spaces.
 *
 * @throws Nothing.
 * @example
 * const space = dict({ state: box([-1], [1]) });
 */
export function dict(spaces: Readonly<Record<string, Space>>): Dict {
  return { kind: "dict", spaces };
}

/**
 * Draw a uniform sample; unbounded sides are drawn from a normal distribution around the other bound or 0.
 *
 * @throws Nothing.
 * @example
 * const action = sampleSpace(env.actionSpace, createRandom("actions"));
 */
export function sampleSpace(space: Space, random: Random): unknown {
  if (space.kind === "discrete") return random.integer(space.n);
  if (space.kind === "dict") {
    return Object.fromEntries(
      Object.entries(space.spaces).map(([name, inner]) => [name, sampleSpace(inner, random)]),
    );
  }
  const values = space.low.map((low, index) => {
    const high = space.high[index]!;
    if (Number.isFinite(low) && Number.isFinite(high)) return random.uniform(low, high);
    if (Number.isFinite(low)) return low + Math.abs(random.normal());
    if (Number.isFinite(high)) return high - Math.abs(random.normal());
    return random.normal();
  });
  return space.dtype === "uint8" ? Uint8Array.from(values) : Float32Array.from(values);
}

/** Say why `value` is not in `space`, or return undefined if it is. */
export function explainMismatch(space: Space, value: unknown, name = "value"): string | undefined {
  if (space.kind === "discrete") {
    const inside = Number.isInteger(value) && (value as number) >= 0 && (value as number) < space.n;
    return inside ? undefined : `${name} is ${String(value)}, expected an integer from 0 to ${space.n - 1}`;
  }
  if (space.kind === "dict") {
    if (typeof value !== "object" || value === null) return `${name} is ${String(value)}, expected an object`;
    for (const [key, inner] of Object.entries(space.spaces)) {
      if (!(key in value)) return `${name} lacks "${key}"`;
      const reason = explainMismatch(inner, (value as Record<string, unknown>)[key], `${name}.${key}`);
      if (reason) return reason;
    }
    const extra = Object.keys(value).find((key) => !(key in space.spaces));
    return extra === undefined ? undefined : `${name} has "${extra}", which the space does not`;
  }
  const type = space.dtype === "uint8" ? Uint8Array : Float32Array;
  if (!(value instanceof type)) return `${name} is not a ${type.name}`;
  const size = sizeOf(space.shape);
  if (value.length !== size) return `${name} has ${value.length} entries, expected ${size}`;
  for (let index = 0; index < size; index++) {
    const element = value[index]!;
    const [low, high] = [Math.fround(space.low[index]!), Math.fround(space.high[index]!)];
    if (!(element >= low && element <= high))
      return `${name}[${index}] is ${element}, expected ${low} to ${high}`;
  }
  return undefined;
}

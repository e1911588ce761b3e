// numpy's arrays and numbers within msgpack, as openpi-client packs them: maps whose keys are bytes.
import { encode } from "@msgpack/msgpack";
import { UsageError } from "../../math/usage-error.js";
import type { GivenImage } from "./observed.js";

/** Types that are taken, by numpy's name for them within a message. */
const FLOATS = { "<f4": Float32Array, "<f8": Float64Array } as const;
const BYTES = "|u1";
/** Names that users know. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ "<f2": "float16", "<f4": "float32", "<f8": "float64", "|u1": "uint8", "|i1": "int8", "|b1": "bool" },
  ...{ "<i2": "int16", "<i4": "int32", "<i8": "int64", "<u2": "uint16", "<u4": "uint32", "<u8": "uint64" },
};
const MOST_AXES = 8;
const SMALL_MAP = 0x80;

/** A value of a message that is an array. */
interface PackedArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Return a vector [size]: that of a float32 or float64 array, or a list as it is.
 *
 * Throws a UsageError that calls it `name` where it is something else, or an array of another type or shape.
 */
export function readVector(name: string, value: unknown, size: number): ArrayLike<unknown> {
  const array = packedArray(name, value);
  if (!array) {
    if (Array.isArray(value)) return value;
    throw new UsageError(`"${name}" is ${kindOf(value)}, expected a float32 or float64 array of ${size}.`);
  }
  const numbers = floats(name, array);
  const { shape } = array;
  if (shape.length === 1 && shape[0] === size) return numbers;
  throw new UsageError(`"${name}" has the shape ${described(shape)}, expected ${size}.`);
}

/** Return a number: plain, numpy's, or an array of one; throws a UsageError that calls it `name` where it is something else. */
export function readNumber(name: string, value: unknown): number {
  const number = isMap(value) && isMarked(value, "__npgeneric__") ? value.data : value;
  if (typeof number === "number") return number;
  const array = packedArray(name, number);
  if (!array) throw new UsageError(`"${name}" is ${kindOf(number)}, expected a number.`);
  const numbers = floats(name, array);
  if (numbers.length === 1) return numbers[0]!;
  throw new UsageError(`"${name}" has the shape ${described(array.shape)}, expected a number.`);
}

/** Return an image; throws a UsageError that calls it `name` where it is no array of uint8. */
export function readImage(name: string, value: unknown): GivenImage {
  const array = packedArray(name, value);
  if (!array) throw new UsageError(`"${name}" is ${kindOf(value)}, expected a numpy array of uint8.`);
  const { dtype, shape, data } = array;
  if (dtype !== BYTES) throw refusedType(name, dtype, "uint8");
  return { bytes: data, shape };
}

/** Pack a float32 array [1, length], as numpy unpacks it. */
export function packRow(row: Float32Array): Uint8Array {
  return packMap([
    [bytesOf("__ndarray__"), encode(true)],
    [bytesOf("data"), encode(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))],
    [bytesOf("dtype"), encode("<f4")],
    [bytesOf("shape"), encode([1, row.length])],
  ]);
}

/** Pack a map of at most 15 entries, of which the values are packed; the library packs maps whose keys are text only. */
export function packMap(entries: readonly (readonly [string | Uint8Array, Uint8Array])[]): Uint8Array {
  const head = Uint8Array.of(SMALL_MAP | entries.length);
  return Buffer.concat([head, ...entries.flatMap(([key, packed]) => [encode(key), packed])]);
}

/** Whether a value of a message is a map, and no array or number of numpy's. */
export function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return isMap(value) && !isMarked(value, "__ndarray__") && !isMarked(value, "__npgeneric__");
}

/** Say what a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value === "object") return isPlainMap(value) ? "a map" : "an array";
  return typeof value === "string" ? "text" : `the ${typeof value} ${String(value)}`;
}

function packedArray(name: string, value: unknown): PackedArray | undefined {
  if (!isMap(value) || !isMarked(value, "__ndarray__")) return undefined;
  const { dtype, shape, data } = value;
  const isShape = (axes: unknown): axes is readonly number[] =>
    Array.isArray(axes) &&
    axes.length <= MOST_AXES &&
    axes.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (typeof dtype !== "string" || !isShape(shape) || !(data instanceof Uint8Array))
    throw new UsageError(`"${name}" is no numpy array: its dtype, shape or data is missing.`);
  return { dtype, shape, data };
}

function floats(name: string, { dtype, shape, data }: PackedArray): Float32Array | Float64Array {
  const Type = FLOATS[dtype as keyof typeof FLOATS];
  if (!Object.hasOwn(FLOATS, dtype)) throw refusedType(name, dtype, "float32 or float64");
  const size = Type.BYTES_PER_ELEMENT * shape.reduce((product, length) => product * length, 1);
  if (data.length !== size)
    throw new UsageError(
      `"${name}" has ${data.length} bytes, expected ${size} of its shape ${described(shape)}.`,
    );
  // a copy, which begins where numbers of its type may
  return new Type(new Uint8Array(data).buffer);
}

function refusedType(name: string, dtype: string, expected: string): UsageError {
  const isObject = dtype.includes("O");
  const got = NAMES[dtype] ?? dtype.slice(0, 32);
  return new UsageError(
    `"${name}" has the dtype ${isObject ? "object" : got}, expected ${expected}.${isObject ? " Arrays of objects are pickles, which are never loaded." : ""}`,
  );
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function isMarked(map: Readonly<Record<string, unknown>>, mark: string): boolean {
  return Object.hasOwn(map, mark);
}

function described(shape: readonly number[]): string {
  return shape.length === 0 ? "of a single number" : shape.join(" x ");
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

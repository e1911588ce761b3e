// The safetensors format: a length, a JSON header, raw numbers (https://github.com/huggingface/safetensors#format).
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";

/** Numbers of a tensor, row-major. */
export type TensorValues = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A tensor in a file. */
export interface StoredTensor {
  /** Row-major. */
  readonly shape: readonly number[];
  /** As many as the shape says. */
  readonly values: TensorValues;
}

/** What a file holds. */
export interface Safetensors {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The header's texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

const DTYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U8: Uint8Array } as const;
type Dtype = keyof typeof DTYPES;

const LENGTH_SIZE = 8;
/** Largest header that Hugging Face's reader takes, bytes. */
const LARGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";

/**
 * Encode `tensors` and `metadata`; any safetensors reader takes the result.
 *
 * Tensors with larger numbers come first, so that each lies where its numbers may be read in place. Throws an Error where a
 * shape has another number of entries than the values, or where a tensor is called "__metadata__".
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  let end = 0;
  const entries = sorted.map(([name, { shape, values }]) => {
    if (name === METADATA) throw new Error(`a tensor cannot be called ${METADATA}`);
    if (sizeOf(shape) !== values.length)
      throw new Error(`tensor "${name}" has ${values.length} values, its shape is [${shape.join(", ")}]`);
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: dtypeOf(values), shape, data_offsets: [begin, end] }] as const;
  });
  const header = Object.fromEntries<unknown>([[METADATA, metadata], ...entries]);
  const json = new TextEncoder().encode(JSON.stringify(header));
  // numbers begin at a multiple of 8, behind spaces
  const padded = Math.ceil(json.length / 8) * 8;
  if (padded > LARGEST_HEADER)
    throw new Error(
      `the header of a safetensors file has ${padded} bytes, at most ${LARGEST_HEADER} are read`,
    );
  const bytes = new Uint8Array(LENGTH_SIZE + padded + end).fill(0x20, LENGTH_SIZE, LENGTH_SIZE + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, LENGTH_SIZE);
  let offset = LENGTH_SIZE + padded;
  for (const [, { values }] of sorted) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/**
 * Decode a file; the tensors are copies of their own.
 *
 * Throws a UsageError that names `file`, what is wrong, and the sentence `way` where the bytes are no safetensors file, where tensors overlap,
 * leave a gap or lie outside of the file, and for numbers of a type other than F32, F64, I32 and U8. No more memory is taken
 * than the file has.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string, way = ""): Safetensors {
  const refuse = (cause: string) =>
    new UsageError(`${file} is no whole safetensors file: ${cause}. ${way}`.trimEnd());
  if (bytes.length < LENGTH_SIZE)
    throw refuse(`it has ${bytes.length} bytes, its first ${LENGTH_SIZE} are a length`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(LARGEST_HEADER, bytes.length - LENGTH_SIZE)))
    throw refuse(`its header would have ${length} bytes, the file has ${bytes.length}`);
  const start = LENGTH_SIZE + Number(length);
  const header = parseHeader(bytes.subarray(LENGTH_SIZE, start), refuse);
  const { [METADATA]: metadata = {}, ...entries } = header;
  if (!isObject(metadata) || Object.values(metadata).some((text) => typeof text !== "string"))
    throw refuse(`${METADATA} holds more than texts`);
  const data = bytes.subarray(start);
  const tensors = new Map(
    Object.entries(entries).map(([name, entry]) => [name, tensorOf(name, entry, data, refuse)]),
  );
  requireContiguous(Object.values(entries) as HeaderEntry[], data.length, refuse);
  return { tensors, metadata: metadata as Record<string, string> };
}

interface HeaderEntry {
  readonly data_offsets: readonly [number, number];
}

type Refuse = (cause: string) => UsageError;

function parseHeader(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw refuse(`its header is no JSON (${(error as Error).message})`);
  }
  if (!isObject(header)) throw refuse("its header is no object");
  return header;
}

function tensorOf(name: string, entry: unknown, data: Uint8Array, refuse: Refuse): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const of = `tensor ${JSON.stringify(name.slice(0, 80))}`;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype))
    throw refuse(`${of} has the type ${JSON.stringify(dtype)}, expected ${Object.keys(DTYPES).join(", ")}`);
  const type = DTYPES[dtype as Dtype];
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw refuse(`the shape of ${of} is no list of whole numbers`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw refuse(`the data_offsets of ${of} are no pair of whole numbers`);
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape);
  if (end - begin !== size * type.BYTES_PER_ELEMENT || end > data.length)
    throw refuse(
      `${of} of shape [${shape.join(", ")}] and type ${dtype} lies from ${begin} to ${end} of ${data.length} bytes`,
    );
  return { shape: shape as number[], values: new type(new Uint8Array(data.subarray(begin, end)).buffer) };
}

function requireContiguous(entries: readonly HeaderEntry[], length: number, refuse: Refuse): void {
  let reached = 0;
  for (const { data_offsets } of [...entries].sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )) {
    if (data_offsets[0] !== reached)
      throw refuse(`a tensor begins at byte ${data_offsets[0]} of the data, expected ${reached}`);
    reached = data_offsets[1];
  }
  if (reached !== length) throw refuse(`its tensors end at byte ${reached} of ${length} of the data`);
}

/** Whether `value` is an array of numbers that a file can hold. */
export function isTensorValues(value: unknown): value is TensorValues {
  return Object.values(DTYPES).some((type) => value instanceof type);
}

function dtypeOf(values: TensorValues): Dtype {
  return (Object.keys(DTYPES) as Dtype[]).find((name) => values instanceof DTYPES[name])!;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// IDX, the format of the MNIST files: a header with the type and the length of each axis, then numbers, big-endian; gzip or not.
// Source: Yann LeCun, "The MNIST database of handwritten digits", section on file formats.
import { sizeOf } from "../../math/shape.js";
import { UsageError } from "../../math/usage-error.js";
import { gunzip } from "./gunzip.js";

/** Numbers of an IDX file. */
export interface IdxArray {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Row-major: bytes as they are, whole numbers as int32, others as float32. */
  readonly data: Uint8Array | Int32Array | Float32Array;
}

interface IdxType {
  readonly bytes: number;
  readonly array: new (length: number) => Uint8Array | Int32Array | Float32Array;
  read(view: DataView, at: number): number;
}

const TYPES: Readonly<Record<number, IdxType>> = {
  8: { bytes: 1, array: Uint8Array, read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, array: Int32Array, read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, array: Int32Array, read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, array: Int32Array, read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, array: Float32Array, read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, array: Float32Array, read: (view, at) => view.getFloat64(at) },
};
/** Most numbers of a file, in bytes. */
const LARGEST = 2 ** 28;

/**
 * Read an IDX file, unpacked first where it is packed by gzip.
 *
 * @throws UsageError that names `file` where it is no IDX file, cut short, longer than its header says, or larger than 2^28 bytes.
 * @example
 * const { shape, data } = await readIdx(bytes, "train-images-idx3-ubyte.gz");
 */
export async function readIdx(bytes: Uint8Array, file: string): Promise<IdxArray> {
  const content = await gunzip(bytes, file, LARGEST + HEADER_MOST);
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const type = TYPES[content[2] ?? 0];
  const axes = content[3] ?? 0;
  if (content[0] !== 0 || content[1] !== 0 || !type || axes === 0) {
    const start = [...content.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new UsageError(
      `${file} is no IDX file: it begins with the bytes "${start}", expected 00 00, a type from 08 to 0e and the number of axes.`,
    );
  }
  const header = 4 + 4 * axes;
  if (content.length < header)
    throw new UsageError(
      `${file} is cut short: it ends after ${content.length} bytes, inside of its header. Download it again.`,
    );
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = sizeOf(shape) * type.bytes;
  if (expected > LARGEST)
    throw new UsageError(
      `${file} says that it holds ${shape.join(" x ")} numbers, more than the ${LARGEST} bytes that are read.`,
    );
  if (content.length !== header + expected)
    throw new UsageError(
      `${file} has ${content.length - header} bytes after its header, which says ${shape.join(" x ")} numbers, ${expected} bytes. Download it again.`,
    );
  if (type === TYPES[8]) return { shape, data: content.subarray(header) };
  const data = new type.array(sizeOf(shape));
  for (let k = 0; k < data.length; k++) data[k] = type.read(view, header + k * type.bytes);
  return { shape, data };
}

/** Longest header, 255 axes. */
const HEADER_MOST = 4 + 4 * 255;

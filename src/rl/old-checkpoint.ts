// The files of armgym 0.1.0, read only: plain data with typed arrays, as bytes that prove themselves.
import { UsageError } from "../math/usage-error.js";

const MAGIC = "ARMGYM1\n";
const HASH_SIZE = 32;

const ARRAY_TYPES = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAY_TYPES;

/** Whether `bytes` begin as files of armgym 0.1.0 do: checkpoints and image encoders. */
export function isOldCheckpoint(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/**
 * Decode a file of armgym 0.1.0: plain data whose leaves may be typed arrays. None is written any more.
 *
 * Layout: "ARMGYM1\n", SHA-256 of the rest, length of the JSON part (uint32, little-endian), the JSON with
 * {"$array": [type, offset, length]} for each array and {"$number": "-0"} for numbers that JSON lacks, the arrays' bytes.
 * Throws a UsageError that names `file` where the bytes are damaged.
 */
export async function decodeOldCheckpoint(bytes: Uint8Array, file: string): Promise<unknown> {
  if (!isOldCheckpoint(bytes)) throw new UsageError(`${file} is not an armgym checkpoint.`);
  // a copy: what Node reads from a file may be a window into a larger buffer, and slices of it windows again
  const body = new Uint8Array(bytes.subarray(MAGIC.length + HASH_SIZE));
  const hash = await sha256(body);
  const damaged = hash.some((byte, k) => byte !== bytes[MAGIC.length + k]);
  if (damaged || body.length < 4) {
    throw new UsageError(
      `${file} is damaged: its checksum does not match. Take another checkpoint of the run.`,
    );
  }
  try {
    return decodeBody(body);
  } catch (error) {
    // a changed file may have a right checksum
    throw new UsageError(
      `${file} is damaged: ${(error as Error).message}. Take another checkpoint of the run.`,
    );
  }
}

function decodeBody(body: Uint8Array<ArrayBuffer>): unknown {
  const length = new DataView(body.buffer).getUint32(0, true);
  const blobs = body.subarray(4 + length);
  return JSON.parse(new TextDecoder().decode(body.subarray(4, 4 + length)), (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$number" in value) return Number(value.$number);
    return "$array" in value ? arrayOf(value.$array, blobs) : value;
  });
}

/** The array that a reference names; throws where there is no such type, or it does not lie within `blobs`. */
function arrayOf(reference: unknown, blobs: Uint8Array<ArrayBuffer>): unknown {
  const [name, offset, count] = Array.isArray(reference) ? (reference as unknown[]) : [];
  if (typeof name !== "string" || !Object.hasOwn(ARRAY_TYPES, name))
    throw new Error(`there is no array type ${JSON.stringify(name)}`);
  const type = ARRAY_TYPES[name as ArrayName];
  const end = Number(offset) + Number(count) * type.BYTES_PER_ELEMENT;
  if (!isWhole(offset) || !isWhole(count) || end > blobs.length)
    throw new Error(`an array lies at ${String(offset)} with ${String(count)} entries, outside of the file`);
  return new type(blobs.slice(offset, end).buffer);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

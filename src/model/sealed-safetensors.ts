// Safetensors files that prove themselves: a format's name, and a SHA-256 over every byte, in the header.
import { sha256 } from "../math/sha256.js";
import { UsageError } from "../math/usage-error.js";
import { decodeSafetensors, encodeSafetensors, type Safetensors, type StoredTensor } from "./safetensors.js";

/** Where the hash stands: in the first text of the header. */
const HASH_PREFIX = '{"__metadata__":{"sha256":"';
const HASH_BEGIN = 8 + HASH_PREFIX.length;
const HASH_END = HASH_BEGIN + 64;
const ZERO = 0x30;

/** Encode `tensors` and `metadata` as `encodeSafetensors` does, with `sha256`: that of the file with zeros in its place. */
export async function encodeSealed(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encodeSafetensors(tensors, { sha256: "0".repeat(64), ...metadata });
  bytes.set(new TextEncoder().encode(await sha256(bytes)), HASH_BEGIN);
  return bytes;
}

/**
 * Decode what `encodeSealed` made with this `format` among its metadata; `what` is such a file called.
 *
 * Throws a UsageError that names `file`, and ends with the sentence `way`, where it is of another format or damaged.
 */
export async function decodeSealed(
  bytes: Uint8Array,
  file: string,
  { format, what, way }: { readonly format: string; readonly what: string; readonly way: string },
): Promise<Safetensors> {
  const text = new TextDecoder();
  if (text.decode(bytes.subarray(8, HASH_BEGIN)) !== HASH_PREFIX)
    throw new UsageError(`${file} is not ${what}.`);
  // a copy: what Node reads from a file may be a window into a larger buffer
  const zeroed = new Uint8Array(bytes);
  zeroed.fill(ZERO, HASH_BEGIN, HASH_END);
  if ((await sha256(zeroed)) !== text.decode(bytes.subarray(HASH_BEGIN, HASH_END)))
    throw new UsageError(`${file} is damaged: its checksum does not match. ${way}`);
  const decoded = decodeSafetensors(zeroed, file, way);
  if (decoded.metadata.format !== format) throw new UsageError(`${file} is not ${what}.`);
  return decoded;
}

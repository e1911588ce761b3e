// gzip, unpacked by what Node and browsers have, up to a size.
import { UsageError } from "../../math/usage-error.js";

/**
 * Unpack a gzip file, of at most `largest` bytes; bytes that are not gzip come back as they are.
 *
 * Throws a UsageError that names `file` where it is damaged, cut short, or larger: no more than that is ever held.
 */
export async function gunzip(bytes: Uint8Array, file: string, largest: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = unpacked(bytes).getReader();
  for (;;) {
    const part = await reader.read().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${file} is no whole gzip file: ${reason}. Download it again.`);
    });
    if (part.done) break;
    parts.push(part.value);
    length += part.value.length;
    if (length > largest) {
      await reader.cancel();
      throw new UsageError(
        `${file} unpacks to more than the ${largest} bytes that are expected. Download it again.`,
      );
    }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function unpacked(bytes: Uint8Array): ReadableStream<Uint8Array> {
  // a view, not a copy; it may not lie in shared memory
  return new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
}

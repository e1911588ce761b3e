// What unpacks the chunks of recordings of other programs: those of ours are not packed.
import type { McapTypes } from "@mcap/core";

/** More than any program puts into one chunk, bytes. */
const LARGEST_CHUNK = 2 ** 30;

/** Load what unpacks zstd and lz4, as Foxglove's own reader has it. */
export async function loadDecompressors(): Promise<McapTypes.DecompressHandlers> {
  const [zstd, { default: lz4 }] = await Promise.all([
    import("@foxglove/wasm-zstd"),
    import("@foxglove/wasm-lz4"),
  ]);
  await Promise.all([zstd.isLoaded, lz4.isLoaded]);
  const bounded = (size: bigint) => {
    if (size <= LARGEST_CHUNK) return Number(size);
    throw new Error(`a chunk says that it has ${size} bytes, expected at most ${LARGEST_CHUNK}`);
  };
  return {
    zstd: (packed, size) => new Uint8Array(zstd.decompress(packed, bounded(size))),
    lz4: (packed, size) => new Uint8Array(lz4(packed, bounded(size))),
  };
}

// Files in memory that data is read from, as from a folder; and the public sets where they lie on this machine.
import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { test } from "vitest";
import type { DataFiles } from "../../src/data/data-source.js";
import { UsageError } from "../../src/math/usage-error.js";
import { openDataFolder } from "../../src/runs/data-folder.js";

/** Return files by their paths: bytes, or text in UTF-8. */
export function memoryFiles(contents: Readonly<Record<string, Uint8Array | string>>): DataFiles {
  return {
    folder: "memory",
    list: () => Promise.resolve(Object.keys(contents).sort()),
    async read(path, largest = 2 ** 30) {
      const content = contents[path];
      if (content === undefined)
        throw new UsageError(`memory/${path} cannot be read: there is no such file.`);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      if (bytes.length > largest) throw new UsageError(`memory/${path} is too large.`);
      return bytes;
    },
  };
}

/** Return an IDX file of bytes, packed. */
export function packedIdx(shape: readonly number[], numbers: ArrayLike<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length);
  const bytes = new Uint8Array(header.byteLength + numbers.length);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(Uint8Array.from(numbers), header.byteLength);
  return new Uint8Array(gzipSync(bytes));
}

/** Where public sets lie: see the README of the folder. */
const PUBLIC = process.env.ARMGYM_DATA ?? "/work/shared/data";

/** A test of a public set, skipped with a line where it is not there. */
export function publicTest(path: string, name: string, run: (files: DataFiles) => Promise<void>): void {
  const isThere = existsSync(`${PUBLIC}/${path}`);
  test.skipIf(!isThere)(isThere ? name : `${name} (there is no ${PUBLIC}/${path})`, () =>
    run(openDataFolder(PUBLIC)),
  );
}

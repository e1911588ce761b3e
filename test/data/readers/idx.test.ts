// IDX files, packed and not, and those that are not what they say.
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readIdx } from "../../../src/data/readers/idx.js";

/** Header and numbers of an IDX file. */
function idx(type: number, shape: readonly number[], numbers: readonly number[] = []): Uint8Array {
  const header = shape.flatMap((length) => [length >>> 24, length >>> 16, length >>> 8, length]);
  return Uint8Array.of(0, 0, type, shape.length, ...header, ...numbers);
}

test("bytes are read as they are, packed by gzip or not", async () => {
  const file = idx(8, [2, 3], [1, 2, 3, 4, 5, 255]);
  for (const bytes of [file, new Uint8Array(gzipSync(file))]) {
    const { shape, data } = await readIdx(bytes, "images");
    expect([shape, [...data], data.constructor]).toEqual([[2, 3], [1, 2, 3, 4, 5, 255], Uint8Array]);
  }
});

test("other types are read big-endian: short, int, float, double", async () => {
  expect([...(await readIdx(idx(9, [2], [254, 3]), "f")).data]).toEqual([-2, 3]);
  expect([...(await readIdx(idx(11, [2], [255, 254, 1, 0]), "f")).data]).toEqual([-2, 256]);
  expect([...(await readIdx(idx(12, [1], [0, 1, 0, 2]), "f")).data]).toEqual([65538]);
  expect([...(await readIdx(idx(13, [1], [0xc0, 0x20, 0, 0]), "f")).data]).toEqual([-2.5]);
  expect([...(await readIdx(idx(14, [1], [0xc0, 0x04, 0, 0, 0, 0, 0, 0]), "f")).data]).toEqual([-2.5]);
});

test("files that are cut short, too long or no IDX at all are refused", async () => {
  await expect(readIdx(idx(8, [2, 3], [1, 2]), "images")).rejects.toThrow(
    "images has 2 bytes after its header, which says 2 x 3 numbers, 6 bytes. Download it again.",
  );
  await expect(readIdx(idx(8, [2, 3]).subarray(0, 9), "images")).rejects.toThrow(
    "images is cut short: it ends after 9 bytes, inside of its header. Download it again.",
  );
  await expect(readIdx(new TextEncoder().encode("<html>"), "images")).rejects.toThrow(
    'images is no IDX file: it begins with the bytes "3c 68 74 6d", expected 00 00, a type from 08 to 0e and the number of axes.',
  );
  await expect(readIdx(new Uint8Array(0), "images")).rejects.toThrow(
    'images is no IDX file: it begins with the bytes "", expected 00 00, a type from 08 to 0e and the number of axes.',
  );
  const packed = new Uint8Array(gzipSync(idx(8, [4000], Array(4000).fill(7))));
  await expect(readIdx(packed.subarray(0, packed.length - 12), "images.gz")).rejects.toThrow(
    /^images\.gz is no whole gzip file: .+\. Download it again\.$/,
  );
});

test("a header that claims 10 GB, and a file that unpacks to far more than is read, are refused at once", async () => {
  await expect(readIdx(idx(8, [100_000, 316, 316], [1]), "images")).rejects.toThrow(
    "images says that it holds 100000 x 316 x 316 numbers, more than the 268435456 bytes that are read.",
  );
  const bomb = new Uint8Array(gzipSync(new Uint8Array(2 ** 28 + 2 ** 20)));
  const before = process.memoryUsage().rss;
  await expect(readIdx(bomb, "bomb.gz")).rejects.toThrow(
    "bomb.gz unpacks to more than the 268436480 bytes that are expected. Download it again.",
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(7e8);
}, 20_000);

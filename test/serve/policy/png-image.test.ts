import { deflateSync } from "node:zlib";
import { decode, encode } from "fast-png";
import { expect, test } from "vitest";
import { readPng } from "../../../src/serve/policy/png-image.js";

/** A chunk; nobody looks at its checksum here. */
function chunk(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content, Buffer.alloc(4)]);
}

function png(
  width: number,
  height: number,
  kind: readonly [number, number, number],
  rows: Uint8Array,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([kind[0], kind[1], 0, 0, kind[2]], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows);
  const half = data.length >> 1;
  return Buffer.concat([
    ...[signature, chunk("IHDR", header), chunk("tEXt", Buffer.from("Title\0x"))],
    ...[
      chunk("IDAT", data.subarray(0, half)),
      chunk("IDAT", data.subarray(half)),
      chunk("IEND", Buffer.alloc(0)),
    ],
  ]);
}

const RGB = [8, 2, 0] as const;

test("each of PNG's five filters is undone, as another decoder does it", () => {
  // rows of 3 pixels, the first byte of each its filter: none, left, up, average, Paeth
  const rows = Uint8Array.from(
    [0, 1, 2].flatMap((part) =>
      [0, 1, 2, 3, 4].flatMap((filter) => [
        filter,
        ...Array.from({ length: 9 }, (_, k) => (91 * k + 53 * filter + 17 * part) % 256),
      ]),
    ),
  );
  const file = png(3, 15, RGB, rows);
  const { bytes, shape } = readPng("front", file, { height: 15, width: 3 });
  expect(shape).toEqual([15, 3, 3]);
  const theirs = decode(file);
  expect(theirs.channels).toBe(3);
  expect(bytes).toEqual(Uint8Array.from(theirs.data));
});

test("the fourth channel of RGBA is dropped", () => {
  const data = Uint8Array.from([1, 2, 3, 255, 4, 5, 6, 0]);
  const file = Buffer.from(encode({ width: 2, height: 1, data, channels: 4, depth: 8 }));
  expect(readPng("front", file, { height: 1, width: 2 }).bytes).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test("what is no picture of the expected size and kind is refused, and a bomb takes no memory", () => {
  const rows = Uint8Array.from([0, 1, 2, 3, 4, 5, 6]);
  const right = png(2, 1, RGB, rows);
  const refused = (file: Buffer, size = { height: 1, width: 2 }) => {
    try {
      return [...readPng("front", file, size).bytes];
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused(right)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(refused(Buffer.from("GIF89a"))).toBe('"front" is no PNG.');
  expect(refused(right.subarray(0, -13))).toBe('"front" is a PNG cut short.');
  expect(refused(right, { height: 2, width: 1 })).toBe('"front" has 2 x 1 pixels, expected 1 x 2.');
  expect(refused(png(2, 1, [16, 2, 0], rows))).toBe(
    '"front" has 16 bits, colour type 2, expected PNG of 8 bits, RGB or RGBA, not interlaced.',
  );
  expect(refused(png(2, 1, [8, 2, 1], rows))).toBe(
    '"front" has 8 bits, colour type 2, interlaced, expected PNG of 8 bits, RGB or RGBA, not interlaced.',
  );
  expect(refused(png(2, 1, RGB, rows.subarray(0, 4)))).toBe(
    '"front" is a damaged PNG: it holds 4 bytes, expected 7.',
  );
  expect(refused(png(2, 1, RGB, Uint8Array.from([5, 0, 0, 0, 0, 0, 0])))).toBe(
    '"front" is a damaged PNG: row 0 has the filter 5.',
  );
  const bomb = png(2, 1, RGB, new Uint8Array(2 ** 26));
  expect(bomb.length).toBeLessThan(2 ** 17);
  const before = process.memoryUsage().arrayBuffers;
  expect(refused(bomb)).toBe('"front" is a damaged PNG: Cannot create a Buffer larger than 7 bytes.');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
});

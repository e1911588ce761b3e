// PNG pictures of every form, and files that are none.
import { deflateSync } from "node:zlib";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { readPng, readPngForm } from "../../../src/data/readers/png.js";

/** A chunk with its checksum. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  let crc = 0xffffffff;
  for (const byte of bytes.subarray(4, 8 + data.length)) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  view.setUint32(8 + data.length, ~crc >>> 0);
  return bytes;
}

interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly isInterlaced?: boolean;
  readonly chunks?: readonly Uint8Array[];
  /** Lines, each after the number of its filter. */
  readonly raw: Uint8Array;
}

function png({
  width,
  height,
  depth,
  colorType,
  isInterlaced = false,
  chunks = [],
  raw,
}: PngParts): Uint8Array {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([depth, colorType, 0, 0, isInterlaced ? 1 : 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const parts = [
    signature,
    chunk("IHDR", header),
    ...chunks,
    chunk("IDAT", new Uint8Array(deflateSync(raw))),
    chunk("IEND", new Uint8Array(0)),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const pixelsOf = async (bytes: Uint8Array) => {
  const { width, height, channels, pixels } = await readPng(bytes, "a.png");
  expect(readPngForm(bytes, "a.png")).toEqual({ width, height, channels });
  return [width, height, channels, [...pixels]];
};

test("grey, colour, and both with transparency are read as grey and colour", async () => {
  const bytes = (channels: number, data: number[]) =>
    encode({ width: 2, height: 1, channels, data: Uint8Array.from(data) });
  expect(await pixelsOf(bytes(1, [7, 200]))).toEqual([2, 1, 1, [7, 200]]);
  expect(await pixelsOf(bytes(2, [7, 255, 200, 0]))).toEqual([2, 1, 1, [7, 200]]);
  expect(await pixelsOf(bytes(3, [1, 2, 3, 4, 5, 6]))).toEqual([2, 1, 3, [1, 2, 3, 4, 5, 6]]);
  expect(await pixelsOf(bytes(4, [1, 2, 3, 9, 4, 5, 6, 9]))).toEqual([2, 1, 3, [1, 2, 3, 4, 5, 6]]);
});

test("16 bits become 8, and fewer their share of 255", async () => {
  const deep = encode({
    width: 3,
    height: 1,
    channels: 1,
    depth: 16,
    data: Uint16Array.of(0, 257 * 99 + 3, 65535),
  });
  expect(await pixelsOf(deep)).toEqual([3, 1, 1, [0, 99, 255]]);
  // two lines of three pixels of 2 bits: 0 1 2 and 3 0 3
  const shallow = png({
    width: 3,
    height: 2,
    depth: 2,
    colorType: 0,
    raw: Uint8Array.of(0, 0b00011000, 0, 0b11001100),
  });
  expect(await pixelsOf(shallow)).toEqual([3, 2, 1, [0, 85, 170, 255, 0, 255]]);
});

test("palettes become their colours", async () => {
  const palette = chunk("PLTE", Uint8Array.of(10, 20, 30, 40, 50, 60));
  const bytes = png({
    width: 2,
    height: 2,
    depth: 1,
    colorType: 3,
    chunks: [palette],
    raw: Uint8Array.of(0, 0b01000000, 0, 0b10000000),
  });
  expect(await pixelsOf(bytes)).toEqual([2, 2, 3, [10, 20, 30, 40, 50, 60, 40, 50, 60, 10, 20, 30]]);
});

test("files that are no PNG, cut short or damaged are refused by name", async () => {
  const whole = encode({
    width: 9,
    height: 9,
    channels: 1,
    data: Uint8Array.from({ length: 81 }, (_, k) => 3 * k),
  });
  const refused = (bytes: Uint8Array) => readPng(bytes, "a.png").catch((error: Error) => error.message);
  expect(await refused(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe(
    'a.png is no PNG: it begins with the bytes "ff d8 ff e0". Convert it to PNG.',
  );
  expect(await refused(new Uint8Array(0))).toBe(
    'a.png is no PNG: it begins with the bytes "". Convert it to PNG.',
  );
  for (const length of [8, 20, 33, 50, whole.length - 5])
    expect(await refused(whole.slice(0, length))).toBe(
      "a.png is no whole PNG: it is cut short. Copy it again.",
    );
  const flipped = whole.slice();
  flipped[whole.length - 25]! ^= 0xff;
  expect(await refused(flipped)).toMatch(/^a\.png is no whole PNG: .+\. Copy it again\.$/);
  expect(
    await refused(png({ width: 2, height: 3, depth: 8, colorType: 0, raw: Uint8Array.of(0, 1, 2) })),
  ).toMatch(/^a\.png is no whole PNG: .+\. Copy it again\.$/);
  expect(
    await refused(
      png({ width: 2, height: 1, depth: 1, colorType: 0, isInterlaced: true, raw: Uint8Array.of(0, 1) }),
    ),
  ).toBe("a.png is an interlaced PNG of 1 bits, which is not read. Save it without interlacing.");
  expect(await refused(png({ width: 2, height: 1, depth: 3, colorType: 0, raw: Uint8Array.of(0, 1) }))).toBe(
    "a.png is no whole PNG: its depth is 3 and its colour type 0. Copy it again.",
  );
});

test("a header that claims 10 GB, and pixels that unpack to far more than there are, are refused at once", async () => {
  const claim = png({ width: 100_000, height: 100_000, depth: 8, colorType: 0, raw: Uint8Array.of(0) });
  await expect(readPng(claim, "a.png")).rejects.toThrow(
    "a.png says that it has 100000 x 100000 pixels, more than the 16777216 that are read.",
  );
  const bomb = png({ width: 4, height: 4, depth: 8, colorType: 0, raw: new Uint8Array(2 ** 27) });
  await expect(readPng(bomb, "a.png")).rejects.toThrow(
    "a.png is no whole PNG: it unpacks to more than the 20 bytes of its pixels. Copy it again.",
  );
}, 20_000);

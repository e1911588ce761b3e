// PNG pictures as 8-bit grey or colour, by fast-png. Nothing in the file is trusted: sizes are bounded before memory is taken.
import { convertIndexedToRgb, decode } from "fast-png";
import { UsageError } from "../../math/usage-error.js";

/** A picture in memory. */
export interface Picture {
  /** Columns, pixels. */
  readonly width: number;
  /** Rows, pixels. */
  readonly height: number;
  /** 1: grey, 3: red, green, blue. */
  readonly channels: number;
  /** Row-major, 0 to 255. [height, width, channels] */
  readonly pixels: Uint8Array;
}

/** What the first chunk says. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly isInterlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Most pixels of a picture. */
const MOST_PIXELS = 2 ** 24;
/** Numbers of a pixel by the colour type: grey, -, colour, palette, grey and alpha, -, colour and alpha. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];
const PALETTE = 3;
/** Chunks that make the picture; profiles and texts are not unpacked. */
const NEEDED = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
/** Packed data that is unpacked without counting first, bytes: deflate packs at most a thousand times. */
const SMALL = 2 ** 12;

/**
 * Read a PNG: palettes become colours, 16 bits 8, fewer than 8 their share of 255; transparency is left out.
 *
 * @throws UsageError that names `file` where it is no PNG, damaged, cut short, or has more than 2^24 pixels.
 * @example
 * const { width, height, channels, pixels } = await readPng(bytes, "parts/good/1.png");
 */
export async function readPng(bytes: Uint8Array, file: string): Promise<Picture> {
  const { header, packed, essential } = chunksOf(bytes, file);
  const { width, height, depth, colorType } = header;
  const raw = height * (1 + Math.ceil((width * depth * SAMPLES[colorType]!) / 8));
  // each of the seven passes of an interlaced picture has lines of its own
  await requireSize(packed, header.isInterlaced ? 2 * raw + 64 : raw, file);
  try {
    const decoded = decode(essential, { checkCrc: true });
    if (decoded.data.length === 0) throw new Error("it has no pixels");
    if (colorType === PALETTE) {
      const colors = convertIndexedToRgb(decoded);
      return plain(header, colors, colors.length / (width * height));
    }
    return plain(header, eightBits(decoded.data, header), SAMPLES[colorType]!);
  } catch (error) {
    throw damaged(file, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Return what a PNG's header says of its size, and whether it is grey (1) or colour (3); nothing else of the file is looked at.
 *
 * @throws UsageError as `readPng`.
 */
export function readPngForm(bytes: Uint8Array, file: string): Omit<Picture, "pixels"> {
  const { width, height, colorType } = chunksOf(bytes, file).header;
  return { width, height, channels: colorType === PALETTE || SAMPLES[colorType]! > 2 ? 3 : 1 };
}

function damaged(file: string, reason: string): UsageError {
  return new UsageError(`${file} is no whole PNG: ${reason}. Copy it again.`);
}

/** The header, the packed pixels, and the file without what is not needed. */
function chunksOf(
  bytes: Uint8Array,
  file: string,
): { header: Header; packed: readonly Uint8Array[]; essential: Uint8Array } {
  if (SIGNATURE.some((byte, k) => bytes[k] !== byte)) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new UsageError(`${file} is no PNG: it begins with the bytes "${start}". Convert it to PNG.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const needed: Uint8Array[] = [bytes.subarray(0, 8)];
  const packed: Uint8Array[] = [];
  let header: Header | undefined;
  for (let at = 8; ; ) {
    const end = at + 12 + (at + 8 <= bytes.length ? view.getUint32(at) : 0);
    if (end > bytes.length) throw damaged(file, "it is cut short");
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((type === "IHDR") !== (header === undefined))
      throw damaged(file, "it does not begin with one header");
    header ??= headerOf(new DataView(view.buffer, view.byteOffset + at + 8, end - at - 12), file);
    if (NEEDED.includes(type)) needed.push(bytes.subarray(at, end));
    if (type === "IDAT") packed.push(bytes.subarray(at + 8, end - 4));
    if (type === "IEND") return { header, packed, essential: joined(needed) };
    at = end;
  }
}

function headerOf(view: DataView, file: string): Header {
  if (view.byteLength !== 13) throw damaged(file, `its header has ${view.byteLength} bytes, expected 13`);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colorType] = [view.getUint8(8), view.getUint8(9)];
  const isInterlaced = view.getUint8(12) !== 0;
  if (width * height > MOST_PIXELS)
    throw new UsageError(
      `${file} says that it has ${width} x ${height} pixels, more than the ${MOST_PIXELS} that are read.`,
    );
  if (width * height === 0) throw damaged(file, `it has ${width} x ${height} pixels`);
  if (![1, 2, 4, 8, 16].includes(depth) || !SAMPLES[colorType])
    throw damaged(file, `its depth is ${depth} and its colour type ${colorType}`);
  if (isInterlaced && depth < 8)
    throw new UsageError(
      `${file} is an interlaced PNG of ${depth} bits, which is not read. Save it without interlacing.`,
    );
  return { width, height, depth, colorType, isInterlaced };
}

/** Check that packed pixels are no more than a picture of their size has. */
async function requireSize(packed: readonly Uint8Array[], largest: number, file: string): Promise<void> {
  if (packed.reduce((sum, { length }) => sum + length, 0) <= SMALL) return;
  const stream = new Blob(packed as Uint8Array<ArrayBuffer>[])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  let length = 0;
  for (;;) {
    const part = await reader.read().catch((error: unknown) => {
      throw damaged(file, error instanceof Error ? error.message : String(error));
    });
    if (part.done) return;
    length += part.value.length;
    if (length <= largest) continue;
    await reader.cancel();
    throw damaged(file, `it unpacks to more than the ${largest} bytes of its pixels`);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Samples of any depth as 8 bits; those of fewer than 8 are packed, each line from a byte on. */
function eightBits(data: ArrayLike<number>, { width, height, depth, colorType }: Header): Uint8Array {
  if (depth === 8) return Uint8Array.from(data);
  if (depth === 16) return Uint8Array.from(data, (value) => Math.round(value / 257));
  const perLine = width * SAMPLES[colorType]!;
  const bytesPerLine = Math.ceil((perLine * depth) / 8);
  const most = 2 ** depth - 1;
  const samples = new Uint8Array(height * perLine);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < perLine; x++) {
      const bit = x * depth;
      const value = (data[y * bytesPerLine + (bit >> 3)]! >> (8 - depth - (bit & 7))) & most;
      samples[y * perLine + x] = (255 * value) / most;
    }
  return samples;
}

/** Leave out transparency. */
function plain({ width, height }: Header, samples: Uint8Array, count: number): Picture {
  const channels = count < 3 ? 1 : 3;
  if (count === channels) return { width, height, channels, pixels: samples };
  const pixels = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let c = 0; c < channels; c++) pixels[pixel * channels + c] = samples[pixel * count + c]!;
  return { width, height, channels, pixels };
}

// Pictures that arrive as PNG: read without taking more memory than a picture of the expected size has.
import { inflateSync } from "node:zlib";
import { UsageError } from "../../math/usage-error.js";
import type { GivenImage } from "./observed.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes per pixel by PNG's colour type: RGB, RGBA. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };
const RGB = 3;
/** Length, type and checksum of a chunk, bytes. */
const CHUNK_BYTES = 12;

/** A picture's size, pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/**
 * Return a PNG's pixels, [height, width, 3]; the fourth channel of RGBA is dropped.
 *
 * Throws a UsageError that calls it `name` where it is no PNG, of another size or kind than 8 bits per channel, RGB or RGBA, not
 * interlaced, or damaged.
 */
export function readPng(name: string, file: Buffer, { height, width }: Size): GivenImage {
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new UsageError(`"${name}" is no PNG.`);
  const { header, data } = chunksOf(name, file);
  const [w, h] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, , , interlace] = header.subarray(8);
  if (w !== width || h !== height)
    throw new UsageError(`"${name}" has ${w} x ${h} pixels, expected ${width} x ${height}.`);
  const size = PIXEL_BYTES[colour!];
  if (depth !== 8 || size === undefined || interlace !== 0)
    throw new UsageError(
      `"${name}" has ${depth} bits, colour type ${colour}${interlace ? ", interlaced" : ""}, expected PNG of 8 bits, RGB or RGBA, not interlaced.`,
    );
  const bytes = unfiltered(name, inflated(name, data, height * (1 + width * size)), { height, width }, size);
  return { bytes: size === RGB ? bytes : withoutAlpha(bytes), shape: [height, width, RGB] };
}

/** Find the header and the compressed data; text, colour profiles and the rest are passed over. */
function chunksOf(name: string, file: Buffer): { readonly header: Buffer; readonly data: Buffer } {
  let header: Buffer | undefined;
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at + CHUNK_BYTES <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    const content = file.subarray(at + 8, at + 8 + length);
    if (at + CHUNK_BYTES + length > file.length) break;
    if (type === "IHDR" && length === 13) header = content;
    if (type === "IDAT") data.push(content);
    if (type === "IEND" && header) return { header, data: Buffer.concat(data) };
    at += CHUNK_BYTES + length;
  }
  throw new UsageError(`"${name}" is a PNG cut short.`);
}

function inflated(name: string, data: Buffer, size: number): Buffer {
  let rows: Buffer;
  try {
    rows = inflateSync(data, { maxOutputLength: size });
  } catch (error) {
    throw new UsageError(`"${name}" is a damaged PNG: ${(error as Error).message}.`);
  }
  if (rows.length === size) return rows;
  throw new UsageError(`"${name}" is a damaged PNG: it holds ${rows.length} bytes, expected ${size}.`);
}

/** Undo the filters of the rows: see https://www.w3.org/TR/png-3/#9Filters. */
function unfiltered(name: string, rows: Buffer, { height, width }: Size, size: number): Uint8Array {
  const stride = width * size;
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const predict = PREDICTORS[rows[from]!];
    if (!predict) throw new UsageError(`"${name}" is a damaged PNG: row ${y} has the filter ${rows[from]}.`);
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < size ? 0 : out[at - size]!;
      const up = y === 0 ? 0 : out[at - stride]!;
      const corner = x < size || y === 0 ? 0 : out[at - stride - size]!;
      out[at] = rows[from + 1 + x]! + predict(left, up, corner);
    }
  }
  return out;
}

const PREDICTORS: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/** The one of the three that is nearest to their plane. */
function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function withoutAlpha(pixels: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((pixels.length / 4) * RGB);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += RGB) {
    rgb[to] = pixels[from]!;
    rgb[to + 1] = pixels[from + 1]!;
    rgb[to + 2] = pixels[from + 2]!;
  }
  return rgb;
}

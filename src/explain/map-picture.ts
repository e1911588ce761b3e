// Maps and rows as pictures: what counts over a grey or coloured picture, and heat maps of series.
import { encode } from "fast-png";

/** Height and width, pixels. */
type Size = readonly [height: number, width: number];

/** The viewer's colours of what speaks for a number, and against it. */
const [FOR, AGAINST] = [
  [217, 102, 31],
  [47, 134, 214],
] as const;
/** What a heat map has where nothing counts. */
const EVEN = 245;
/** Share of the picture that is covered where a map is greatest. */
const STRONGEST = 0.9;
/** Share of a map's numbers that are at most as great as what is drawn in full. */
const FULL_SHARE = 0.99;

/**
 * Turn a row of an image into colours [height * width * 3]: bytes as they are, other numbers from their least to their greatest; one
 * channel and two are grey.
 */
export function pictureColors(
  values: ArrayLike<number>,
  [height, width]: Size,
  channels: number,
  isBytes: boolean,
): Uint8Array {
  const [low, high] = isBytes ? [0, 255] : rangeOf(values);
  const factor = high > low ? 255 / (high - low) : 0;
  const colors = new Uint8Array(height * width * 3);
  for (let place = 0; place < height * width; place++)
    for (let c = 0; c < 3; c++) {
      const channel = channels < 3 ? 0 : c;
      colors[3 * place + c] = Math.round((values[place * channels + channel]! - low) * factor);
    }
  return colors;
}

/** Lay a map over colours of its size: orange where it is positive, blue where it is negative, stronger where it is greater. */
export function overlayColors(colors: Uint8Array, map: Float32Array): Uint8Array {
  const full = fullStrength(map);
  return colors.map((value, k) => {
    const weight = map[Math.floor(k / 3)]!;
    const share = STRONGEST * Math.min(1, Math.abs(weight) / full);
    const color = (weight < 0 ? AGAINST : FOR)[k % 3]!;
    return Math.round(value + share * (color - value));
  });
}

/** Colour a map by itself: white where nothing counts. */
export function heatColors(map: Float32Array): Uint8Array {
  return overlayColors(new Uint8Array(3 * map.length).fill(EVEN), map);
}

/** Turn [height, width] into [width, height]: steps of a series go across. */
export function transposed(map: Float32Array, [height, width]: Size): Float32Array {
  return Float32Array.from(map, (_, k) => map[(k % height) * width + Math.floor(k / height)]!);
}

/** Write colours as a PNG in the text that a page holds it by. */
export function dataUri(colors: Uint8Array, [height, width]: Size): string {
  const file = encode({ width, height, channels: 3, data: colors });
  let text = "";
  for (const byte of file) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}

/** The magnitude that is drawn in full: few numbers are greater; of a map of zeros 1. */
function fullStrength(map: Float32Array): number {
  const sorted = map.map(Math.abs).sort();
  const most = sorted[sorted.length - 1]!;
  return sorted[Math.floor(FULL_SHARE * (sorted.length - 1))]! || most || 1;
}

function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) {
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  return [low, high];
}

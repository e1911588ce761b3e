// A film as an MP4 file: H.264 by an encoder in WebAssembly.

import type { PictureDone } from "./encode-gif.js";
import type { Film } from "./film.js";

/** H.264's quantisation parameter, 10 (large, exact) to 51: words stay sharp. */
const QUANTIZATION = 22;
/** Between whole pictures, s: players jump to those. */
const WHOLE_PICTURE_EVERY = 1;

/** Encode a film. */
export async function encodeMp4(film: Film, pictureDone: PictureDone): Promise<Uint8Array> {
  const { width, height, fps, numPictures } = film;
  const wholeEvery = WHOLE_PICTURE_EVERY * fps;
  const { default: library } = await import("h264-mp4-encoder");
  const encoder = await library.createH264MP4Encoder();
  try {
    Object.assign(encoder, {
      width,
      height,
      frameRate: fps,
      quantizationParameter: QUANTIZATION,
      groupOfPictures: wholeEvery,
    });
    encoder.initialize();
    const rgba = new Uint8Array(4 * width * height).fill(255);
    for (let index = 0; index < numPictures; index++) {
      const rgb = film.draw(index);
      for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
        rgba[to] = rgb[from]!;
        rgba[to + 1] = rgb[from + 1]!;
        rgba[to + 2] = rgb[from + 2]!;
      }
      encoder.addFrameRgba(rgba);
      await pictureDone(index + 1);
    }
    encoder.finalize();
    return mended(encoder.FS.readFile(encoder.outputFilename), wholeEvery);
  } finally {
    encoder.delete();
  }
}

/** Boxes that hold others, on the way to those that are mended. */
const CONTAINERS = ["moov", "trak", "mdia", "minf", "stbl"];
const WITH_TIMES = ["mvhd", "tkhd", "mdhd"];
/** Size and type. */
const HEADER = 8;

/**
 * Return an MP4 file that does not say when it was made, so that the same film is the same bytes, and says that each
 * `wholeEvery`-th picture is a whole one: without, players jump to any and show what they make of its changes.
 */
export function mended(file: Uint8Array, wholeEvery: number): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const boxes: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const end = at + view.getUint32(at);
    const type = new TextDecoder("latin1").decode(file.subarray(at + 4, at + HEADER));
    const content = file.slice(at + HEADER, end);
    if (CONTAINERS.includes(type)) boxes.push(box(type, mended(content, wholeEvery)));
    else if (WITH_TIMES.includes(type)) boxes.push(box(type, content.fill(0, 4, content[0] === 1 ? 20 : 12)));
    else boxes.push(file.subarray(at, end));
    // how long each sample lasts: runs of a count and a duration
    if (type === "stts") boxes.push(syncSamples(countOfRuns(content), wholeEvery));
    at = end;
  }
  return joined(boxes);
}

function countOfRuns(content: Uint8Array): number {
  const view = new DataView(content.buffer, content.byteOffset);
  const runs = Array.from({ length: view.getUint32(4) }, (_, run) => view.getUint32(8 + 8 * run));
  return runs.reduce((sum, count) => sum + count, 0);
}

/** The box that lists the samples which are whole pictures, counted from 1. */
function syncSamples(count: number, wholeEvery: number): Uint8Array {
  const listed = Math.ceil(count / wholeEvery);
  const content = new DataView(new ArrayBuffer(8 + 4 * listed));
  content.setUint32(4, listed);
  for (let k = 0; k < listed; k++) content.setUint32(8 + 4 * k, 1 + k * wholeEvery);
  return box("stss", new Uint8Array(content.buffer));
}

function box(type: string, content: Uint8Array): Uint8Array {
  const whole = new Uint8Array(HEADER + content.length);
  new DataView(whole.buffer).setUint32(0, whole.length);
  whole.set(new TextEncoder().encode(type), 4);
  whole.set(content, HEADER);
  return whole;
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
